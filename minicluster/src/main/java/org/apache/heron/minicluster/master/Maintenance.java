package org.apache.heron.minicluster.master;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.DrainInfo;
import org.apache.mesos.v1.Protos.DrainState;
import org.apache.mesos.v1.Protos.Filters;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.InverseOffer;
import org.apache.mesos.v1.Protos.MachineID;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.Unavailability;
import org.apache.mesos.v1.maintenance.Protos.ClusterStatus;
import org.apache.mesos.v1.maintenance.Protos.Schedule;
import org.apache.mesos.v1.maintenance.Protos.Window;
import org.apache.mesos.v1.scheduler.Protos.Event;

/** Maintenance windows with their inverse offers, and draining. Used on the master's thread. */
final class Maintenance {
  private static final String AGENT_IP = "127.0.0.1";

  private final ClusterState state;
  private final MasterOptions options;
  private final Offers offers;
  private final AgentRemoval removal;
  private final Map<Asked, Instant> quietUntil = new HashMap<>();
  private final Map<Asked, Boolean> answers = new HashMap<>();

  private record Asked(FrameworkID framework, AgentID agent) {}

  Maintenance(ClusterState state, MasterOptions options, Offers offers, AgentRemoval removal) {
    this.state = state;
    this.options = options;
    this.offers = offers;
    this.removal = removal;
  }

  /** Replaces the schedule; agents in it are offered with their window, and asked back. */
  void update(Schedule schedule) {
    state.schedule = schedule;
    for (Agent agent : state.agents.values()) {
      Optional<Unavailability> window = unavailability(agent.info());
      if (!window.equals(agent.unavailability())) {
        offers.rescindAll(agent.id());
        forget(agent.id());
        agent.setUnavailability(window);
      }
    }
    offers.allocate();
    askBack();
  }

  Optional<Unavailability> unavailability(AgentInfo agent) {
    return state.schedule.getWindowsList().stream()
        .filter(window -> window.getMachineIdsList().stream().anyMatch(id -> isOn(agent, id)))
        .map(Window::getUnavailability)
        .findFirst();
  }

  /** A machine is known by both, as Mesos does; case does not matter in a hostname. */
  private static boolean isOn(AgentInfo agent, MachineID machine) {
    return machine.getHostname().equalsIgnoreCase(agent.getHostname())
        && machine.getIp().equals(AGENT_IP);
  }

  /** True if the machine of an agent was taken down: it may not register. */
  boolean isDown(AgentInfo agent) {
    return state.downMachines.stream().anyMatch(machine -> isOn(agent, machine));
  }

  private static MachineID folded(MachineID machine) {
    return machine.toBuilder()
        .setHostname(machine.getHostname().toLowerCase(Locale.ROOT))
        .setIp(machine.getIp())
        .build();
  }

  private static String text(MachineID machine) {
    return "Machine '" + MesosJson.print(machine) + "'";
  }

  private Set<MachineID> scheduled() {
    Set<MachineID> machines = new LinkedHashSet<>();
    for (Window window : state.schedule.getWindowsList()) {
      window.getMachineIdsList().forEach(machine -> machines.add(folded(machine)));
    }
    return machines;
  }

  /** Why a schedule cannot be, if so. */
  Optional<String> refusal(Schedule schedule) {
    Set<MachineID> seen = new HashSet<>();
    for (Window window : schedule.getWindowsList()) {
      if (window.getMachineIdsCount() == 0) {
        return Optional.of("List of machines in the maintenance window is empty");
      }
      if (window.getUnavailability().getDuration().getNanoseconds() < 0) {
        return Optional.of("Unavailability 'duration' is negative");
      }
      for (MachineID machine : window.getMachineIdsList()) {
        Optional<String> error = error(machine);
        if (error.isPresent()) {
          return error;
        }
        if (!seen.add(folded(machine))) {
          return Optional.of(text(machine) + " appears more than once in the schedule");
        }
      }
    }
    return state.downMachines.stream()
        .filter(machine -> !seen.contains(machine))
        .findFirst()
        .map(machine -> text(machine) + " is deactivated and cannot be removed from the schedule");
  }

