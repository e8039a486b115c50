package org.apache.heron.framework.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;

/** The master's view of the agents (recordings agent-lost, agent-gone, master-failover). */
final class MasterAgents {
  /** Five pings of 15 s. */
  private static final long PING_PATIENCE = 75_000;

  /** --agent_reregister_timeout. */
  private static final long REREGISTER_PATIENCE = 600_000;

  private final World world;
  private final Map<String, View> views = new LinkedHashMap<>();

  /** Agents that a new master has read from its registry and not seen yet. */
  private final Set<String> recovering = new HashSet<>();

  private final Set<String> gone = new HashSet<>();

  /** An agent that is, or was, registered. */
  private static final class View {
    final SimAgent agent;
    final Set<String> missedKills = new HashSet<>();
    boolean connected = true;
    boolean unreachable;
    Agenda.Entry silence;

    View(SimAgent agent) {
      this.agent = agent;
    }
  }

  MasterAgents(World world) {
    this.world = world;
  }

  void forgetAll(boolean keepsRegistry) {
    recovering.clear();
    for (View view : views.values()) {
      if (keepsRegistry && !view.unreachable) {
        recovering.add(view.agent.id);
      }
      heard(view);
    }
    views.clear();
  }

  /** A new master leads: agents find it in their own time. */
  void lead() {
    int incarnation = world.master.incarnation;
    for (SimAgent agent : world.agents) {
      agent.registerSoon(20_000);
    }
    world.agenda.after(
        REREGISTER_PATIENCE,
        () -> {
          if (world.master.isUp(incarnation)) {
            recovering.clear();
          }
        });
  }

  List<SimAgent> registered() {
    return views.values().stream()
        .filter(view -> view.connected && !view.unreachable)
        .map(view -> view.agent)
        .toList();
  }

  boolean isRegistered(SimAgent agent) {
    View view = views.get(agent.id);
    return view != null && view.connected && !view.unreachable;
  }

  void register(SimAgent agent) {
    if (gone.contains(agent.id)) {
      agent.shutDown();
      return;
    }
    View view = views.computeIfAbsent(agent.id, id -> new View(agent));
    boolean returned = view.unreachable;
    recovering.remove(agent.id);
    view.connected = true;
    view.unreachable = false;
    heard(view);
    world.master.offers.rescind(agent, false);
    world.timeline.add("master", () -> agent + " has registered");
    adopt(agent, returned);
    for (String task : view.missedKills) {
      agent.told(world.master.incarnation, () -> agent.kill(task));
    }
    view.missedKills.clear();
    world.master.maintenance.tellDrain(agent);
    agent.resumeUpdates();
    world.master.offers.allocateSoon();
  }

  private static void heard(View view) {
    if (view.silence != null) {
      view.silence.cancel();
      view.silence = null;
    }
  }

  private void adopt(SimAgent agent, boolean returned) {
    Set<String> hosted = new HashSet<>();
    for (Copy copy : agent.hosted()) {
      hosted.add(copy.id);
      if (world.master.completed.contains(copy.framework)) {
        agent.told(world.master.incarnation, () -> agent.shutDownFramework(copy.framework));
        continue;
      }
      SimFramework framework =
          world.master.frameworks.computeIfAbsent(copy.framework, this::recovered);
      if (!framework.tasks.containsKey(copy.id)) {
        adopt(framework, copy, returned);
      }
    }
    for (SimFramework framework : world.master.frameworks.values()) {
      for (SimFramework.Known known : new ArrayList<>(framework.tasks.values())) {
        if (known.copy.agent == agent && !hosted.contains(known.copy.id)) {
          lost(
              framework,
              known,
              TaskState.TASK_GONE,
              TaskStatus.Reason.REASON_RECONCILIATION,
              "Task is unknown to the agent");
        }
      }
    }
  }

  private SimFramework recovered(String id) {
    FrameworkInfo info =
        FrameworkInfo.newBuilder()
            .setUser("someone")
            .setName("recovered")
            .setId(FrameworkID.newBuilder().setValue(id))
            .setFailoverTimeout(world.history.setting().failoverTimeout().toMillis() / 1000.0)
            .build();
    SimFramework framework = new SimFramework(id, info);
    world.master.startFailover(framework);
    return framework;
  }

  private static void adopt(SimFramework framework, Copy copy, boolean returned) {
    SimFramework.Known known = new SimFramework.Known(copy, copy.state);
    framework.unreachable.remove(copy.id);
    framework.tasks.put(copy.id, known);
    if (known.holdsResources()) {
      framework.send(
          Master.update(
              copy.id,
              copy.agent.id,
              copy.state,
              TaskStatus.Reason.REASON_AGENT_REREGISTERED,
              returned ? "Unreachable agent re-reregistered" : "Unknown agent reregistered"));
    }
  }

  /** The agent has fallen silent; a connection that breaks is noticed at once. */
  void silent(SimAgent agent, boolean noticed) {
    View view = views.get(agent.id);
    if (view == null || view.unreachable) {
      return;
    }
    if (noticed) {
      view.connected = false;
      world.master.offers.rescind(agent, true);
    }
    heard(view);
    view.silence = world.agenda.after(PING_PATIENCE, () -> unreachable(view));
  }

