package org.apache.heron.scheduler.local.core;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.heron.scheduler.local.core.Happening.Kind;

/** Decides what follows from an event. A pure function. */
public final class Core {
  /** So many clashes over ports in a row are bad luck; more are a fault like any other. */
  private static final int CLASHES = 5;

  private final Turn turn;

  private Core(Turn turn) {
    this.turn = turn;
  }

  /** What follows from the event at that time. */
  public static Decision decide(Fleet fleet, Event event, Instant now, Timing timing) {
    Turn turn = new Turn(fleet, now, timing);
    new Core(turn).take(event);
    new Answers(turn).give();
    new Renewal(turn).follow();
    turn.startWhatWaits();
    new Answers(turn).give();
    return turn.decision();
  }

  private void take(Event event) {
    if (event instanceof Event.Resumed resumed) {
      resumed(resumed);
    } else if (event instanceof Event.Wanted wanted) {
      wanted(wanted);
    } else if (event instanceof Event.Started started) {
      turn.present(started.id(), started.attempt()).ifPresent(c -> started(c, started));
    } else if (event instanceof Event.StartFailed failed) {
      turn.present(failed.id(), failed.attempt()).ifPresent(c -> failed(c, failed.reason()));
    } else if (event instanceof Event.Answered answered) {
      turn.present(answered.id(), answered.attempt())
          .filter(container -> container.life() == Life.STARTING)
          .ifPresent(container -> runs(container, ""));
    } else if (event instanceof Event.Unwell unwell) {
      turn.present(unwell.id(), unwell.attempt())
          .filter(container -> container.life() == Life.RUNNING && container.mark().isPresent())
          .ifPresent(container -> unwell(container, unwell.reason()));
    } else if (event instanceof Event.Ended ended) {
      turn.present(ended.id(), ended.attempt()).ifPresent(container -> ended(container, ended));
    } else if (event instanceof Event.RestartRequested restart) {
      new Renewal(turn).restart(restart);
    } else if (event instanceof Event.KillRequested kill) {
      kill(kill.ticket());
    } else if (event instanceof Event.Ticked) {
      ticked();
    }
  }

  private void resumed(Event.Resumed resumed) {
    turn.all().forEach(container -> resumed(container, resumed.alive()));
    if (resumed.killing()) {
      endAll();
    } else {
      want(resumed.ram());
    }
  }

  private void resumed(Container container, Set<Integer> alive) {
    switch (container.life()) {
      case WAITING -> {}
      case BACKING_OFF -> {
        // The clock may have been set meanwhile.
        Instant latest = turn.now.plus(turn.timing.backOffLongest());
        turn.put(container.draft().due(container.due().filter(latest::isAfter).orElse(latest)));
      }
      case STARTING, RUNNING, KILLING -> {
        if (container.mark().isEmpty()) {
          // The scheduler died while it started this one. A start begins with ending what is left.
          turn.put(container.draft().life(Life.WAITING, turn.now));
        } else if (alive.contains(container.id())) {
          adopted(container);
        } else {
          String reason = "ended while no scheduler ran";
          ended(container, new Event.Ended(container.id(), container.attempt(), reason, false));
        }
      }
    }
  }

  private void adopted(Container container) {
    Container.Draft draft = container.draft();
    draft.happened(Kind.TOOK_OVER, turn.now, "process " + container.mark().orElseThrow().pid());
    switch (container.life()) {
      case KILLING -> turn.end(draft.done(), container.reason());
      case STARTING -> turn.put(draft.due(turn.now.plus(turn.timing.answerWithin())));
      case RUNNING, WAITING, BACKING_OFF -> turn.put(draft);
    }
    turn.say("container " + container.id() + " goes on as process " + pid(container));
  }

  private static String pid(Container container) {
    return container.mark().map(mark -> Long.toString(mark.pid())).orElse("-");
  }

  private void wanted(Event.Wanted wanted) {
    if (turn.phase != Fleet.Phase.SERVING) {
      turn.reply(wanted.ticket(), Turn.BEING_KILLED);
      return;
    }
    turn.dropScaled("another plan has taken its place");
    want(wanted.ram());
    Set<Integer> added =
        turn.all().stream()
            .filter(container -> container.aim() != Aim.REMOVE && !container.proven())
            .map(Container::id)
            .collect(Collectors.toSet());
    turn.await(new Awaited.Scaled(wanted.ticket(), added));
  }