  private static Optional<String> error(MachineID machine) {
    return machine.getHostname().isEmpty() && machine.getIp().isEmpty()
        ? Optional.of("Both 'hostname' and 'ip' for a machine are empty")
        : Optional.empty();
  }

  /** Takes machines down; the refusal if one is in no window or down already. */
  Optional<String> machinesDown(List<MachineID> machines) {
    Set<MachineID> scheduled = scheduled();
    for (MachineID machine : machines) {
      if (!scheduled.contains(folded(machine))) {
        return Optional.of(text(machine) + " is not part of a maintenance schedule");
      }
      if (state.downMachines.contains(folded(machine))) {
        return Optional.of(text(machine) + " is not in DRAINING mode and cannot be brought down");
      }
    }
    machines.forEach(machine -> state.downMachines.add(folded(machine)));
    for (Agent agent : List.copyOf(state.agents.values())) {
      if (isDown(agent.info())) {
        removal.sentAway(agent, "Operator initiated 'Machine DOWN'");
        forget(agent.id());
      }
    }
    return Optional.empty();
  }

  /** Takes machines up, out of the schedule; the refusal if one is not state.downMachines. */
  Optional<String> machinesUp(List<MachineID> machines) {
    Set<MachineID> scheduled = scheduled();
    Set<MachineID> up = new HashSet<>();
    for (MachineID machine : machines) {
      if (!scheduled.contains(folded(machine))) {
        return Optional.of(text(machine) + " is not part of a maintenance schedule");
      }
      if (!state.downMachines.contains(folded(machine))) {
        return Optional.of(text(machine) + " is not in DOWN mode and cannot be brought up");
      }
      up.add(folded(machine));
    }
    state.downMachines.removeAll(up);
    Schedule.Builder rest = Schedule.newBuilder();
    for (Window window : state.schedule.getWindowsList()) {
      List<MachineID> kept =
          window.getMachineIdsList().stream().filter(id -> !up.contains(folded(id))).toList();
      if (!kept.isEmpty()) {
        rest.addWindows(window.toBuilder().clearMachineIds().addAllMachineIds(kept));
      }
    }
    update(rest.build());
    return Optional.empty();
  }

  /** Sends inverse offers for what runs on agents that will be unavailable. */
  void askBack() {
    for (Framework framework : state.frameworks.values()) {
      Event.InverseOffers.Builder asked = Event.InverseOffers.newBuilder();
      for (Agent agent : state.agents.values()) {
        if (framework.isConnected() && isToBeAsked(framework, agent)) {
          InverseOffer offer =
              InverseOffer.newBuilder()
                  .setId(state.newOfferId())
                  .setUrl(Offers.url(agent))
                  .setFrameworkId(framework.id())
                  .setAgentId(agent.id())
                  .setUnavailability(agent.unavailability().orElseThrow())
                  .build();
          state.inverseOffers.put(offer.getId(), offer);
          asked.addInverseOffers(offer);
        }
      }
      if (asked.getInverseOffersCount() > 0) {
        framework.send(
            Event.newBuilder().setType(Event.Type.INVERSE_OFFERS).setInverseOffers(asked).build());
      }
    }
  }

  private boolean isToBeAsked(Framework framework, Agent agent) {
    Asked key = new Asked(framework.id(), agent.id());
    boolean waiting =
        state.inverseOffers.values().stream()
            .anyMatch(
                offer ->
                    offer.getFrameworkId().equals(framework.id())
                        && offer.getAgentId().equals(agent.id()));
    boolean quiet = quietUntil.getOrDefault(key, Instant.MIN).isAfter(state.now());
    return agent.unavailability().isPresent()
        && !waiting
        && !quiet
        && framework.usesAgent(agent.id());
  }

