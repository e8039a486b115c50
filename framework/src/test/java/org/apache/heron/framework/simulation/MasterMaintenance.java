package org.apache.heron.framework.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.Filters;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.InverseOffer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.TimeInfo;
import org.apache.mesos.v1.Protos.Unavailability;
import org.apache.mesos.v1.scheduler.Protos.Event;

/**
 * What operators plan with agents, as the recordings maintenance and drain show it: windows with
 * inverse offers, and draining. Both are in the registry, so they outlive a master; inverse offers
 * and what was answered to them do not.
 */
final class MasterMaintenance {
  private static final long SHORTEST_FILTER = 1_000;

  private final World world;
  private final Map<SimAgent, Window> schedule = new LinkedHashMap<>();
  private final Map<String, Asked> outstanding = new LinkedHashMap<>();
  private final Map<Asked, Long> quietUntil = new HashMap<>();
  private final Set<SimAgent> draining = new LinkedHashSet<>();
  private long made;

  /**
   * A time in which an agent's machine is away.
   *
   * @param start milliseconds since the world began
   */
  record Window(long start, long length) {
    Unavailability toProto() {
      long nanos = World.BEGINNING.plusMillis(start).toEpochMilli() * 1_000_000;
      return Unavailability.newBuilder()
          .setStart(TimeInfo.newBuilder().setNanoseconds(nanos))
          .setDuration(DurationInfo.newBuilder().setNanoseconds(length * 1_000_000))
          .build();
    }
  }

  /** Who was asked for which agent back. */
  private record Asked(String framework, SimAgent agent) {}

  MasterMaintenance(World world) {
    this.world = world;
  }

  // --- windows ---

  Optional<Window> window(SimAgent agent) {
    return Optional.ofNullable(schedule.get(agent));
  }

  /** An operator announces a window, in place of any other; the machine is down in its time. */
  void announce(SimAgent agent, Window window) {
    if (!world.master.isUp() || draining.contains(agent) || agent.discarded) {
      return;
    }
    schedule.put(agent, window);
    changed(agent);
    world.agenda.at(window.start(), () -> begins(agent, window));
  }

  private void begins(SimAgent agent, Window window) {
    if (window.equals(schedule.get(agent))) {
      world.timeline.add(agent.host, () -> "is taken down for maintenance");
      agent.cut(true);
      agent.reboot();
      world.agenda.after(window.length(), () -> ends(agent, window));
    }
  }

  private void ends(SimAgent agent, Window window) {
    if (window.equals(schedule.get(agent))) {
      callOff(agent);
    }
    agent.back();
  }

  void callOff(SimAgent agent) {
    if (schedule.remove(agent) != null) {
      changed(agent);
    }
  }

  private void changed(SimAgent agent) {
    world.timeline.add(
        "operator",
        () ->
            window(agent)
                .map(
                    window ->
                        "announces maintenance of "
                            + agent
                            + " from "
                            + Timeline.clock(window.start())
                            + " for "
                            + Words.of(window.length()))
                .orElse("calls off maintenance of " + agent));
    quietUntil.keySet().removeIf(asked -> asked.agent() == agent);
    world.master.offers.rescind(agent, true);
    world.master.offers.allocateSoon();
  }

  /** Asks those back whose windows are known, from frameworks that use them. */
  void askBack(SimFramework framework) {
    for (Map.Entry<SimAgent, Window> entry : schedule.entrySet()) {
      SimAgent agent = entry.getKey();
      Asked asked = new Asked(framework.id, agent);
      boolean used =
          framework.tasks.values().stream()
              .anyMatch(known -> known.copy.agent == agent && known.holdsResources());
      if (!used || !world.master.agents.isRegistered(agent) || outstanding.containsValue(asked)) {
        continue;
      }
      long quiet = quietUntil.getOrDefault(asked, 0L);
      if (quiet > world.agenda.now()) {
        world.master.offers.allocateAt(quiet);
      } else {
        ask(framework, asked, entry.getValue());
      }
    }
  }

