package org.apache.heron.framework.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.Attribute;
import org.apache.mesos.v1.Protos.Filters;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.Resource.AllocationInfo;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;

/** The master's offers (recordings offers-lifecycle, invalid-launches). */
final class MasterOffers {
  /** --allocation_interval. */
  private static final long INTERVAL = 1_000;

  private final World world;
  private Agenda.Entry round;
  private long made;

  MasterOffers(World world) {
    this.world = world;
  }

  void forgetAll() {
    if (round != null) {
      round.cancel();
      round = null;
    }
  }

  void allocateSoon() {
    if (round == null) {
      round = world.agenda.after(INTERVAL, this::allocate);
    }
  }

  void allocateAt(long time) {
    world.agenda.at(time, this::allocateSoon);
  }

  private void allocate() {
    round = null;
    if (!world.master.isUp()) {
      return;
    }
    for (SimFramework framework : world.master.frameworks.values()) {
      if (framework.isConnected() && !framework.suppressed) {
        for (SimAgent agent : world.master.agents.registered()) {
          offer(framework, agent);
        }
      }
      if (framework.isConnected()) {
        world.master.maintenance.askBack(framework);
      }
    }
  }

  private void offer(SimFramework framework, SimAgent agent) {
    long now = world.agenda.now();
    if (world.master.maintenance.isDraining(agent)) {
      return;
    }
    if (now < agent.crowdedUntil) {
      allocateAt(agent.crowdedUntil);
      return;
    }
    Holding free = free(agent);
    SimFramework.Filter filter = framework.filters.get(agent.id);
    if (!free.isWorthAnOffer()) {
      return;
    }
    if (filter != null && filter.until() > now && filter.holding().contains(free)) {
      allocateAt(filter.until());
      return;
    }
    String id = "O" + ++made;
    framework.offers.put(id, new SimFramework.Offered(id, agent, free, now));
    world.timeline.add("master", () -> "offers " + id + " of " + agent + ": " + free);
    String role = role(framework);
    Offer.Builder offer =
        Offer.newBuilder()
            .setId(OfferID.newBuilder().setValue(id))
            .setFrameworkId(FrameworkID.newBuilder().setValue(framework.id))
            .setAgentId(AgentID.newBuilder().setValue(agent.id))
            .setHostname(agent.host)
            .setAllocationInfo(AllocationInfo.newBuilder().setRole(role))
            .addAttributes(rack(agent))
            .addAllResources(free.toProto(role));
    world.master.maintenance.window(agent).ifPresent(w -> offer.setUnavailability(w.toProto()));
    framework.send(
        Event.newBuilder()
            .setType(Event.Type.OFFERS)
            .setOffers(Event.Offers.newBuilder().addOffers(offer))
            .build());
  }

  private static Attribute rack(SimAgent agent) {
    return Attribute.newBuilder()
        .setName(Manner.RACK)
        .setType(Value.Type.TEXT)
        .setText(Value.Text.newBuilder().setValue(agent.rack))
        .build();
  }

  private static String role(SimFramework framework) {
    return framework.info.getRolesCount() == 0 ? "*" : framework.info.getRoles(0);
  }

  private Holding free(SimAgent agent) {
    Holding free = agent.total.copy();
    for (SimFramework framework : world.master.frameworks.values()) {
      for (SimFramework.Known known : framework.tasks.values()) {
        if (known.copy.agent == agent && known.holdsResources()) {
          free.subtract(known.copy.holding);
        }
      }
      for (SimFramework.Offered offered : framework.offers.values()) {
        if (offered.agent() == agent) {
          free.subtract(offered.holding());
        }
      }
    }
    return free;
  }

  // --- offers that end ---

  void takeBackAll(SimFramework framework) {
    framework.offers.clear();
    world.master.maintenance.forget(framework);
    allocateSoon();
  }

  /** Takes back what was offered of an agent. */
  void rescind(SimAgent agent, boolean clearFilters) {
    for (SimFramework framework : world.master.frameworks.values()) {
      for (SimFramework.Offered offered : List.copyOf(framework.offers.values())) {
        if (offered.agent() == agent) {
          rescind(framework, offered);
        }
      }
      world.master.maintenance.rescind(framework, agent);
      if (clearFilters) {
        framework.filters.remove(agent.id);
      }
    }
  }

