package org.apache.heron.framework.storage;

import org.apache.heron.proto.framework.FrameworkRecords;

/** What is wanted of a topology or a container. */
public enum Goal {
  /** It shall run. */
  RUN,
  /** It shall run, a container with a new task in place of its present one. */
  RENEW,
  /** It shall be killed and its records removed. */
  REMOVE;

  FrameworkRecords.Goal toProto() {
    return switch (this) {
      case RUN -> FrameworkRecords.Goal.GOAL_RUN;
      case RENEW -> FrameworkRecords.Goal.GOAL_RENEW;
      case REMOVE -> FrameworkRecords.Goal.GOAL_REMOVE;
    };
  }

  static Goal fromProto(FrameworkRecords.Goal goal) {
    return switch (goal) {
      case GOAL_RUN -> RUN;
      case GOAL_RENEW -> RENEW;
      case GOAL_REMOVE -> REMOVE;
    };
  }
}
