package org.apache.heron.framework.simulation;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/** The truth of one task: what its agent knows, whatever master and scheduler believe. */
final class Copy {
  /** Where the truth is. */
  enum Being {
    /** The master has taken the launch; the agent does not have it, or never will. */
    ON_ITS_WAY,
    /** The agent has it: it is being prepared or runs. */
    LIVE,
    /** It has ended, or will never be. */
    DEAD
  }

  final String id;
  final int container;
  final String framework;
  final SimAgent agent;
  final Holding holding;
  final Deque<TaskStatus> unacknowledged = new ArrayDeque<>();
  Being being = Being.ON_ITS_WAY;
  TaskState state = TaskState.TASK_STAGING;

  /** A scheduler has sent a KILL for it, or a TEARDOWN of its framework. */
  boolean killAsked;

  /** The agent has begun to kill it. */
  boolean dying;

  /** When the command began to run; negative before. */
  long ranFrom = -1;

  /** When it ended, if it has. */
  long endedAt;

  long updates;
  long sent;
  Agenda.Entry resend;

  Copy(String id, int container, String framework, SimAgent agent, Holding holding) {
    this.id = id;
    this.container = container;
    this.framework = framework;
    this.agent = agent;
    this.holding = holding;
  }

  boolean isLive() {
    return being == Being.LIVE;
  }

  /** The latest state that the agent has come to, in the order of its updates. */
  ByteString nextUuid() {
    updates++;
    return ByteString.copyFromUtf8(id + "#" + updates);
  }

  static boolean isTerminal(TaskState state) {
    return switch (state) {
      case TASK_STAGING,
          TASK_STARTING,
          TASK_RUNNING,
          TASK_KILLING,
          TASK_UNREACHABLE,
          TASK_UNKNOWN ->
          false;
      case TASK_FINISHED,
          TASK_FAILED,
          TASK_KILLED,
          TASK_ERROR,
          TASK_LOST,
          TASK_DROPPED,
          TASK_GONE,
          TASK_GONE_BY_OPERATOR ->
          true;
    };
  }

  @Override
  public String toString() {
    return id;
  }
}