  /** Takes back every offer, as for another framework with a quota. */
  void rescindAll() {
    for (SimFramework framework : world.master.frameworks.values()) {
      List.copyOf(framework.offers.values()).forEach(offered -> rescind(framework, offered));
    }
    allocateSoon();
  }

  private void rescind(SimFramework framework, SimFramework.Offered offered) {
    framework.offers.remove(offered.id());
    world.timeline.add("master", () -> "rescinds " + offered.id());
    framework.send(
        Event.newBuilder()
            .setType(Event.Type.RESCIND)
            .setRescind(
                Event.Rescind.newBuilder().setOfferId(OfferID.newBuilder().setValue(offered.id())))
            .build());
  }

  void revive(SimFramework framework) {
    framework.suppressed = false;
    framework.filters.clear();
    world.master.maintenance.revived(framework);
    allocateSoon();
  }

  void decline(SimFramework framework, Call.Decline decline) {
    for (OfferID id : decline.getOfferIdsList()) {
      SimFramework.Offered offered = framework.offers.remove(id.getValue());
      if (offered != null) {
        refuse(framework, offered.agent(), offered.holding(), decline.getFilters());
      }
    }
    allocateSoon();
  }

  private void refuse(SimFramework framework, SimAgent agent, Holding holding, Filters filters) {
    long wait = Math.max(INTERVAL, (long) (filters.getRefuseSeconds() * 1000));
    framework.filters.put(agent.id, new SimFramework.Filter(holding, world.agenda.now() + wait));
  }

  // --- launches ---

  void accept(SimFramework framework, Call.Accept accept) {
    Map<String, SimFramework.Offered> taken = new LinkedHashMap<>();
    Optional<String> refusal = Optional.empty();
    for (OfferID id : accept.getOfferIdsList()) {
      SimFramework.Offered offered = framework.offers.remove(id.getValue());
      if (offered == null) {
        refusal = Optional.of("Offer " + id.getValue() + " is no longer valid");
      } else {
        taken.put(offered.id(), offered);
      }
    }
    List<TaskInfo> tasks =
        accept.getOperationsList().stream()
            .flatMap(operation -> operation.getLaunch().getTaskInfosList().stream())
            .toList();
    if (refusal.isPresent() || taken.isEmpty()) {
      String why = refusal.orElse("No offers specified");
      tasks.forEach(
          task ->
              refuse(
                  framework,
                  task,
                  TaskState.TASK_DROPPED,
                  TaskStatus.Reason.REASON_INVALID_OFFERS,
                  "Task launched with invalid offers: " + why));
    } else {
      launch(framework, taken.values(), tasks, accept.getFilters());
    }
    allocateSoon();
  }

  private void launch(
      SimFramework framework,
      Collection<SimFramework.Offered> offers,
      List<TaskInfo> tasks,
      Filters filters) {
    SimAgent agent = offers.iterator().next().agent();
    Holding rest = new Holding();
    offers.forEach(offered -> rest.add(offered.holding()));
    List<Copy> launched = new ArrayList<>();
    for (TaskInfo task : tasks) {
      Holding wanted = Holding.of(task.getResourcesList());
      String id = task.getTaskId().getValue();
      if (framework.tasks.containsKey(id)) {
        invalid(framework, task, "Task has duplicate ID: " + id);
      } else if (!task.getAgentId().getValue().equals(agent.id)) {
        invalid(framework, task, "Task uses invalid agent " + task.getAgentId().getValue());
      } else if (!rest.contains(wanted)) {
        world.acceptedTooMuch(id + " takes " + wanted + " of " + rest);
        invalid(framework, task, "Total resources required by task is more than available");
      } else {
        rest.subtract(wanted);
        launched.add(world.launched(framework, task, agent, wanted));
      }
    }
    for (Copy copy : launched) {
      framework.tasks.put(copy.id, new SimFramework.Known(copy, TaskState.TASK_STAGING));
      agent.told(world.master.incarnation, () -> agent.run(copy));
    }
    refuse(framework, agent, rest, filters);
  }

  private static void invalid(SimFramework framework, TaskInfo task, String why) {
    refuse(framework, task, TaskState.TASK_ERROR, TaskStatus.Reason.REASON_TASK_INVALID, why);
  }

  private static void refuse(
      SimFramework framework,
      TaskInfo task,
      TaskState state,
      TaskStatus.Reason reason,
      String why) {
    framework.send(
        Master.update(
            task.getTaskId().getValue(), task.getAgentId().getValue(), state, reason, why));
  }
}
