package org.apache.heron.framework.storage;

/**
 * Whose records they are: a topology that was submitted again under its name is another one.
 *
 * @param topology name; no slash
 * @param id of the topology as it was submitted
 */
public record Submission(String topology, String id) {}
