package org.apache.heron.framework.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.OfferId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.placement.Former;
import org.apache.heron.framework.placement.Launch;
import org.apache.heron.framework.placement.Offered;
import org.apache.heron.framework.placement.Placed;
import org.apache.heron.framework.placement.Placement;
import org.apache.heron.framework.placement.Placer;
import org.apache.heron.framework.placement.Resident;
import org.apache.heron.framework.placement.Round;
import org.apache.heron.framework.placement.Wish;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.TaskInfo;

/**
 * What the framework does with offers, and how it asks for them: by the rules of Mesos' framework
 * guide, silent when it needs nothing, declining at once and for long, reviving rarely.
 */
final class Market {
  private static final int SEAT_TRIES = 2;
  private static final Duration SHORTEST_REFUSAL = Duration.ofSeconds(1);

  void offered(Turn turn, List<Offer> offers) {
    if (!turn.isSubscribed()) {
      return;
    }
    if (!wants(turn)) {
      List<OfferId> ids = offers.stream().map(Market::idOf).toList();
      turn.send(Calls.decline(turn.id(), ids, turn.timing().refuseIdle()));
      return;
    }
    if (turn.held.isEmpty()) {
      turn.timer(new Timer.Gathered(), turn.now.plus(turn.timing().gatherOffers()));
    }
    Map<OfferId, Offered> held = new LinkedHashMap<>(turn.held);
    offers.stream().map(Offered::of).forEach(offered -> held.put(offered.id(), offered));
    turn.held = held;
  }

  void rescinded(Turn turn, OfferId offer) {
    if (turn.held.containsKey(offer)) {
      Map<OfferId, Offered> rest = new LinkedHashMap<>(turn.held);
      rest.remove(offer);
      turn.held = rest;
    }
  }

  void agentLost(Turn turn, AgentId agent) {
    Map<OfferId, Offered> rest = new LinkedHashMap<>(turn.held);
    rest.values().removeIf(offered -> offered.agent().equals(agent));
    turn.held = rest;
  }

  /** Uses the offers that were gathered. */
  void gathered(Turn turn) {
    if (turn.held.isEmpty() || !turn.isSubscribed() || !wants(turn)) {
      return;
    }
    if (turn.link == Link.PROVISIONAL) {
      turn.timer(new Timer.Gathered(), turn.now.plus(turn.timing().gatherOffers()));
      return;
    }
    Round round = round(turn);
    Placement placement = Placer.place(round);
    turn.held = Map.of();
    turn.refusals = placement.refusals();
    // What came after SUPPRESS was under way before it: Mesos sends no more until it is asked. Nor
    // does an offer tell what else is held back.
    if (turn.demand == Demand.OPEN) {
      turn.demand = Demand.FILTERED;
    }
    turn.places = places(turn, round, placement);
    Map<ContainerId, Former> seats = new HashMap<>();
    placement.launches().forEach(launch -> launch(turn, launch, seats));
    turn.trading = turn.trading.seated(seats);
    Duration refuse = refuse(turn, round, placement);
    if (!placement.unused().isEmpty()) {
      turn.send(Calls.decline(turn.id(), placement.unused(), refuse));
    }
    turn.trading =
        turn.trading.with(
            new RoundReport(
                turn.now,
                round.offers().size(),
                placement.agents(),
                placement.fitness().size(),
                placement.unused().size(),
                placement.unused().isEmpty() ? turn.now : turn.now.plus(refuse),
                placement.held(),
                placement.refusals()));
  }

  /** Who of those that are to move would find a place in what is left. */
  private static Set<ContainerId> places(Turn turn, Round round, Placement placement) {
    if (turn.renewal.seeking().isEmpty()) {
      return Set.of();
    }
    Set<OfferId> unused = Set.copyOf(placement.unused());
    List<Wish> moves = new ArrayList<>();
    for (ContainerId id : turn.renewal.seeking()) {
      turn.containers.get(id).ifPresent(each -> moves.add(new Wish(id, each.size())));
    }
    Round after =
        new Round(
            round.offers().stream().filter(offer -> unused.contains(offer.id())).toList(),
            moves,
            round.residents(),
            round.rules(),
            round.penalties(),
            round.avoided(),
            Optional.empty(),
            round.now());
    return Set.copyOf(Placer.place(after).fitness().keySet());
  }

  private static Round round(Turn turn) {
    List<Wish> wishes = new ArrayList<>();
    List<Resident> residents = new ArrayList<>();
    boolean first = true;
    Instant since = turn.now;
    for (Container container : turn.containers) {
      if (container.life() == Life.WAITING) {
        wishes.add(new Wish(container.id(), container.size(), seat(turn, container)));
        since = container.since().isBefore(since) ? container.since() : since;
      }
      container
          .task()
          .ifPresent(
              task ->
                  residents.add(
                      new Resident(container.id(), task.agent(), task.hostname(), task.traits())));
      first &= container.attempt() == 0;
    }
    return new Round(
        turn.held.values(),
        wishes,
        residents,
        turn.blueprint.rules(),
        turn.penalties.counting(turn.now),
        closing(turn),
        first ? Optional.of(since) : Optional.empty(),
        turn.now);
  }