  private void ask(SimFramework framework, Asked asked, Window window) {
    String id = "I" + ++made;
    outstanding.put(id, asked);
    world.timeline.add("master", () -> "asks for " + asked.agent() + " back by " + id);
    framework.send(
        Event.newBuilder()
            .setType(Event.Type.INVERSE_OFFERS)
            .setInverseOffers(
                Event.InverseOffers.newBuilder()
                    .addInverseOffers(
                        InverseOffer.newBuilder()
                            .setId(OfferID.newBuilder().setValue(id))
                            .setFrameworkId(FrameworkID.newBuilder().setValue(framework.id))
                            .setAgentId(AgentID.newBuilder().setValue(asked.agent().id))
                            .setUnavailability(window.toProto())))
            .build());
  }

  void answer(SimFramework framework, List<OfferID> ids, Filters filters) {
    for (OfferID id : ids) {
      Asked asked = outstanding.remove(id.getValue());
      if (asked != null && asked.framework().equals(framework.id)) {
        long wait = Math.max(SHORTEST_FILTER, (long) (filters.getRefuseSeconds() * 1000));
        quietUntil.put(asked, world.agenda.now() + wait);
      }
    }
    world.master.offers.allocateSoon();
  }

  void revived(SimFramework framework) {
    quietUntil.keySet().removeIf(asked -> asked.framework().equals(framework.id));
  }

  /** What was asked for an agent is void. */
  void rescind(SimFramework framework, SimAgent agent) {
    Asked asked = new Asked(framework.id, agent);
    for (Map.Entry<String, Asked> entry : new ArrayList<>(outstanding.entrySet())) {
      if (entry.getValue().equals(asked)) {
        outstanding.remove(entry.getKey());
        framework.send(
            Event.newBuilder()
                .setType(Event.Type.RESCIND_INVERSE_OFFER)
                .setRescindInverseOffer(
                    Event.RescindInverseOffer.newBuilder()
                        .setInverseOfferId(OfferID.newBuilder().setValue(entry.getKey())))
                .build());
      }
    }
  }

  /** The framework is not there to answer. */
  void forget(SimFramework framework) {
    outstanding.values().removeIf(asked -> asked.framework().equals(framework.id));
  }

  /** Another master leads. */
  void forgetAsked() {
    outstanding.clear();
    quietUntil.clear();
  }

  // --- draining ---

  boolean isDraining(SimAgent agent) {
    return draining.contains(agent);
  }

  /**
   * DRAIN_AGENT: nothing is offered of the agent, and its tasks are killed; refused while it is in
   * the schedule.
   *
   * @param markGone whether it is marked gone when it is drained; else it is reactivated after a
   *     while
   */
  void drain(SimAgent agent, boolean markGone, long wait) {
    if (!world.master.isUp() || schedule.containsKey(agent) || agent.vouchedGone) {
      return;
    }
    world.timeline.add("operator", () -> "drains " + agent);
    draining.add(agent);
    world.master.offers.rescind(agent, true);
    tellDrain(agent);
    world.agenda.after(wait, () -> drained(agent, markGone));
  }

  /** An agent that is to be drained is told so whenever it registers. */
  void tellDrain(SimAgent agent) {
    if (draining.contains(agent)) {
      agent.told(world.master.incarnation, agent::drain);
    }
  }

  private void drained(SimAgent agent, boolean markGone) {
    if (!draining.contains(agent)) {
      return;
    }
    if (!agent.hosted().isEmpty() || !world.master.isUp()) {
      world.agenda.after(SHORTEST_FILTER, () -> drained(agent, markGone));
    } else if (markGone) {
      draining.remove(agent);
      world.havoc.replace(agent);
    } else {
      reactivate(agent);
    }
  }

  private void reactivate(SimAgent agent) {
    if (draining.remove(agent)) {
      world.timeline.add("operator", () -> "reactivates " + agent);
      agent.reactivated();
      world.master.offers.allocateSoon();
    }
  }

  /** Operators let agents be. */
  void callOffAll() {
    new ArrayList<>(schedule.keySet()).forEach(this::callOff);
    new ArrayList<>(draining).forEach(this::reactivate);
  }
}
