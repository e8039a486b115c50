package org.apache.heron.scheduler.local.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;

/** A fleet that is being changed by one event, and the effects so far. Not shared. */
final class Turn {
  static final Outcome BEING_KILLED = Outcome.refused("the topology is being killed");

  final Instant now;
  final Timing timing;
  Fleet.Phase phase;
  Map<Integer, Long> ram;
  int parallel;
  private final SortedMap<Integer, Container> containers;
  private final List<Awaited> awaited;
  private final List<Effect> effects = new ArrayList<>();

  Turn(Fleet fleet, Instant now, Timing timing) {
    this.now = now;
    this.timing = timing;
    phase = fleet.phase();
    ram = fleet.ram();
    parallel = fleet.parallel();
    containers = new TreeMap<>(fleet.containers());
    awaited = new ArrayList<>(fleet.awaited());
  }

  Decision decision() {
    return new Decision(new Fleet(phase, containers, ram, parallel, awaited), effects);
  }

  // --- containers ---

  List<Container> all() {
    return List.copyOf(containers.values());
  }

  Optional<Container> find(int id) {
    return Optional.ofNullable(containers.get(id));
  }

  /** The container, if that is still its attempt: news of earlier processes are no news. */
  Optional<Container> present(int id, int attempt) {
    return find(id).filter(container -> container.attempt() == attempt);
  }

  /** Keeps what was changed, also on record. */
  void put(Container.Draft draft) {
    Container changed = draft.done();
    if (!changed.equals(containers.put(changed.id(), changed))) {
      effects.add(new Effect.Save(changed));
    }
  }

  /** Has its process end, which is said to nobody but the process. */
  void end(Container container, String reason) {
    ProcessMark mark = container.mark().orElseThrow();
    put(
        container
            .draft()
            .life(Life.KILLING, now)
            .due(now.plus(timing.killGrace()))
            .reason(reason)
            .happened(Happening.Kind.KILLING, now, reason));
    effects.add(new Effect.Terminate(container.id(), mark));
  }

  /** Has it end and be forgotten. */
  void remove(Container container, String reason) {
    put(container.draft().aim(Aim.REMOVE));
    Container marked = find(container.id()).orElseThrow();
    if (!marked.life().hasProcess()) {
      forget(container.id());
    } else if (marked.mark().isPresent() && marked.life() != Life.KILLING) {
      end(marked, reason);
    }
  }

  void forget(int id) {
    containers.remove(id);
    effects.add(new Effect.Forget(id));
  }

  void startWhatWaits() {
    if (phase != Fleet.Phase.SERVING) {
      return;
    }
    for (Container container : all()) {
      if (container.life() == Life.WAITING && container.aim() != Aim.REMOVE) {
        long bytes = ram.getOrDefault(container.id(), 0L);
        int attempt = container.attempt() + 1;
        // On record before it is done: who finds this record ends what may have been started.
        put(
            container
                .draft()
                .aim(Aim.RUN)
                .life(Life.STARTING, now)
                .attempt(attempt)
                .mark(Optional.empty())
                .ram(bytes));
        effects.add(new Effect.Start(container.id(), attempt, container.ports(), bytes));
      }
    }
  }

  // --- effects and answers ---

  void add(Effect effect) {
    effects.add(effect);
  }

  void say(String line) {
    effects.add(new Effect.Say(line));
  }

  void reply(Ticket ticket, Outcome outcome) {
    effects.add(new Effect.Reply(ticket, outcome));
  }

  void await(Awaited what) {
    awaited.add(what);
  }

  List<Awaited> awaited() {
    return List.copyOf(awaited);
  }

  void answered(Awaited what, Outcome outcome) {
    awaited.remove(what);
    reply(what.ticket(), outcome);
  }

  void dropScaled(String why) {
    for (Awaited each : awaited()) {
      if (each instanceof Awaited.Scaled) {
        answered(each, Outcome.refused(why));
      }
    }
  }

  void dropAll(Outcome outcome) {
    awaited().forEach(each -> answered(each, outcome));
  }
}