  // Not for ever, for the ports may be what it fails of.
  private static Optional<Former> seat(Turn turn, Container container) {
    return Optional.ofNullable(turn.trading.seats().get(container.id()))
        .filter(seat -> container.failures() < SEAT_TRIES);
  }

  // What inverse offers have said of agents; offers say it of most themselves.
  private static Map<AgentId, String> closing(Turn turn) {
    Map<AgentId, String> closing = new HashMap<>();
    turn.windows
        .byAgent()
        .forEach(
            (agent, window) ->
                turn.windows
                    .closing(agent, turn.now, turn.blueprint.rules().windowLead())
                    .ifPresent(
                        each -> closing.put(agent, "maintenance begins at " + each.start())));
    return closing;
  }

  // What was offered to a first launch that must be whole is declined for a short time only, and
  // until what was declined before is offered again: Mesos' filters are of one agent each, and have
  // to lapse together, or no round would ever see all agents.
  private static Duration refuse(Turn turn, Round round, Placement placement) {
    if (!wants(turn)) {
      return turn.timing().refuseIdle();
    }
    Duration unfit = turn.timing().refuseUnfit();
    boolean whole =
        round.rules().gang().wanted()
            && round.firstLaunch().isPresent()
            && placement.launches().isEmpty();
    if (!whole) {
      return unfit;
    }
    Optional<Instant> pending = turn.trading.filteredUntil(turn.now);
    if (pending.isPresent()) {
      return between(SHORTEST_REFUSAL, Duration.between(turn.now, pending.get()), unfit);
    }
    Duration half = Duration.between(round.firstLaunch().orElse(turn.now), turn.now).dividedBy(2);
    return placement.held() ? between(SHORTEST_REFUSAL, half, unfit) : unfit;
  }

  private static Duration between(Duration least, Duration wanted, Duration most) {
    Duration enough = wanted.compareTo(least) < 0 ? least : wanted;
    return enough.compareTo(most) < 0 ? enough : most;
  }

  private static void launch(Turn turn, Launch launch, Map<ContainerId, Former> seats) {
    List<TaskInfo> infos = new ArrayList<>();
    for (Placed placed : launch.containers()) {
      Container container = turn.containers.get(placed.container()).orElseThrow();
      TaskId id =
          TaskId.of(
              turn.blueprint.topology(),
              turn.blueprint.topologyId(),
              container.id(),
              container.attempt() + 1);
      Task task =
          new Task(
              id,
              launch.agent(),
              launch.hostname(),
              launch.traits(),
              placed.size().cpus(),
              placed.size().memMb(),
              placed.size().diskMb(),
              placed.ports());
      seats.put(container.id(), Trading.seat(container.id(), task));
      turn.put(container.launching(task, turn.now.plus(turn.timing().launchLook()), turn.now));
      infos.add(turn.blueprint.tasks().describe(id, placed, launch.agent()));
      turn.say("launching container " + container.id() + " on " + launch.hostname() + " as " + id);
    }
    turn.send(Calls.accept(turn.id(), launch.offers(), infos, turn.timing().refuseUnfit()));
  }

  /** Makes Mesos' idea of our wish for offers right. Called after each event. */
  void follow(Turn turn) {
    if (!turn.isSubscribed() || turn.phase == Phase.TEARING_DOWN || turn.phase == Phase.KILLED) {
      return;
    }
    Presence.follow(turn);
    if (!wants(turn)) {
      turn.trading = turn.trading.settled();
      declineHeld(turn, turn.held.keySet());
      if (turn.mayAct() && turn.demand != Demand.SUPPRESSED) {
        turn.demand = Demand.SUPPRESSED;
        turn.send(Calls.suppress(turn.id()));
      }
    } else if (turn.held.isEmpty() && mustRevive(turn)) {
      // A REVIVE of the future is one of before the clock was set back.
      if (!turn.revived.isAfter(turn.now)
          && turn.revived.plus(turn.timing().reviveEvery()).isAfter(turn.now)) {
        turn.timer(new Timer.Revive(), turn.revived.plus(turn.timing().reviveEvery()));
      } else {
        turn.demand = Demand.OPEN;
        turn.revived = turn.now;
        turn.send(Calls.revive(turn.id()));
      }
    }
  }

  // Filtered offers need no REVIVE for those that they were too small for: only for a container
  // that has come to wait since. Refusals are of waiting containers only.
  private static boolean mustRevive(Turn turn) {
    return switch (turn.demand) {
      case OPEN -> false;
      case FILTERED -> turn.containers.count(Life.WAITING) > turn.refusals.size();
      case UNCERTAIN, SUPPRESSED -> true;
    };
  }

  private static void declineHeld(Turn turn, Collection<OfferId> offers) {
    if (!offers.isEmpty()) {
      turn.send(Calls.decline(turn.id(), offers, turn.timing().refuseIdle()));
      turn.held = Map.of();
    }
  }

  private static boolean wants(Turn turn) {
    return turn.phase == Phase.SERVING
        && turn.tenure == Tenure.HELD
        && (turn.containers.count(Life.WAITING) > 0 || !turn.renewal.seeking().isEmpty());
  }

  private static OfferId idOf(Offer offer) {
    return new OfferId(offer.getId().getValue());
  }
}
