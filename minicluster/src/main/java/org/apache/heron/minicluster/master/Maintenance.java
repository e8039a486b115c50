package org.apache.heron.minicluster.master;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        quietUntil.keySet().removeIf(asked -> asked.agent().equals(agent.id()));
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

  private static boolean isOn(AgentInfo agent, MachineID machine) {
    return (!machine.hasHostname() || machine.getHostname().equalsIgnoreCase(agent.getHostname()))
        && (!machine.hasIp() || machine.getIp().equals(AGENT_IP))
        && (machine.hasHostname() || machine.hasIp());
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
        quietUntil.put(key, state.now().plus(time));
        answers.put(key, accepted);
      }
    }
  }

  /** A framework that revives is asked again. */
  void forget(FrameworkID framework) {
    quietUntil.keySet().removeIf(asked -> asked.framework().equals(framework));
  }

  /** The machines that are to go down, with what frameworks answered. */
  ClusterStatus status() {
    ClusterStatus.Builder status = ClusterStatus.newBuilder();
    for (Window window : state.schedule.getWindowsList()) {
      for (MachineID machine : window.getMachineIdsList()) {
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
