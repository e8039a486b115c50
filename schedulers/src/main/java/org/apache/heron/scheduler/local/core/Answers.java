package org.apache.heron.scheduler.local.core;

import org.apache.heron.spi.scheduler.IScheduler.Outcome;

/** Answers those whose wish is fulfilled. */
final class Answers {
  private final Turn turn;

  Answers(Turn turn) {
    this.turn = turn;
  }

  void give() {
    if (turn.phase == Fleet.Phase.KILLING && turn.all().isEmpty()) {
      turn.phase = Fleet.Phase.KILLED;
      turn.say("no container is left");
    }
    for (Awaited each : turn.awaited()) {
      if (each instanceof Awaited.Renewed renewed && isDone(renewed)) {
        int count = renewed.attempts().size();
        turn.answered(
            each, Outcome.done(count + (count == 1 ? " container" : " containers") + " restarted"));
      } else if (each instanceof Awaited.Scaled scaled && isDone(scaled)) {
        turn.answered(each, Outcome.done("all containers of the plan run"));
      } else if (each instanceof Awaited.Killed && turn.phase == Fleet.Phase.KILLED) {
        turn.answered(each, Outcome.done("killed"));
      }
    }
  }

  private boolean isDone(Awaited.Renewed renewed) {
    return renewed.attempts().entrySet().stream()
        .allMatch(
            entry ->
                turn.find(entry.getKey())
                    .map(
                        container ->
                            container.life() == Life.RUNNING
                                && container.aim() == Aim.RUN
                                && container.attempt() > entry.getValue())
                    .orElse(true));
  }

  private boolean isDone(Awaited.Scaled scaled) {
    boolean added =
        scaled.added().stream()
            .allMatch(
                id ->
                    turn.find(id).map(container -> container.life() == Life.RUNNING).orElse(true));
    return added && turn.all().stream().noneMatch(container -> container.aim() == Aim.REMOVE);
  }
}
