package org.apache.heron.minicluster.master;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.minicluster.protocol.AgentLink;
import org.apache.heron.minicluster.protocol.MasterLink.RunningTask;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;

/**
 * How agents come, fall silent, return; and what they say of tasks. Used on the master's thread.
 */
final class AgentLife {
  /** How often {@link #checkPings} is to be called. */
  static final Duration PING_CHECK = Duration.ofMillis(200);

  /** Between two of its calls: beyond it, it was the master that did not run. */
  private static final Duration PAUSE = PING_CHECK.multipliedBy(3);

  private final ClusterState state;
  private final MasterOptions options;
  private final Offers offers;
  private final FrameworkLife frameworks;
  private final Maintenance maintenance;
  private final AgentRemoval removal;
  private Optional<Instant> lastCheck = Optional.empty();

  AgentLife(
      ClusterState state,
      MasterOptions options,
      Offers offers,
      FrameworkLife frameworks,
      Maintenance maintenance,
      AgentRemoval removal) {
    this.state = state;
    this.options = options;
    this.offers = offers;
    this.frameworks = frameworks;
    this.maintenance = maintenance;
    this.removal = removal;
  }

  void register(
      AgentInfo info,
      Resources total,
      AgentLink link,
      List<FrameworkInfo> hosted,
      List<RunningTask> tasks) {
    if (maintenance.isDown(info)) {
      link.shutdown("Machine is `DOWN`");
      return;
    }
    if (!info.hasId() || info.getId().getValue().isEmpty()) {
      Optional<Agent> admitted = over(link);
      if (admitted.isPresent()) {
        // It has asked twice before it was answered: Mesos, too, repeats the answer.
        link.registered(admitted.get().id());
        return;
      }
      AgentInfo named = info.toBuilder().setId(state.newAgentId()).build();
      Agent agent = new Agent(named, total, link, state.now());
      state.agents.put(agent.id(), agent);
      state.admit(agent.id());
      welcome(agent);
      return;
    }
    if (state.goneAgents.containsKey(info.getId())) {
      link.shutdown("Agent has been marked gone");
      return;
    }
    Agent known = state.agents.get(info.getId());
    Return kind = kind(info.getId());
    state.admit(info.getId());
    if (known != null) {
      known.reconnect(info, total, link, state.now());
      offers.rescindAll(known.id());
    } else {
      known = new Agent(info, total, link, state.now());
      state.agents.put(known.id(), known);
    }
    Agent agent = known;
    adopt(agent, hosted, tasks, kind);
    welcome(agent);
    Map<TaskID, KillPolicy> kills = state.missedKills.remove(agent.id());
    if (kills != null) {
      state.tasksOn(agent.id()).stream()
          .filter(task -> kills.containsKey(task.id()))
          .forEach(
              task ->
                  link.killTask(task.framework(), task.id(), Optional.of(kills.get(task.id()))));
    }
    agent.drain().ifPresent(drain -> link.drain(drain.getConfig()));
  }

  /** What an agent that registers again was to this master. */
  private enum Return {
    /** Known, or known to the master before and waited for. */
    EXPECTED,
    /** Silent too long. */
    UNREACHABLE,
    /** Never heard of. */
    UNKNOWN
  }

  private Return kind(AgentID id) {
    if (state.unreachableAgents.containsKey(id)) {
      return Return.UNREACHABLE;
    }
    return state.agents.containsKey(id) || state.recoveredAgents.contains(id)
        ? Return.EXPECTED
        : Return.UNKNOWN;
  }

  private void welcome(Agent agent) {
    agent.link().registered(agent.id());
    agent.setUnavailability(maintenance.unavailability(agent.info()));
    offers.allocate();
  }

  /** Compares what the agent runs with what the master knows, and tells the frameworks. */
  private void adopt(
      Agent agent, List<FrameworkInfo> hosted, List<RunningTask> tasks, Return kind) {
    for (FrameworkInfo info : hosted) {
      if (state.isCompleted(info.getId())) {
        agent.link().shutdownFramework(info.getId());
      } else if (!state.frameworks.containsKey(info.getId())) {
        Framework recovered = new Framework(info, true, state.now());
        state.frameworks.put(info.getId(), recovered);
        frameworks.startFailoverTimer(recovered);
      }
    }
    Set<TaskID> running = new HashSet<>();
    for (RunningTask task : tasks) {
      running.add(task.task().getTaskId());
      state.framework(task.framework()).ifPresent(f -> adopt(f, task, kind));
    }
    for (Task task : state.tasksOn(agent.id())) {
      if (!running.contains(task.id())) {
        removal.lost(
            task,
            TaskState.TASK_GONE,
            TaskStatus.Reason.REASON_RECONCILIATION,
            "Task is unknown to the agent");
      }
    }
  }

