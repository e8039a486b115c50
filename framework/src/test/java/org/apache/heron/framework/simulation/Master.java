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
import org.apache.mesos.v1.Protos.MasterInfo;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;

/**
 * The masters, one after the other. It answers as the recordings of a real one show (failover,
 * failover-timeout, master-failover, task-failures, bad-calls); what it knows of frameworks and
 * tasks is lost with it.
 */
final class Master {
  final MasterOffers offers;
  final MasterAgents agents;
  final MasterMaintenance maintenance;
  final Map<String, SimFramework> frameworks = new LinkedHashMap<>();

  /**
   * Frameworks that were removed. A real master forgets them when it fails over, and then lets a
   * removed framework return; here they stay removed, so that what a kill leaves behind is judged
   * without that gap of Mesos'.
   */
  final Set<String> completed = new HashSet<>();

  int incarnation = 1;

  /** Until then every subscription is refused. */
  long refusingUntil;

  private final World world;
  private boolean up = true;
  private int registered;

  Master(World world) {
    this.world = world;
    offers = new MasterOffers(world);
    agents = new MasterAgents(world);
    maintenance = new MasterMaintenance(world);
  }

  boolean isUp() {
    return up;
  }

  boolean isUp(int thatOne) {
    return up && incarnation == thatOne;
  }

  /** This master dies, and another leads after a while, who knows nothing of tasks. */
  void failOver(long away, boolean keepsRegistry) {
    if (!up) {
      return;
    }
    up = false;
    for (SimFramework framework : frameworks.values()) {
      framework.stopFailover();
      framework.stream.ifPresent(Wire.Stream::lost);
    }
    frameworks.clear();
    offers.forgetAll();
    maintenance.forgetAsked();
    agents.forgetAll(keepsRegistry);
    world.agenda.after(
        away,
        () -> {
          incarnation++;
          up = true;
          world.timeline.add("master", () -> "number " + incarnation + " leads");
          agents.lead();
        });
  }

  // --- subscriptions ---

  void subscribe(FrameworkInfo asked, Wire.Stream stream) {
    String id = asked.getId().getValue();
    if (world.agenda.now() < refusingUntil) {
      stream.fail("Framework is not authorized to use its roles");
      return;
    }
    if (completed.contains(id)) {
      stream.fail("Framework has been removed");
      return;
    }
    FrameworkInfo info = asked;
    if (id.isEmpty()) {
      id = "framework-" + ++registered;
      info = asked.toBuilder().setId(FrameworkID.newBuilder().setValue(id)).build();
    }
    SimFramework framework = frameworks.get(id);
    if (framework == null) {
      framework = new SimFramework(id, info);
      frameworks.put(id, framework);
    }
    boolean wasConnected = framework.isConnected();
    framework.stream.ifPresent(old -> old.fail("Framework failed over"));
    offers.takeBackAll(framework);
    framework.info = info;
    framework.stopFailover();
    framework.suppressed = false;
    framework.stream = Optional.of(stream);
    if (!wasConnected) {
      framework.filters.clear();
    }
    String given = id;
    world.timeline.add("master", () -> "takes " + given + " from " + stream.owner());
    framework.send(
        Event.newBuilder()
            .setType(Event.Type.SUBSCRIBED)
            .setSubscribed(
                Event.Subscribed.newBuilder()
                    .setFrameworkId(framework.info.getId())
                    .setHeartbeatIntervalSeconds(15)
                    .setMasterInfo(
                        MasterInfo.newBuilder()
                            .setId("m" + incarnation)
                            .setIp(0)
                            .setPort(5050)
                            .setHostname("master")))
            .build());
    offers.allocateSoon();
  }

  /** The connection has broken, and the master has noticed. */
  void streamEnded(Wire.Stream stream) {
    for (SimFramework framework : frameworks.values()) {
      if (framework.stream.filter(current -> current == stream).isPresent()) {
        framework.stream = Optional.empty();
        offers.takeBackAll(framework);
        startFailover(framework);
      }
    }
  }

  void startFailover(SimFramework framework) {
    framework.stopFailover();
    long timeout = (long) (framework.info.getFailoverTimeout() * 1000);
    framework.failover =
        world.agenda.after(
            timeout,
            () -> {
              if (!framework.isConnected() && frameworks.get(framework.id) == framework) {
                world.timeline.add("master", () -> framework.id + " was away too long");
                remove(framework);
              }
            });
  }

