package org.apache.heron.framework.core;

/** Where a container is in its life. The names are shown to users. */
public enum Life {
  /** No copy exists; it waits for an offer that fits. */
  WAITING,
  /** No copy exists; the last one failed, and the next is launched when the back-off has passed. */
  BACKING_OFF,
  /** A copy is on record and its launch is on the way; Mesos has not yet spoken of it. */
  LAUNCHING,
  /** Mesos has accepted the launch: the agent fetches and prepares. */
  STAGING,
  /** The task's executor is up and starts the command. */
  STARTING,
  /** The command runs. */
  RUNNING,
  /**
   * Mesos cannot say: the agent is partitioned, or the master does not know the task (yet, after a
   * fail-over). The copy may be alive; it is replaced when it stays away too long.
   */
  UNREACHABLE,
  /** The copy is to die; the container goes on when Mesos says that it has. */
  KILLING;

  /** True if a copy is on record. */
  public boolean hasTask() {
    return this != WAITING && this != BACKING_OFF;
  }
}