  void answer(Framework framework, List<OfferID> ids, Filters filters, boolean accepted) {
    for (OfferID id : ids) {
      InverseOffer offer = state.inverseOffers.get(id);
      if (offer != null && offer.getFrameworkId().equals(framework.id())) {
        state.inverseOffers.remove(id);
        Duration time = OfferFilters.time(filters, options.allocationInterval());
        Asked key = new Asked(framework.id(), offer.getAgentId());
        Instant now = state.now();
        // What was said of agents and frameworks that are gone is of no use any more.
        quietUntil.values().removeIf(until -> until.isBefore(now));
        answers.keySet().removeIf(this::isPast);
        quietUntil.put(key, now.plus(time));
        answers.put(key, accepted);
      }
    }
  }

  private void forget(AgentID agent) {
    quietUntil.keySet().removeIf(asked -> asked.agent().equals(agent));
    answers.keySet().removeIf(asked -> asked.agent().equals(agent));
  }

  /** A framework that revives is asked again. */
  void revived(FrameworkID framework) {
    quietUntil.keySet().removeIf(asked -> asked.framework().equals(framework));
  }

  private boolean isPast(Asked asked) {
    return !state.frameworks.containsKey(asked.framework())
        || !state.agents.containsKey(asked.agent());
  }

  /** The machines that are to go down, with what frameworks answered, and those that are. */
  ClusterStatus status() {
    ClusterStatus.Builder status =
        ClusterStatus.newBuilder().addAllDownMachines(state.downMachines);
    for (Window window : state.schedule.getWindowsList()) {
      for (MachineID machine : window.getMachineIdsList()) {
        if (state.downMachines.contains(folded(machine))) {
          continue;
        }
        ClusterStatus.DrainingMachine.Builder draining =
            ClusterStatus.DrainingMachine.newBuilder().setId(machine);
        answers.forEach(
            (asked, accepted) -> {
              Agent agent = state.agents.get(asked.agent());
              if (agent != null && isOn(agent.info(), machine)) {
                draining.addStatuses(
                    org.apache.mesos.v1.allocator.Protos.InverseOfferStatus.newBuilder()
                        .setFrameworkId(asked.framework())
                        .setStatus(
                            accepted
                                ? org.apache.mesos.v1.allocator.Protos.InverseOfferStatus.Status
                                    .ACCEPT
                                : org.apache.mesos.v1.allocator.Protos.InverseOfferStatus.Status
                                    .DECLINE)
                        .setTimestamp(
                            org.apache.mesos.v1.Protos.TimeInfo.newBuilder()
                                .setNanoseconds(ClusterState.nanoseconds(state.now()))));
              }
            });
        status.addDrainingMachines(draining);
      }
    }
    return status.build();
  }

  /** Why an agent may not be drained, if so (maintenance.jsonl). */
  Optional<String> drainRefusal(Agent agent) {
    return agent
        .unavailability()
        .map(
            window ->
                "Agent %s is part of a maintenance schedule under Machine %s (%s)"
                    .formatted(agent.id().getValue(), agent.info().getHostname(), AGENT_IP));
  }

  void drain(Agent agent, DrainConfig config) {
    offers.rescindAll(agent.id());
    agent.drain(
        DrainInfo.newBuilder().setState(DrainState.DRAINING).setConfig(config).build(),
        state.now());
    if (agent.isConnected()) {
      agent.link().drain(config);
    }
    taskEnded(agent);
  }

  /** An agent that drains is drained when the last status of the last task is acknowledged. */
  void taskEnded(Agent agent) {
    agent
        .drain()
        .filter(drain -> drain.getState() == DrainState.DRAINING)
        .filter(drain -> state.tasksOn(agent.id()).isEmpty())
        .ifPresent(
            drain -> {
              agent.drain(drain.toBuilder().setState(DrainState.DRAINED).build(), state.now());
              if (drain.getConfig().getMarkGone()) {
                removal.gone(agent);
              }
            });
  }
}