  /** TEARDOWN, or too long away. */
  void remove(SimFramework framework) {
    framework.stopFailover();
    offers.takeBackAll(framework);
    world.timeline.add("master", () -> "removes " + framework.id);
    frameworks.remove(framework.id);
    completed.add(framework.id);
    for (Copy copy : world.copies.values()) {
      if (copy.framework.equals(framework.id)) {
        // Whoever removes a framework ends its tasks: Mesos sees to it.
        copy.killAsked = true;
        agents.neverArrived(copy);
      }
    }
    for (SimAgent agent : agents.registered()) {
      agent.told(incarnation, () -> agent.shutDownFramework(framework.id));
    }
    framework.stream.ifPresent(Wire.Stream::lost);
  }

  // --- calls ---

  /** False if this is not the framework's subscription. */
  boolean call(Wire.Stream stream, Call call) {
    SimFramework framework = frameworks.get(call.getFrameworkId().getValue());
    if (framework == null || framework.stream.filter(now -> now == stream).isEmpty()) {
      return false;
    }
    switch (call.getType()) {
      case TEARDOWN -> remove(framework);
      case ACCEPT -> offers.accept(framework, call.getAccept());
      case DECLINE -> offers.decline(framework, call.getDecline());
      case REVIVE -> offers.revive(framework);
      case SUPPRESS -> framework.suppressed = true;
      case KILL -> kill(framework, call.getKill());
      case ACKNOWLEDGE -> agents.acknowledge(framework, call.getAcknowledge());
      case RECONCILE -> reconcile(framework, call.getReconcile().getTasksList());
      case UPDATE_FRAMEWORK -> framework.info = call.getUpdateFramework().getFrameworkInfo();
      case ACCEPT_INVERSE_OFFERS ->
          maintenance.answer(
              framework,
              call.getAcceptInverseOffers().getInverseOfferIdsList(),
              call.getAcceptInverseOffers().getFilters());
      case DECLINE_INVERSE_OFFERS ->
          maintenance.answer(
              framework,
              call.getDeclineInverseOffers().getInverseOfferIdsList(),
              call.getDeclineInverseOffers().getFilters());
      default -> throw new IllegalStateException("this world has no " + call.getType());
    }
    return true;
  }

  private void kill(SimFramework framework, Call.Kill kill) {
    String task = kill.getTaskId().getValue();
    SimFramework.Known known = framework.tasks.get(task);
    if (known == null) {
      answer(framework, task, kill.getAgentId().getValue());
    } else {
      agents.kill(known.copy);
    }
  }

  /** Says again what was said last of each task, all in all so many times. */
  void repeat(int updates) {
    for (SimFramework framework : frameworks.values()) {
      List<TaskStatus> last =
          framework.tasks.values().stream().flatMap(known -> known.last.stream()).toList();
      for (int i = 0; i < updates && !last.isEmpty(); i++) {
        framework.send(update(last.get(i % last.size())));
      }
    }
  }

  private void reconcile(SimFramework framework, List<Call.Reconcile.Task> asked) {
    if (asked.isEmpty()) {
      for (SimFramework.Known known : new ArrayList<>(framework.tasks.values())) {
        answer(framework, known.copy.id, known.copy.agent.id);
      }
    }
    for (Call.Reconcile.Task task : asked) {
      answer(framework, task.getTaskId().getValue(), task.getAgentId().getValue());
    }
  }

  private void answer(SimFramework framework, String task, String agent) {
    SimFramework.Known known = framework.tasks.get(task);
    if (known != null) {
      tell(framework, task, known.copy.agent.id, known.state, "Latest task state");
    } else {
      agents
          .stateOfUnknownTask(agent)
          .ifPresent(state -> tell(framework, task, agent, state, "Task is unknown"));
    }
  }

  private static void tell(
      SimFramework framework, String task, String agent, TaskState state, String message) {
    framework.send(
        update(
            task,
            agent,
            state,
            TaskStatus.Reason.REASON_RECONCILIATION,
            "Reconciliation: " + message));
  }

  /** A status of which the master itself is the source: without uuid, never acknowledged. */
  static Event update(
      String task, String agent, TaskState state, TaskStatus.Reason reason, String message) {
    TaskStatus.Builder status =
        TaskStatus.newBuilder()
            .setTaskId(TaskID.newBuilder().setValue(task))
            .setState(state)
            .setSource(TaskStatus.Source.SOURCE_MASTER)
            .setReason(reason)
            .setMessage(message);
    if (!agent.isEmpty()) {
      status.setAgentId(AgentID.newBuilder().setValue(agent));
    }
    return update(status.build());
  }

  static Event update(TaskStatus status) {
    return Event.newBuilder()
        .setType(Event.Type.UPDATE)
        .setUpdate(Event.Update.newBuilder().setStatus(status))
        .build();
  }
}
