package org.apache.heron.minicluster.master;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.TimeInfo;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** What the master answers to RECONCILE. It only reads. */
final class Reconciliation {
  private Reconciliation() {}

  /** Answers for the named tasks; for all that are known if none is named. */
  static List<TaskStatus> answers(
      ClusterState state, Framework framework, List<Call.Reconcile.Task> tasks) {
    Instant now = state.now();
    List<TaskStatus> answers = new ArrayList<>();
    if (tasks.isEmpty()) {
      framework.tasks().values().forEach(task -> answers.add(latest(task, now)));
      return answers;
    }
    for (Call.Reconcile.Task asked : tasks) {
      Optional<AgentID> agent =
          asked.hasAgentId() ? Optional.of(asked.getAgentId()) : Optional.empty();
      if (framework.tasks().containsKey(asked.getTaskId()) || !isInTransition(state, agent)) {
        answers.add(answer(state, framework, asked.getTaskId(), agent));
      }
    }
    return answers;
  }

  /**
   * True if the agent may still come back with the task, so that nothing can be said of it (Mesos,
   * "Reconciliation"; asking again later is the framework's duty).
   */
  private static boolean isInTransition(ClusterState state, Optional<AgentID> agent) {
    return agent
        .map(state.recoveredAgents::contains)
        .orElseGet(() -> !state.recoveredAgents.isEmpty());
  }

  static TaskStatus answer(
      ClusterState state, Framework framework, TaskID id, Optional<AgentID> agent) {
    Instant now = state.now();
    Task known = framework.tasks().get(id);
    if (known != null) {
      return latest(known, now);
    }
    // The agent alone decides (Master::reconcileTasks): a task that was unreachable is gone when
    // its
    // agent is back without it, and unknown to whoever does not name the agent.
    if (agent.isPresent()) {
      ClusterState.UnreachableAgent away = state.unreachableAgents.get(agent.get());
      if (away != null) {
        return unreachable(framework, id, agent.get(), away.sinceNanoseconds(), now);
      }
      if (state.agents.containsKey(agent.get())) {
        return unknown(framework, id, agent, TaskState.TASK_GONE, "unknown to the agent", now);
      }
      if (state.goneAgents.containsKey(agent.get())) {
        return unknown(framework, id, agent, TaskState.TASK_GONE_BY_OPERATOR, "gone", now);
      }
    }
    return unknown(framework, id, agent, TaskState.TASK_UNKNOWN, "unknown", now);
  }

  private static TaskStatus latest(Task task, Instant now) {
    TaskStatus.Builder status =
        reconciled(task.id(), task.toldState(), "Reconciliation: Latest task state", now)
            .setAgentId(task.agent());
    task.latestStatus().ifPresent(last -> repeat(last, status));
    return status.build();
  }

  /** Container, health and check results are told again; uuid and executor are not. */
  static void repeat(TaskStatus last, TaskStatus.Builder status) {
    if (last.hasHealthy()) {
      status.setHealthy(last.getHealthy());
    }
    if (last.hasCheckStatus()) {
      status.setCheckStatus(last.getCheckStatus());
    }
    if (last.hasLabels()) {
      status.setLabels(last.getLabels());
    }
    if (last.hasContainerStatus()) {
      status.setContainerStatus(last.getContainerStatus());
    }
  }

  private static TaskStatus unreachable(
      Framework framework, TaskID task, AgentID agent, long since, Instant now) {
    TaskState state = Statuses.forFramework(framework, TaskState.TASK_UNREACHABLE);
    return reconciled(task, state, "Reconciliation: Task is unreachable", now)
        .setAgentId(agent)
        .setUnreachableTime(TimeInfo.newBuilder().setNanoseconds(since))
        .build();
  }

  private static TaskStatus unknown(
      Framework framework,
      TaskID task,
      Optional<AgentID> agent,
      TaskState state,
      String what,
      Instant now) {
    TaskStatus.Builder status =
        reconciled(
            task, Statuses.forFramework(framework, state), "Reconciliation: Task is " + what, now);
    agent.ifPresent(status::setAgentId);
    return status.build();
  }

  private static TaskStatus.Builder reconciled(
      TaskID task, TaskState state, String message, Instant now) {
    return Statuses.of(task, state, TaskStatus.Reason.REASON_RECONCILIATION, message, now);
  }
}
