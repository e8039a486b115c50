package org.apache.heron.framework.core;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.heron.framework.core.LifeTable.Occasion;
import org.apache.heron.framework.history.Happening.Kind;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;

/**
 * Replaces running copies on purpose, few at a time: because a user wants it, or because
 * maintenance of its agent comes near and there is another place. The next begins when the former
 * runs again.
 *
 * <p>Container 0 is the last, and alone: while the others come back they find a topology manager
 * that knows them, and what cannot be placed or does not run shows at a lesser container first.
 */
final class Renewing {
  private final Copies copies;

  Renewing(Copies copies) {
    this.copies = copies;
  }

  // --- what a user asks for ---

  void restart(Turn turn, Event.RestartRequested command) {
    if (command.parallel() < 0) {
      turn.reply(
          command.request(),
          Outcome.refused(
              "cannot restart " + command.parallel() + " containers at a time; at least 1"));
    } else if (command.container().isPresent()) {
      one(turn, command.request(), command.container().get());
    } else {
      all(turn, command.request(), command.parallel());
    }
  }

  private void one(Turn turn, RequestId request, ContainerId id) {
    Optional<Container> found =
        turn.containers.get(id).filter(container -> container.aim() != Aim.REMOVE);
    if (found.isEmpty()) {
      turn.reply(
          request,
          Outcome.refused(
              "there is no container "
                  + id
                  + "; the topology has "
                  + turn.containers.stream().map(each -> each.id().toString()).toList()));
    } else if (!found.get().life().hasTask()) {
      copies.occasion(turn, found.get(), Occasion.RENEW, found.get().reason());
      turn.reply(request, Outcome.done("container " + id + " has no copy; one is being launched"));
    } else {
      turn.happened(Kind.RESTART, "of container " + id + ", asked for by a user");
      turn.recordFramework();
      begin(turn, found.get(), true, "restarted by a user");
      turn.await(request, new Awaited.Renewed(Optional.of(id)));
    }
  }

  private void all(Turn turn, RequestId request, int parallel) {
    if (turn.pending.values().stream().noneMatch(Renewing::isOfAll)) {
      for (Container container : turn.containers) {
        mark(turn, container);
      }
      turn.renewal = turn.renewal.withParallel(parallel);
      collect(turn);
      turn.say("restarting " + turn.renewal.queue().size() + " containers");
      turn.happened(Kind.RESTART, "of all containers, asked for by a user");
      turn.recordFramework();
    }
    turn.await(request, new Awaited.Renewed(Optional.empty()));
  }

  // A container without copy has nothing to be restarted, but need not wait out its back-off.
  private void mark(Turn turn, Container container) {
    if (container.aim() == Aim.RUN && isReplaceable(container)) {
      turn.put(container.withAim(Aim.RENEW));
    } else if (container.aim() == Aim.RUN && !container.life().hasTask()) {
      copies.occasion(turn, container, Occasion.RENEW, container.reason());
    }
  }

  private static boolean isReplaceable(Container container) {
    return container.life().hasTask() && container.life() != Life.KILLING;
  }

  private static boolean isOfAll(Awaited awaited) {
    return awaited instanceof Awaited.Renewed renewed && renewed.only().isEmpty();
  }

  // --- whose turn it is ---

  /**
   * After a start: goes on with what is marked, after those that were under way. Nothing on record
   * says why a container is down, so each that was launched before takes up room until it runs: it
   * may be one that the former process was replacing.
   */
  void resume(Turn turn) {
    collect(turn);
    for (Container container : turn.containers) {
      boolean down = container.life() != Life.RUNNING && container.attempt() > 0;
      if (container.aim() != Aim.REMOVE && down) {
        turn.renewal = turn.renewal.down(container.id(), turn.now);
      }
    }
    watch(turn);
  }

