package org.apache.heron.scheduler.nomad.rest;

/** What came of registering a job. */
public sealed interface Registration {
  /**
   * It is registered.
   *
   * @param warnings of Nomad's about it; may be empty
   */
  record Registered(String warnings) implements Registration {}

  /**
   * It is not what it was when it was read: somebody has changed, removed or registered it since.
   *
   * @param message Nomad's
   */
  record Changed(String message) implements Registration {}
}
