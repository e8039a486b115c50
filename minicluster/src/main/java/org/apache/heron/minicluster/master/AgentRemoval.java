package org.apache.heron.minicluster.master;

import java.time.Instant;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.TimeInfo;
import org.apache.mesos.v1.scheduler.Protos.Event;

/** Takes agents out, and tells the frameworks what that means for their tasks. */
final class AgentRemoval {
  private final ClusterState state;
  private final Offers offers;

  AgentRemoval(ClusterState state, Offers offers) {
    this.state = state;
    this.offers = offers;
  }

  /** An agent is silent: its tasks may run on, nobody knows. */
  void unreachable(Agent agent, String why) {
    Instant now = state.now();
    long since = ClusterState.nanoseconds(now);
    state.rememberUnreachable(
        agent.id(), new ClusterState.UnreachableAgent(Optional.of(agent.link()), since));
    takeOut(agent);
    state.agents.remove(agent.id());
    for (Task task : state.tasksOn(agent.id())) {
      Framework framework = state.frameworks.get(task.framework());
      framework.tasks().remove(task.id());
      framework.rememberUnreachable(new Framework.UnreachableTask(task, since));
      if (task.holdsResources()) {
        TaskState told = Statuses.forFramework(framework, TaskState.TASK_UNREACHABLE);
        task.end(told);
        framework.send(
            Statuses.event(
                Statuses.of(
                        task.id(),
                        task.agent(),
                        told,
                        TaskStatus.Reason.REASON_AGENT_REMOVED,
                        why,
                        now)
                    .setUnreachableTime(TimeInfo.newBuilder().setNanoseconds(since))
                    .build()));
      }
    }
    tellFailure(agent.id());
  }

  /** The operator says that an agent is gone for good. */
  void gone(Agent agent) {
    state.rememberGone(agent.id());
    takeOut(agent);
    state.agents.remove(agent.id());
    for (Task task : state.tasksOn(agent.id())) {
      lost(
          task,
          TaskState.TASK_GONE_BY_OPERATOR,
          TaskStatus.Reason.REASON_AGENT_REMOVED_BY_OPERATOR,
          "Agent has been marked gone");
    }
    tellFailure(agent.id());
    agent.link().shutdown("Agent has been marked gone");
  }

  /** An agent that was unreachable is gone for good: so are its tasks. */
  void unreachableGone(AgentID id) {
    state.rememberGone(id);
    for (Framework framework : state.frameworks.values()) {
      framework
          .unreachableTasks()
          .values()
          .removeIf(
              unreachable -> {
                boolean here = unreachable.task().agent().equals(id);
                if (here) {
                  lost(
                      unreachable.task(),
                      TaskState.TASK_GONE_BY_OPERATOR,
                      TaskStatus.Reason.REASON_AGENT_REMOVED_BY_OPERATOR,
                      "Agent has been marked gone");
                }
                return here;
              });
    }
    tellFailure(id);
  }

  /** An agent leaves in order. */
  void unregistered(Agent agent) {
    removed(agent, "Agent " + agent.info().getHostname() + " unregistered");
  }

  /** An agent is sent away; it may come back as if it were new. */
  void sentAway(Agent agent, String why) {
    agent.link().shutdown(why);
    removed(agent, why);
  }

  private void removed(Agent agent, String why) {
    takeOut(agent);
    state.removed(agent.id());
    for (Task task : state.tasksOn(agent.id())) {
      lost(task, TaskState.TASK_GONE, TaskStatus.Reason.REASON_AGENT_REMOVED, why);
    }
    tellFailure(agent.id());
  }

  private void takeOut(Agent agent) {
    offers.rescindAll(agent.id());
    offers.filters().clear(agent.id());
  }

  /** Ends a task of which no agent will speak any more. */
  void lost(Task task, TaskState newState, TaskStatus.Reason reason, String message) {
    Framework framework = state.frameworks.get(task.framework());
    TaskState told = Statuses.forFramework(framework, newState);
    boolean ended = Task.isTerminal(task.state());
    task.end(told);
    framework.complete(task);
    if (!ended) {
      framework.send(
          Statuses.event(
              Statuses.of(task.id(), task.agent(), told, reason, message, state.now()).build()));
    }
  }

  private void tellFailure(AgentID id) {
    Event failure =
        Event.newBuilder()
            .setType(Event.Type.FAILURE)
            .setFailure(Event.Failure.newBuilder().setAgentId(id))
            .build();
    state.frameworks.values().forEach(framework -> framework.send(failure));
  }
}
