package org.apache.heron.framework.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.heron.framework.history.Happening;
import org.apache.heron.framework.history.History;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.OfferId;
import org.apache.heron.framework.placement.Offered;
import org.apache.heron.framework.placement.Refusal;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.mesos.v1.scheduler.Protos.Call;

/**
 * One decision in the making: the state as it becomes, and the effects so far. Lives for one call
 * of {@link Core#decide}, in one thread.
 *
 * <p>INVARIANT: all changes of records that a decision makes are one {@link Effect.Persist}, and it
 * comes before every other effect of the decision. So whatever a decision does to the world is on
 * record first.
 */
final class Turn {
  private static final int MOST_PENDING = 1_000;

  final Blueprint blueprint;
  final Instant now;

  Phase phase;
  Link link;
  Optional<String> frameworkId;
  Optional<String> principal;
  String master;
  String problem;
  Containers containers;
  Map<OfferId, Offered> held;
  Map<ContainerId, Refusal> refusals;
  Reconciliation reconciliation;
  Demand demand;
  Instant revived;
  Optional<Instant> killDeadline;
  Tenure tenure;
  Map<RequestId, Awaited> pending;
  Renewal renewal;
  Windows windows;
  Penalties penalties;
  Trading trading;
  History history;

  /** Containers for which the offers of this turn have another place than theirs. */
  Set<ContainerId> places = Set.of();

  private final Map<Object, RecordChange> changes = new LinkedHashMap<>();
  private final List<Effect> effects = new ArrayList<>();

  Turn(Blueprint blueprint, State state, Instant now) {
    this.blueprint = blueprint;
    this.now = now;
    phase = state.phase();
    link = state.link();
    frameworkId = state.frameworkId();
    principal = state.principal();
    master = state.master();
    problem = state.problem();
    containers = state.containers();
    held = state.held();
    refusals = state.refusals();
    reconciliation = state.reconciliation();
    demand = state.demand();
    revived = state.revived();
    killDeadline = state.killDeadline();
    tenure = state.tenure();
    pending = state.pending();
    renewal = state.renewal();
    windows = state.windows();
    penalties = state.penalties();
    trading = state.trading();
    history = state.history();
  }

  Decision decision() {
    List<Effect> all = new ArrayList<>();
    if (!changes.isEmpty()) {
      all.add(new Effect.Persist(List.copyOf(changes.values())));
    }
    all.addAll(effects);
    State state =
        new State(
            phase,
            link,
            frameworkId,
            principal,
            master,
            problem,
            containers,
            held,
            refusals,
            reconciliation,
            demand,
            revived,
            killDeadline,
            tenure,
            pending,
            renewal,
            windows,
            penalties,
            trading,
            history);
    return new Decision(state, all);
  }

  Timing timing() {
    return blueprint.timing();
  }

  /** True if calls reach a master. */
  boolean isSubscribed() {
    return link == Link.SUBSCRIBED || link == Link.PROVISIONAL;
  }

  /** True if something may be begun that needs both a master and our records. */
  boolean mayAct() {
    return isSubscribed() && tenure == Tenure.HELD;
  }

  /** Our id; only asked for when subscribed, which gives one. */
  String id() {
    return frameworkId.orElseThrow(
        () -> new IllegalStateException("subscribed without a framework id"));
  }

  void effect(Effect effect) {
    effects.add(effect);
  }

  void send(Call call) {
    effect(new Effect.Send(call));
  }

  void timer(Timer timer, Instant at) {
    effect(new Effect.SetTimer(timer, at));
  }

  void reply(RequestId request, Outcome outcome) {
    effect(new Effect.Reply(request, outcome));
  }

  /** Keeps a command's sender waiting; refuses it if too many wait already. */
  void await(RequestId request, Awaited awaited) {
    if (pending.size() >= MOST_PENDING && !pending.containsKey(request)) {
      reply(request, Outcome.refused(MOST_PENDING + " commands wait already; try again later"));
      return;
    }
    Map<RequestId, Awaited> more = new LinkedHashMap<>(pending);
    more.put(request, awaited);
    pending = more;
  }

  /** Answers all who wait for such a thing. */
  void answer(Predicate<Awaited> which, Outcome outcome) {
    if (pending.values().stream().noneMatch(which)) {
      return;
    }
    Map<RequestId, Awaited> rest = new LinkedHashMap<>(pending);
    pending.forEach(
        (request, awaited) -> {
          if (which.test(awaited)) {
            rest.remove(request);
            reply(request, outcome);
          }
        });
    pending = rest;
  }

  void say(String line) {
    effect(new Effect.Say(line));
  }

  /**
   * Replaces a container, on record too and with what that adds to its history, and sets its alarm;
   * forgets it if it is gone.
   */
  void put(Container next) {
    if (next.isGone()) {
      forget(next);
      return;
    }
    Container container =
        containers
            .get(next.id())
            .flatMap(before -> Chronicle.change(before, next, now))
            .map(next::happened)
            .orElse(next);
    changes.put(container.id(), new RecordChange.Put(container));
    int highest = containers.highestAttempt();
    putUnrecorded(container);
    if (containers.highestAttempt() > highest && frameworkId.isPresent()) {
      recordFramework(); // so that no attempt is made twice if the container's record is lost
    }
  }

  /** Adds to the framework's own history; durable with the framework's next record. */
  void happened(Happening.Kind kind, String text) {
    history = history.with(new Happening(now, kind, 0, text), History.Bounds.FRAMEWORK);
  }

  /** Replaces a container in what only this process needs to know. */
  void putUnrecorded(Container container) {
    containers = containers.with(container);
    container.due().ifPresent(due -> timer(new Timer.Due(container.id()), due));
  }

  private void forget(Container container) {
    containers = containers.without(container);
    renewal = renewal.ended(container.id()).skipped(container.id());
    if (refusals.containsKey(container.id())) {
      Map<ContainerId, Refusal> rest = new LinkedHashMap<>(refusals);
      rest.remove(container.id());
      refusals = rest;
    }
    changes.put(container.id(), new RecordChange.Remove(container.id()));
    happened(Happening.Kind.UPDATE, "container " + container.id() + " is gone and forgotten");
    if (frameworkId.isPresent()) {
      recordFramework(); // for the attempt number below which none is used again
    }
    say("container " + container.id() + " is no longer in the plan and is forgotten");
  }

  void recordFramework() {
    boolean ending = phase == Phase.KILLING || phase == Phase.TEARING_DOWN;
    changes.put(
        "framework",
        new RecordChange.Framework(
            frameworkId, principal, ending, containers.highestAttempt(), history));
  }
}