  /** Looks for copies to replace anew; after anything that may have made some outdated. */
  void collect(Turn turn) {
    Set<ContainerId> queue = new LinkedHashSet<>();
    for (Container container : turn.containers) {
      if (!container.id().equals(ContainerId.MANAGER) && why(turn, container).isPresent()) {
        queue.add(container.id());
      }
    }
    turn.containers
        .get(ContainerId.MANAGER)
        .filter(manager -> why(turn, manager).isPresent())
        .ifPresent(manager -> queue.add(manager.id()));
    for (ContainerId id : queue) {
      if (!turn.renewal.queue().contains(id)) {
        turn.containers
            .get(id)
            .filter(container -> container.aim() == Aim.RUN)
            .ifPresent(container -> announce(turn, container));
      }
    }
    turn.renewal = turn.renewal.withQueue(queue);
  }

  private static void announce(Turn turn, Container container) {
    turn.say(
        "container "
            + container.id()
            + " is to be "
            + maintenance(turn, container).orElse("moved")
            + "; it runs on until another place is offered");
  }

  /** Why the copy is to be replaced; empty if it is not. */
  private static Optional<String> why(Turn turn, Container container) {
    if (!isReplaceable(container) || container.aim() == Aim.REMOVE) {
      return Optional.empty();
    }
    return container.aim() == Aim.RENEW
        ? Optional.of("restarted by a user")
        : maintenance(turn, container);
  }

  private static Optional<String> maintenance(Turn turn, Container container) {
    Task task = container.currentTask();
    return turn.windows
        .closing(task.agent(), turn.now, turn.blueprint.disruption().lead())
        .map(window -> "moved away: " + task.hostname() + " is unavailable from " + window.start());
  }

  /** Lets the next take their turn. Called after each event. */
  void follow(Turn turn) {
    if (turn.renewal.isIdle()) {
      turn.renewal = Renewal.NONE;
      answer(turn);
      return;
    }
    if (turn.phase != Phase.SERVING) {
      return;
    }
    Optional<Instant> before = turn.renewal.earliest();
    List.copyOf(turn.renewal.underWay().keySet()).forEach(id -> settle(turn, id));
    if (turn.mayAct()) {
      List.copyOf(turn.renewal.queue()).forEach(id -> consider(turn, id));
      seek(turn);
    }
    if (!before.equals(turn.renewal.earliest())) {
      watch(turn);
    }
    answer(turn);
  }

  // What a user has asked for goes back to where it was. What leaves an agent is killed only when
  // there is another place for it: until the maintenance begins it may as well run on.
  private void consider(Turn turn, ContainerId id) {
    Optional<Container> found = turn.containers.get(id);
    Optional<String> why = found.flatMap(container -> why(turn, container));
    if (why.isEmpty()) {
      turn.renewal = turn.renewal.skipped(id);
      return;
    }
    boolean asked = found.get().aim() == Aim.RENEW;
    if ((asked || turn.places.contains(id)) && hasRoom(turn, id, asked)) {
      begin(turn, found.get(), asked, why.get());
    }
  }

  /** Says for whom another place is wanted, so that offers are looked at for them. */
  private static void seek(Turn turn) {
    Set<ContainerId> seeking = new LinkedHashSet<>();
    for (ContainerId id : turn.renewal.queue()) {
      boolean moves = turn.containers.get(id).filter(each -> each.aim() == Aim.RUN).isPresent();
      if (moves && hasRoom(turn, id, false)) {
        seeking.add(id);
      }
    }
    turn.renewal = turn.renewal.withSeeking(seeking);
  }

  /**
   * Whether one more may be replaced. Whoever has not run again in time takes up the room of those
   * that nobody has asked for: what stops it may stop the others, too.
   */
  private static boolean hasRoom(Turn turn, ContainerId next, boolean asked) {
    Renewal renewal = turn.renewal;
    Set<ContainerId> busy = new LinkedHashSet<>(renewal.underWay().keySet());
    if (asked) {
      busy.removeAll(renewal.overdue());
    }
    if (next.equals(ContainerId.MANAGER)) {
      return busy.isEmpty() && !(asked && isAskedOfOthers(turn));
    }
    if (busy.contains(ContainerId.MANAGER)) {
      return false;
    }
    // What a user allows a restart no move may use up.
    boolean wider = asked && renewal.parallel() > 0;
    return busy.size() < (wider ? renewal.parallel() : turn.blueprint.disruption().budget());
  }

