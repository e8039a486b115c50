package org.apache.heron.scheduler.local.core;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;

/**
 * Replaces processes on purpose, few at a time: because a user wants it. Container 0 is the last,
 * so that the others find a topology manager that knows them when they come back.
 */
final class Renewal {
  /** A container that failed so often will hardly come up by itself; as submit judges. */
  private static final int HOPELESS_FAILURES = 5;

  private final Turn turn;

  Renewal(Turn turn) {
    this.turn = turn;
  }

  void restart(Event.RestartRequested request) {
    if (turn.phase != Fleet.Phase.SERVING) {
      turn.reply(request.ticket(), Turn.BEING_KILLED);
      return;
    }
    if (request.parallel() < 0) {
      turn.reply(
          request.ticket(),
          Outcome.refused(
              "cannot restart " + request.parallel() + " containers at a time; at least 1"));
      return;
    }
    List<Container> chosen =
        turn.all().stream()
            .filter(container -> container.aim() != Aim.REMOVE)
            .filter(c -> request.container().isEmpty() || request.container().get() == c.id())
            .toList();
    if (chosen.isEmpty() && request.container().isPresent()) {
      turn.reply(
          request.ticket(),
          Outcome.refused(
              "there is no container "
                  + request.container().get()
                  + "; the topology has "
                  + turn.all().stream().map(Container::id).toList()));
      return;
    }
    Map<Integer, Integer> attempts =
        chosen.stream().collect(Collectors.toMap(Container::id, Container::attempt));
    if (request.container().isEmpty()) {
      turn.parallel = Math.max(1, request.parallel());
      chosen.forEach(this::mark);
    } else {
      now(chosen.get(0));
    }
    turn.await(new Awaited.Renewed(request.ticket(), attempts));
  }

  private void mark(Container container) {
    if (container.life().hasProcess()) {
      turn.put(container.draft().aim(Aim.RENEW).failures(0));
    } else {
      now(container);
    }
  }

  private void now(Container container) {
    if (!container.life().hasProcess()) {
      // It has nothing to be restarted, but need not wait out its back-off.
      turn.put(container.draft().life(Life.WAITING, turn.now).failures(0));
    } else if (container.mark().isEmpty() || container.life() == Life.KILLING) {
      // Its process is just being started, or ends already and is replaced then.
      turn.put(container.draft().aim(Aim.RENEW).failures(0));
    } else {
      turn.put(container.draft().aim(Aim.RUN).failures(0));
      turn.end(turn.find(container.id()).orElseThrow(), "restarted by a user");
    }
  }

  /** Lets the next take their turn. */
  void follow() {
    if (turn.phase != Fleet.Phase.SERVING) {
      return;
    }
    giveUpHopeless();
    while (true) {
      Optional<Container> next = next();
      if (next.isEmpty()) {
        return;
      }
      Container container = next.get();
      turn.put(container.draft().aim(Aim.RUN));
      if (container.life() != Life.KILLING) {
        turn.end(turn.find(container.id()).orElseThrow(), "restarted");
      }
    }
  }

  /** The next that may be renewed now. */
  private Optional<Container> next() {
    List<Container> away =
        turn.all().stream()
            .filter(container -> container.aim() != Aim.REMOVE)
            .filter(container -> container.life() != Life.RUNNING)
            .toList();
    List<Container> marked =
        turn.all().stream()
            .filter(container -> container.aim() == Aim.RENEW && container.mark().isPresent())
            .sorted(
                Comparator.comparing((Container container) -> container.id() == 0)
                    .thenComparing(Container::id))
            .toList();
    if (marked.isEmpty()) {
      return Optional.empty();
    }
    int room = marked.get(0).id() == 0 ? 1 : turn.parallel;
    return away.size() < room ? Optional.of(marked.get(0)) : Optional.empty();
  }

  /** True if the container does not run, and is wanted and may be expected to. */
  static boolean mayComeUp(Container container) {
    return container.aim() != Aim.REMOVE
        && container.life() != Life.RUNNING
        && !isHopeless(container);
  }

  private static boolean isHopeless(Container container) {
    return container.failures() >= HOPELESS_FAILURES;
  }

  private void giveUpHopeless() {
    boolean awaited = false;
    for (Awaited each : turn.awaited()) {
      if (each instanceof Awaited.Renewed renewed) {
        awaited = true;
        renewed.attempts().keySet().stream()
            .flatMap(id -> turn.find(id).stream())
            .filter(Renewal::isHopeless)
            .findFirst()
            .ifPresent(container -> giveUp(renewed, container));
      }
    }
    if (!awaited) {
      giveUpUnawaited();
    }
  }

  /** Goes on from the records of a scheduler that died: who asked it may watch the status. */
  private void giveUpUnawaited() {
    boolean marked = turn.all().stream().anyMatch(container -> container.aim() == Aim.RENEW);
    if (marked) {
      turn.all().stream()
          .filter(each -> each.aim() != Aim.REMOVE && each.life() != Life.RUNNING)
          .filter(Renewal::isHopeless)
          .findFirst()
          .ifPresent(
              container -> {
                unmarkAll();
                turn.say(
                    "container "
                        + container.id()
                        + " does not come to run, so no other is restarted: "
                        + container.reason());
              });
    }
  }

  private void unmarkAll() {
    for (Container other : turn.all()) {
      if (other.aim() == Aim.RENEW) {
        turn.put(other.draft().aim(Aim.RUN));
      }
    }
  }

  private void giveUp(Awaited.Renewed renewed, Container container) {
    unmarkAll();
    turn.answered(
        renewed,
        Outcome.refused(
            "container "
                + container.id()
                + " does not come to run"
                + (renewed.attempts().size() > 1 ? ", so no other is restarted" : "")
                + "; it failed "
                + container.failures()
                + " times: "
                + container.reason()));
  }
}
