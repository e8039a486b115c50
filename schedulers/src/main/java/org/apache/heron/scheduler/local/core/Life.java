package org.apache.heron.scheduler.local.core;

/** Where a container is in its life. The names are those of {@code SchedulerStatus}. */
public enum Life {
  /** It has no process, and is to get one now. */
  WAITING,
  /** It has no process, because the last ones failed; it gets one later. */
  BACKING_OFF,
  /** Its process runs, and does not answer yet. */
  STARTING,
  /** Its process runs and has answered. */
  RUNNING,
  /** Its process was asked to end. */
  KILLING;

  /** True if it has a process. */
  public boolean hasProcess() {
    return switch (this) {
      case WAITING, BACKING_OFF -> false;
      case STARTING, RUNNING, KILLING -> true;
    };
  }
}