  private static boolean isAskedOfOthers(Turn turn) {
    return asked(turn).anyMatch(id -> !id.equals(ContainerId.MANAGER));
  }

  private static boolean isAskedOfAny(Turn turn) {
    return asked(turn).findAny().isPresent();
  }

  /** Whose turn is still to come because a user wants it. */
  private static Stream<ContainerId> asked(Turn turn) {
    return turn.renewal.queue().stream()
        .flatMap(id -> turn.containers.get(id).stream())
        .filter(container -> container.aim() == Aim.RENEW && isReplaceable(container))
        .map(Container::id);
  }

  private void begin(Turn turn, Container container, boolean asked, String why) {
    turn.renewal = turn.renewal.begun(container.id(), turn.now, asked);
    copies.occasion(turn, container, Occasion.RENEW, why);
    turn.say("container " + container.id() + " is " + why);
    watch(turn);
  }

  /** The alarm rings: too early if the clock was set back since it was set. */
  void alarm(Turn turn) {
    boolean early =
        turn.renewal
            .earliest()
            .filter(since -> since.plus(turn.blueprint.disruption().patience()).isAfter(turn.now))
            .isPresent();
    if (early) {
      watch(turn);
    }
  }

  /** Wakes up when the first has had its time. */
  private static void watch(Turn turn) {
    turn.renewal
        .earliest()
        .map(since -> since.plus(turn.blueprint.disruption().patience()))
        .ifPresent(deadline -> turn.timer(new Timer.Renewal(), deadline));
  }

  private void settle(Turn turn, ContainerId id) {
    Optional<Container> found = turn.containers.get(id);
    if (found.isEmpty() || found.get().life() == Life.RUNNING) {
      turn.renewal = turn.renewal.ended(id);
      return;
    }
    Instant since = turn.renewal.underWay().get(id);
    if (since.isAfter(turn.now)) {
      // The clock was set back.
      turn.renewal = turn.renewal.begun(id, turn.now, !turn.renewal.moves().contains(id));
    } else if (!turn.renewal.overdue().contains(id)
        && !since.plus(turn.blueprint.disruption().patience()).isAfter(turn.now)) {
      turn.renewal = turn.renewal.late(id);
      late(turn, found.get());
    }
  }

  /** A replaced container does not run again: whatever stops it may stop the others, too. */
  private void late(Turn turn, Container container) {
    int left = 0;
    for (Container each : turn.containers) {
      if (each.aim() == Aim.RENEW) {
        turn.put(each.withAim(Aim.RUN));
        left++;
      }
    }
    collect(turn);
    String story =
        "container "
            + container.id()
            + " has not run again within "
            + turn.blueprint.disruption().patience().toSeconds()
            + " s"
            + (container.reason().isEmpty() ? "" : " (" + container.reason() + ")")
            + (left == 0 ? "" : "; the restart of " + left + " others is given up");
    turn.say(story);
    turn.answer(
        awaited ->
            awaited instanceof Awaited.Renewed renewed
                && renewed.only().map(container.id()::equals).orElse(true),
        Outcome.refused(story));
  }

  private static void answer(Turn turn) {
    Renewal renewal = turn.renewal;
    // Moves do not count: they may wait for another place for as long as there is none.
    boolean all = renewal.hasDoneWhatWasAsked() && !isAskedOfAny(turn);
    turn.answer(
        awaited ->
            awaited instanceof Awaited.Renewed renewed
                && renewed.only().map(id -> !renewal.isReplacing(id)).orElse(all),
        Outcome.done("restarted"));
  }
}
