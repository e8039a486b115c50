package org.apache.heron.minicluster.master;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/** A task as the master knows it. Owned by the master's thread. */
final class Task {
  private static final Set<TaskState> TERMINAL =
      Set.of(
          TaskState.TASK_FINISHED,
          TaskState.TASK_FAILED,
          TaskState.TASK_KILLED,
          TaskState.TASK_ERROR,
          TaskState.TASK_LOST,
          TaskState.TASK_DROPPED,
          TaskState.TASK_GONE,
          TaskState.TASK_GONE_BY_OPERATOR);

  private final FrameworkID framework;
  private final TaskInfo info;
  private final Resources resources;
  private final List<TaskStatus> statuses = new ArrayList<>();
  private TaskState state;
  private Optional<TaskState> updateState = Optional.empty();
  private ByteString updateUuid = ByteString.EMPTY;

  Task(FrameworkID framework, TaskInfo info, TaskState state) {
    this.framework = framework;
    this.info = info;
    this.resources = Resources.of(info.getResourcesList());
    this.state = state;
  }

  static boolean isTerminal(TaskState state) {
    return TERMINAL.contains(state);
  }

  TaskID id() {
    return info.getTaskId();
  }

  AgentID agent() {
    return info.getAgentId();
  }

  FrameworkID framework() {
    return framework;
  }

  TaskInfo info() {
    return info;
  }

  Resources resources() {
    return resources;
  }

  /** The newest state of which the master knows; may be ahead of what the framework was told. */
  TaskState state() {
    return state;
  }

  /** The state that the framework was told last, or the newest if it was told none. */
  TaskState toldState() {
    return updateState.orElse(state);
  }

  Optional<TaskState> updateState() {
    return updateState;
  }

  ByteString updateUuid() {
    return updateUuid;
  }

  List<TaskStatus> statuses() {
    return statuses;
  }

  /** True if it still holds its resources. */
  boolean holdsResources() {
    return !isTerminal(state);
  }

  /** Takes over a status that is on its way to the framework. */
  void update(TaskStatus status, TaskState latest) {
    if (!isTerminal(state)) {
      state = latest;
    }
    updateState = Optional.of(status.getState());
    updateUuid = status.getUuid();
    TaskStatus kept = status.toBuilder().clearData().build();
    if (!statuses.isEmpty() && statuses.get(statuses.size() - 1).getState() == kept.getState()) {
      statuses.remove(statuses.size() - 1);
    }
    statuses.add(kept);
  }

  /** Ends in a state of which only the master speaks, such as unreachable or gone. */
  void end(TaskState newState) {
    state = newState;
    updateState = Optional.empty();
    updateUuid = ByteString.EMPTY;
  }

  /** True if this acknowledgement is of the last status, and that is the end of the task. */
  boolean isFinishedBy(ByteString acknowledged) {
    return updateUuid.equals(acknowledged) && updateState.filter(Task::isTerminal).isPresent();
  }

  /** The latest status, of which reconciliation repeats container and health. */
  Optional<TaskStatus> latestStatus() {
    return statuses.isEmpty() ? Optional.empty() : Optional.of(statuses.get(statuses.size() - 1));
  }
}