  private void unreachable(View view) {
    SimAgent agent = view.agent;
    world.timeline.add("master", () -> agent + " is unreachable");
    view.unreachable = true;
    view.connected = false;
    view.missedKills.clear();
    world.master.offers.rescind(agent, true);
    for (SimFramework framework : world.master.frameworks.values()) {
      for (SimFramework.Known known : new ArrayList<>(framework.tasks.values())) {
        if (known.copy.agent == agent) {
          framework.tasks.remove(known.copy.id);
          framework.unreachable.put(known.copy.id, known);
          if (known.holdsResources()) {
            framework.send(
                Master.update(
                    known.copy.id,
                    agent.id,
                    TaskState.TASK_UNREACHABLE,
                    TaskStatus.Reason.REASON_AGENT_REMOVED,
                    "health check timed out"));
          }
        }
      }
    }
    tellFailure(agent);
  }

  /** The operator says that the agent is gone for good, and vouches for its tasks. */
  void markGone(SimAgent agent) {
    gone.add(agent.id);
    agent.vouchedGone = true;
    View view = views.remove(agent.id);
    if (view != null) {
      heard(view);
    }
    world.master.offers.rescind(agent, true);
    for (SimFramework framework : world.master.frameworks.values()) {
      List<SimFramework.Known> all = new ArrayList<>(framework.tasks.values());
      all.addAll(framework.unreachable.values());
      for (SimFramework.Known known : all) {
        if (known.copy.agent == agent) {
          framework.unreachable.remove(known.copy.id);
          lost(
              framework,
              known,
              TaskState.TASK_GONE_BY_OPERATOR,
              TaskStatus.Reason.REASON_AGENT_REMOVED_BY_OPERATOR,
              "Agent has been marked gone");
        }
      }
    }
    tellFailure(agent);
    agent.told(world.master.incarnation, agent::shutDown);
  }

  private void lost(
      SimFramework framework,
      SimFramework.Known known,
      TaskState state,
      TaskStatus.Reason reason,
      String message) {
    boolean ended = Copy.isTerminal(known.state);
    framework.tasks.remove(known.copy.id);
    neverArrived(known.copy);
    if (!ended) {
      framework.send(Master.update(known.copy.id, known.copy.agent.id, state, reason, message));
    }
  }

  /** A launch that was lost on its way to the agent is not going to be repeated. */
  void neverArrived(Copy copy) {
    if (copy.being == Copy.Being.ON_ITS_WAY) {
      copy.being = Copy.Being.DEAD;
    }
  }

  private void tellFailure(SimAgent agent) {
    Event failure =
        Event.newBuilder()
            .setType(Event.Type.FAILURE)
            .setFailure(
                Event.Failure.newBuilder().setAgentId(AgentID.newBuilder().setValue(agent.id)))
            .build();
    world.master.frameworks.values().forEach(framework -> framework.send(failure));
  }

  // --- tasks ---

  void updated(SimAgent agent, Copy copy, TaskStatus status) {
    SimFramework framework = world.master.frameworks.get(copy.framework);
    if (framework == null || !isRegistered(agent)) {
      return;
    }
    framework.send(Master.update(status));
    SimFramework.Known known = framework.tasks.get(copy.id);
    if (known != null) {
      known.state = copy.state;
      known.last = Optional.of(status);
      if (Copy.isTerminal(copy.state)) {
        world.master.offers.allocateSoon();
      }
    }
  }

  void acknowledge(SimFramework framework, Call.Acknowledge call) {
    View view = views.get(call.getAgentId().getValue());
    if (view == null || !view.connected || view.unreachable) {
      return;
    }
    String task = call.getTaskId().getValue();
    SimFramework.Known known = framework.tasks.get(task);
    if (known != null
        && known.last.filter(last -> last.getUuid().equals(call.getUuid())).isPresent()
        && Copy.isTerminal(known.last.get().getState())) {
      framework.tasks.remove(task);
    }
    view.agent.told(world.master.incarnation, () -> view.agent.acknowledged(task, call.getUuid()));
  }

  void kill(Copy copy) {
    View view = views.get(copy.agent.id);
    if (view != null && view.connected) {
      copy.agent.told(world.master.incarnation, () -> copy.agent.kill(copy.id));
    } else if (view != null) {
      view.missedKills.add(copy.id);
    }
  }

  /** What the master says of a task that it does not know; nothing while its agent may return. */
  Optional<TaskState> stateOfUnknownTask(String agent) {
    if (recovering.contains(agent)) {
      return Optional.empty();
    }
    if (gone.contains(agent)) {
      return Optional.of(TaskState.TASK_GONE_BY_OPERATOR);
    }
    View view = views.get(agent);
    if (view == null) {
      return Optional.of(TaskState.TASK_UNKNOWN);
    }
    return Optional.of(view.unreachable ? TaskState.TASK_UNREACHABLE : TaskState.TASK_GONE);
  }
}
