package org.apache.heron.scheduler.local.core;

/**
 * Which process: ids are given anew, so that only both together say it.
 *
 * @param pid of the process
 * @param birth when it was started, in a form that no change of the clock touches
 */
public record ProcessMark(long pid, String birth) {}
