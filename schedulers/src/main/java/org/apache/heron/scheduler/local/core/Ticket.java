package org.apache.heron.scheduler.local.core;

/** Stands for somebody who waits for an answer. */
public record Ticket(long number) {}
