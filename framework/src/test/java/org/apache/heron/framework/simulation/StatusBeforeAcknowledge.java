package org.apache.heron.framework.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.storage.TaskPhase;
import org.apache.heron.framework.storage.TaskRecord;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** 3. Status is durable before ACKNOWLEDGE. */
final class StatusBeforeAcknowledge extends Promise {
  private final Map<String, TaskState> told = new HashMap<>();

  StatusBeforeAcknowledge(World world) {
    super(world);
  }

  @Override
  void receives(SchedulerProcess process, Event event) {
    if (event instanceof Event.TaskUpdated updated) {
      updated
          .update()
          .uuid()
          .ifPresent(uuid -> told.put(uuid.toStringUtf8(), updated.update().state()));
    }
  }

  @Override
  void sends(SchedulerProcess process, Call call) {
    if (call.getType() != Call.Type.ACKNOWLEDGE) {
      return;
    }
    String task = call.getAcknowledge().getTaskId().getValue();
    TaskState state = told.get(call.getAcknowledge().getUuid().toStringUtf8());
    if (state == null) {
      broken(process + " acknowledges what it was never told of " + task);
      return;
    }
    new TaskId(task)
        .container()
        .flatMap(id -> Optional.ofNullable(world.zooKeeper.containers().get(id.value())))
        .flatMap(record -> record.task())
        .filter(record -> record.taskId().equals(task))
        .ifPresent(record -> compare(process, record, state));
  }

  private void compare(SchedulerProcess process, TaskRecord record, TaskState state) {
    boolean known =
        switch (state) {
          case TASK_STAGING -> true;
          case TASK_STARTING ->
              record.phase() != TaskPhase.LAUNCHING && record.phase() != TaskPhase.STAGING;
          case TASK_RUNNING, TASK_KILLING ->
              record.phase() == TaskPhase.RUNNING
                  || record.phase() == TaskPhase.KILLING
                  || record.phase() == TaskPhase.UNREACHABLE;
          case TASK_UNREACHABLE, TASK_UNKNOWN -> true;
          case TASK_FINISHED,
              TASK_FAILED,
              TASK_KILLED,
              TASK_ERROR,
              TASK_LOST,
              TASK_DROPPED,
              TASK_GONE,
              TASK_GONE_BY_OPERATOR ->
              false;
        };
    require(
        known,
        process
            + " acknowledges "
            + state
            + " of "
            + record.taskId()
            + ", which is on record as "
            + record.phase());
  }
}