  private void adopt(Framework framework, RunningTask running, Return kind) {
    Task known = framework.tasks().get(running.task().getTaskId());
    if (known != null) {
      return;
    }
    Task task = new Task(framework.id(), running.task(), running.latest().getState());
    if (running.latest().hasTaskId()) {
      task.update(running.latest(), running.latest().getState());
    }
    framework.unreachableTasks().remove(task.id());
    framework.tasks().put(task.id(), task);
    // Of an agent that the master expected, nothing is told: whoever wants to know reconciles.
    if (kind == Return.EXPECTED || !framework.isPartitionAware() || !task.holdsResources()) {
      return;
    }
    TaskStatus.Builder status =
        Statuses.of(
            task.id(),
            task.agent(),
            task.state(),
            TaskStatus.Reason.REASON_AGENT_REREGISTERED,
            // Mesos' own spelling (agent-lost.jsonl).
            kind == Return.UNREACHABLE
                ? "Unreachable agent re-reregistered"
                : "Unknown agent reregistered",
            state.now());
    task.latestStatus().ifPresent(last -> Reconciliation.repeat(last, status));
    framework.send(Statuses.event(status.build()));
  }

  void ping(AgentID id) {
    state.agent(id).filter(Agent::isConnected).ifPresent(agent -> agent.heard(state.now()));
    ClusterState.UnreachableAgent away = state.unreachableAgents.get(id);
    if (away != null && state.askedToReturn.add(id)) {
      away.link().ifPresent(AgentLink::registerAgain);
    }
  }

  /**
   * Finds the agents that have been silent too long. While the master itself did not run (its
   * process was stopped, or the machine was) it could not hear them: that time is not counted.
   */
  void checkPings() {
    Instant now = state.now();
    lastCheck
        .map(last -> Duration.between(last, now))
        .filter(pause -> pause.compareTo(PAUSE) > 0)
        .ifPresent(pause -> state.excuse(pause.minus(PING_CHECK)));
    lastCheck = Optional.of(now);
    state.giveUpRecovered();
    Duration patience = options.agentPingTimeout().multipliedBy(options.maxAgentPingTimeouts());
    for (Agent agent : List.copyOf(state.agents.values())) {
      if (agent.lastHeard().plus(patience).isBefore(now)) {
        removal.unreachable(agent, "health check timed out");
      }
    }
  }

  /** The line over which an agent registered has ended; it may have begun another meanwhile. */
  void streamEnded(AgentLink link) {
    over(link).ifPresent(agent -> disconnected(agent.id()));
  }

  private Optional<Agent> over(AgentLink link) {
    return state.agents.values().stream()
        .filter(agent -> agent.isConnected() && agent.link() == link)
        .findFirst();
  }

  void disconnected(AgentID id) {
    state
        .agent(id)
        .ifPresent(
            agent -> {
              agent.disconnect();
              offers.rescindAll(id);
              for (Task task : state.tasksOn(id)) {
                boolean checkpointed =
                    state
                        .framework(task.framework())
                        .map(framework -> framework.info().getCheckpoint())
                        .orElse(false);
                if (!checkpointed && task.holdsResources()) {
                  removal.lost(
                      task,
                      TaskState.TASK_LOST,
                      TaskStatus.Reason.REASON_AGENT_DISCONNECTED,
                      "Agent " + agent.info().getHostname() + " disconnected");
                }
              }
            });
  }

  void unregister(AgentID id) {
    state.agent(id).ifPresent(agent -> removal.unregistered(agent));
  }

  /** A status on its way from an agent to its framework. */
  void statusUpdate(AgentID from, FrameworkID id, TaskStatus status, TaskState latest) {
    Agent agent = state.agents.get(from);
    Framework framework = state.frameworks.get(id);
    if (agent == null || framework == null) {
      return;
    }
    agent.heard(state.now());
    // While the scheduler is away the agent keeps the update, and sends it again.
    framework.send(Statuses.event(status));
    Task task = framework.tasks().get(status.getTaskId());
    if (task != null) {
      task.update(status, latest);
      maintenance.taskEnded(agent);
    }
  }

  void acknowledge(Framework framework, Call.Acknowledge call) {
    Agent agent = state.agents.get(call.getAgentId());
    if (agent == null || !agent.isConnected()) {
      return;
    }
    Task task = framework.tasks().get(call.getTaskId());
    if (task != null && task.isFinishedBy(call.getUuid())) {
      framework.complete(task);
    }
    agent.link().acknowledge(framework.id(), call.getTaskId(), call.getUuid());
    maintenance.taskEnded(agent);
  }

  /** Kills a task now, or as soon as its agent is back. */
  void kill(Task task, Optional<KillPolicy> policy) {
    Agent agent = state.agents.get(task.agent());
    if (agent != null && agent.isConnected()) {
      agent.link().killTask(task.framework(), task.id(), policy);
    } else {
      state
          .missedKills
          .computeIfAbsent(task.agent(), id -> new HashMap<>())
          .put(task.id(), policy.orElse(KillPolicy.getDefaultInstance()));
    }
  }
}
