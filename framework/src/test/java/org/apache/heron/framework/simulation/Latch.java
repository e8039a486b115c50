package org.apache.heron.framework.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Optional;

/**
 * The queue of those who stand for election, as {@code framework.election} has it in ZooKeeper: the
 * first leads, and a place is lost with the session. It decides who tries, and nothing else: who is
 * taken out of it may not know for a while.
 */
final class Latch {
  /** After which ZooKeeper ends a session that it does not hear of. */
  static final long SESSION = 15_000;

  private static final long LOOKS_EVERY = 500;

  private final World world;
  private final Dice dice;
  private final Deque<SchedulerProcess> queue = new ArrayDeque<>();
  private Optional<SchedulerProcess> first = Optional.empty();

  Latch(World world) {
    this.world = world;
    this.dice = new Dice(world.history.seed(), "latch");
  }

  /** True if schedulers of this history stand for election at all. */
  boolean isUsed() {
    return world.history.setting().manner().standbys() > 0;
  }

  void enter(SchedulerProcess process) {
    queue.add(process);
    elect();
  }

  void leave(SchedulerProcess process) {
    if (queue.remove(process)) {
      elect();
    }
  }

  private void elect() {
    Optional<SchedulerProcess> now = Optional.ofNullable(queue.peek());
    if (!now.equals(first)) {
      first = now;
      now.ifPresent(
          process ->
              world.agenda.after(
                  dice.between(1, 50),
                  () -> {
                    if (first.equals(now)) {
                      process.elected();
                    }
                  }));
    }
  }

  /** A dead process' place is taken away by who watches its port, or with its session. */
  void died(SchedulerProcess process) {
    world.agenda.after(dice.chance(0.7) ? dice.between(100, 2_000) : SESSION, () -> leave(process));
  }

  /** A process that stands still says nothing to ZooKeeper either. */
  void paused(SchedulerProcess process) {
    world.agenda.after(
        SESSION,
        () -> {
          if (process.isAlive() && process.isPaused()) {
            world.timeline.add("ZooKeeper", () -> "ends the session of " + process);
            leave(process);
            process.loseElectionAfter(dice.between(10, 3_000));
          }
        });
  }

  /** Somebody takes the first for dead, who is not. */
  void takeOut() {
    first.ifPresent(
        process -> {
          world.timeline.add("ZooKeeper", () -> "loses the place of " + process);
          leave(process);
          process.loseElectionAfter(dice.between(1_000, 30_000));
        });
  }

  /**
   * ZooKeeper is away. Clients find out a bit later; who is told that it is back within the time of
   * its session goes on, and the others have lost it.
   */
  void away(long wait) {
    for (SchedulerProcess process : new ArrayList<>(world.processes)) {
      if (process.isAlive()) {
        world.agenda.after(
            dice.between(10, 2_000),
            () -> {
              if (world.weather.isAway()) {
                process.suspend("ZooKeeper is away");
              }
            });
        world.agenda.after(wait + dice.between(1, 1_000), () -> back(process, wait));
      }
    }
  }

  private void back(SchedulerProcess process, long wait) {
    if (world.weather.isAway()) {
      // It went away once more, or had not been back.
      world.agenda.after(LOOKS_EVERY, () -> back(process, wait + LOOKS_EVERY));
      return;
    }
    if (wait >= SESSION) {
      leave(process);
      process.loseElectionAfter(1);
    } else {
      process.resume();
    }
  }
}
