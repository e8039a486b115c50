package org.apache.heron.framework.core;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;

/** The end of the topology: every copy dead, then the framework torn down, then nothing left. */
final class Ending {

  /** Goes on with a kill as far as it can be. Called after each event. */
  void pressOn(Turn turn) {
    if (turn.phase != Phase.KILLING && turn.phase != Phase.TEARING_DOWN) {
      return;
    }
    if (turn.frameworkId.isEmpty()) {
      // Mesos may be about to give us an id: then there is a framework to tear down.
      if (turn.link != Link.SUBSCRIBING) {
        finish(turn);
      }
      return;
    }
    if (!turn.mayAct() || turn.phase == Phase.TEARING_DOWN) {
      return;
    }
    Instant deadline = turn.now.plus(turn.timing().killLongest());
    // Later than that it can only be if the clock was set back.
    if (turn.killDeadline.isEmpty() || turn.killDeadline.get().isAfter(deadline)) {
      turn.killDeadline = Optional.of(deadline);
      turn.timer(new Timer.Kill(), deadline);
    }
    boolean late = !turn.killDeadline.get().isAfter(turn.now);
    if (late || allDeadOrOutOfReach(turn)) {
      turn.phase = Phase.TEARING_DOWN;
      tearDown(turn);
    }
  }

  /** The alarm of a kill rings. */
  void alarm(Turn turn) {
    tearDown(turn);
    turn.killDeadline
        .filter(deadline -> turn.phase == Phase.KILLING && deadline.isAfter(turn.now))
        .ifPresent(deadline -> turn.timer(new Timer.Kill(), deadline));
  }

  /** Sends TEARDOWN again, if it is time for it at all. */
  void tearDown(Turn turn) {
    if (turn.phase == Phase.TEARING_DOWN && turn.mayAct()) {
      turn.send(Calls.teardown(turn.id()));
      turn.timer(new Timer.Kill(), turn.now.plus(turn.timing().killAgain()));
    }
  }

  /**
   * Has the framework ended that Mesos will never let subscribe again: all that a kill can still
   * do. Its tasks end with it, each within its agent's grace period.
   */
  void tearDownUnsubscribed(Turn turn) {
    if ((turn.phase == Phase.KILLING || turn.phase == Phase.TEARING_DOWN)
        && turn.tenure == Tenure.HELD
        && turn.frameworkId.isPresent()) {
      // This write ends who was deposed before it ends anything.
      turn.recordFramework();
      turn.effect(new Effect.TearDown(turn.id()));
    }
  }

  private static boolean allDeadOrOutOfReach(Turn turn) {
    return Arrays.stream(Life.values())
        .filter(life -> life.hasTask() && life != Life.UNREACHABLE)
        .allMatch(life -> turn.containers.count(life) == 0);
  }

  /** There is no such framework in Mesos any more. */
  void tornDown(Turn turn) {
    if (turn.phase == Phase.KILLING || turn.phase == Phase.TEARING_DOWN) {
      finish(turn);
    }
  }

  /** Nothing of us is left in Mesos: removes what is on record, and ends. */
  void finish(Turn turn) {
    turn.phase = Phase.KILLED;
    turn.problem = "";
    for (Container container : turn.containers) {
      turn.putUnrecorded(container.waiting("", turn.now));
    }
    turn.effect(new Effect.Forget());
    turn.answer(awaited -> true, Outcome.done("killed"));
    turn.effect(new Effect.Finish());
  }
}
