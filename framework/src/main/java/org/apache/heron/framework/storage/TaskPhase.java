package org.apache.heron.framework.storage;

import org.apache.heron.proto.framework.FrameworkRecords;

/** Where a task on record is in its life; one that has ended is no longer on record. */
public enum TaskPhase {
  /** The intent to launch is on record; the agent may or may not know the task. */
  LAUNCHING,
  /** Mesos has it; the agent fetches or starts it. */
  STAGING,
  /** Its executor runs, the command does not yet. */
  STARTING,
  /** It runs. */
  RUNNING,
  /** It was asked to end. */
  KILLING,
  /** Its agent is cut off; it may still run. */
  UNREACHABLE;

  FrameworkRecords.TaskPhase toProto() {
    return switch (this) {
      case LAUNCHING -> FrameworkRecords.TaskPhase.PHASE_LAUNCHING;
      case STAGING -> FrameworkRecords.TaskPhase.PHASE_STAGING;
      case STARTING -> FrameworkRecords.TaskPhase.PHASE_STARTING;
      case RUNNING -> FrameworkRecords.TaskPhase.PHASE_RUNNING;
      case KILLING -> FrameworkRecords.TaskPhase.PHASE_KILLING;
      case UNREACHABLE -> FrameworkRecords.TaskPhase.PHASE_UNREACHABLE;
    };
  }

  static TaskPhase fromProto(FrameworkRecords.TaskPhase phase) {
    return switch (phase) {
      case PHASE_LAUNCHING -> LAUNCHING;
      case PHASE_STAGING -> STAGING;
      case PHASE_STARTING -> STARTING;
      case PHASE_RUNNING -> RUNNING;
      case PHASE_KILLING -> KILLING;
      case PHASE_UNREACHABLE -> UNREACHABLE;
    };
  }
}
