package org.apache.heron.minicluster.master;

import java.time.Instant;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Event;

/** The statuses of which the master itself is the source: without uuid, never acknowledged. */
final class Statuses {
  private Statuses() {}

  static TaskStatus.Builder of(
      TaskID task, TaskState state, TaskStatus.Reason reason, String message, Instant now) {
    return TaskStatus.newBuilder()
        .setTaskId(task)
        .setState(state)
        .setMessage(message)
        .setSource(TaskStatus.Source.SOURCE_MASTER)
        .setReason(reason)
        .setTimestamp(ClusterState.seconds(now));
  }

  static TaskStatus.Builder of(
      TaskID task,
      AgentID agent,
      TaskState state,
      TaskStatus.Reason reason,
      String message,
      Instant now) {
    return of(task, state, reason, message, now).setAgentId(agent);
  }

  /** The state as a framework knows it: those that came with PARTITION_AWARE are LOST to others. */
  static TaskState forFramework(Framework framework, TaskState state) {
    if (framework.isPartitionAware()) {
      return state;
    }
    return switch (state) {
      case TASK_DROPPED, TASK_UNREACHABLE, TASK_GONE, TASK_GONE_BY_OPERATOR, TASK_UNKNOWN ->
          TaskState.TASK_LOST;
      case TASK_STAGING,
          TASK_STARTING,
          TASK_RUNNING,
          TASK_KILLING,
          TASK_FINISHED,
          TASK_FAILED,
          TASK_KILLED,
          TASK_ERROR,
          TASK_LOST ->
          state;
    };
  }

  static Event event(TaskStatus status) {
    return Event.newBuilder()
        .setType(Event.Type.UPDATE)
        .setUpdate(Event.Update.newBuilder().setStatus(status))
        .build();
  }
}