  private void want(Map<Integer, Long> ram) {
    turn.ram = ram;
    for (int id : new TreeSet<>(ram.keySet())) {
      Container container = turn.find(id).orElseGet(() -> Container.wanted(id, turn.now));
      turn.put(
          container.aim() == Aim.REMOVE
              ? container.draft().aim(Aim.RUN).failures(0)
              : container.draft());
    }
    for (Container container : turn.all()) {
      if (!ram.containsKey(container.id())) {
        turn.remove(container, "removed by an update");
      }
    }
  }

  private void started(Container container, Event.Started started) {
    Container.Draft draft =
        container.draft().mark(Optional.of(started.mark())).ports(started.ports());
    draft.happened(Kind.LAUNCHED, turn.now, "as process " + started.mark().pid());
    turn.put(draft.life(Life.STARTING, turn.now).due(turn.now.plus(turn.timing.answerWithin())));
    if (container.aim() == Aim.REMOVE) {
      turn.remove(turn.find(container.id()).orElseThrow(), "removed");
    }
  }

  private void runs(Container container, String note) {
    turn.put(
        container
            .draft()
            .life(Life.RUNNING, turn.now)
            .clashes(0)
            .proven()
            .happened(Kind.RUNNING, turn.now, note));
  }

  /** It is ended, which counts as a failure: {@link #ended} has it wait before the next start. */
  private void unwell(Container container, String reason) {
    turn.say("container " + container.id() + " is not well: " + reason);
    turn.end(container.draft().failures(failuresNow(container)).done(), reason);
  }

  private int failuresNow(Container container) {
    return turn.timing.isSettled(container, turn.now) ? 1 : container.failures() + 1;
  }

  private void failed(Container container, String reason) {
    int failures = failuresNow(container);
    turn.put(
        container
            .draft()
            .life(Life.BACKING_OFF, turn.now)
            .due(turn.now.plus(turn.timing.backOff(failures)))
            .failures(failures)
            // Perhaps it was the ports.
            .ports(List.of())
            .clashes(0)
            .mark(Optional.empty())
            .reason(reason)
            .happened(Kind.FAILED, turn.now, reason));
    turn.say("container " + container.id() + " failed: " + reason);
    if (container.aim() == Aim.REMOVE) {
      turn.forget(container.id());
    }
  }

  private void ended(Container container, Event.Ended ended) {
    if (container.life() == Life.KILLING || container.aim() == Aim.REMOVE) {
      Container.Draft draft =
          container
              .draft()
              .life(Life.WAITING, turn.now)
              .mark(Optional.empty())
              .happened(Kind.ENDED, turn.now, ended.reason());
      // Whoever is ended because somebody wants it so has its failures forgotten.
      if (container.life() == Life.KILLING && container.failures() > 0) {
        draft.life(Life.BACKING_OFF, turn.now);
        draft.due(turn.now.plus(turn.timing.backOff(container.failures())));
      }
      turn.put(draft);
      if (container.aim() == Aim.REMOVE) {
        turn.forget(container.id());
      }
    } else if (ended.portTaken() && container.clashes() < CLASHES) {
      turn.put(
          container
              .draft()
              .life(Life.WAITING, turn.now)
              .clashes(container.clashes() + 1)
              .mark(Optional.empty())
              .ports(List.of())
              .reason(ended.reason())
              .happened(Kind.FAILED, turn.now, ended.reason() + "; it gets other ports"));
    } else {
      failed(container, ended.reason());
    }
  }

  private void kill(Ticket ticket) {
    if (turn.phase == Fleet.Phase.SERVING) {
      turn.add(new Effect.SaveKill());
      turn.dropAll(Turn.BEING_KILLED);
      endAll();
    }
    turn.await(new Awaited.Killed(ticket));
  }

  private void endAll() {
    turn.phase = Fleet.Phase.KILLING;
    turn.all().forEach(container -> turn.remove(container, "the topology is killed"));
  }

  private void ticked() {
    for (Container container : turn.all()) {
      if (container.due().filter(due -> !due.isAfter(turn.now)).isEmpty()) {
        continue;
      }
      switch (container.life()) {
        case BACKING_OFF -> turn.put(container.draft().life(Life.WAITING, turn.now));
        case STARTING ->
            runs(
                container,
                "its web shell has not answered for "
                    + turn.timing.answerWithin().toSeconds()
                    + " s");
        case KILLING -> {
          turn.put(container.draft().due(turn.now.plus(turn.timing.killGrace())));
          container.mark().ifPresent(mark -> turn.add(new Effect.Destroy(container.id(), mark)));
        }
        case WAITING, RUNNING -> turn.put(container.draft().life(container.life(), turn.now));
      }
    }
  }
}
