package org.apache.heron.framework.simulation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.heron.framework.storage.SimulatedZooKeeper.Fate;
import org.apache.heron.framework.storage.SimulatedZooKeeper.Passage;

/** A scheduler process' thread that writes, and its way to ZooKeeper. */
final class StoreLine implements Passage {
  private final World world;
  private final SchedulerProcess process;
  private final Dice dice;
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private boolean busy;

  /** Unwinds what a process was doing when it died. */
  private static final class Died extends Error {
    private static final long serialVersionUID = 1L;

    Died() {
      super("the process died", null, false, false);
    }
  }

  StoreLine(World world, SchedulerProcess process, Dice dice) {
    this.world = world;
    this.process = process;
    this.dice = dice;
  }

  /** Does that when what was to be done before is done. */
  void run(Runnable task) {
    tasks.add(task);
    work();
  }

  private void work() {
    if (process.isAlive() && !busy && !tasks.isEmpty()) {
      busy = true;
      world.agenda.after(
          0,
          () -> {
            try {
              if (process.isAlive()) {
                tasks.remove().run();
              }
            } catch (Died e) {
              tasks.clear();
            }
            busy = false;
            work();
          });
    }
  }

  /** Others go on while this process's store waits. */
  private void pass(long wait) {
    long until = world.agenda.now() + wait;
    world.goOnUntil(
        () -> !process.isAlive() || (!process.isPaused() && world.agenda.now() >= until), until);
    while (process.isAlive() && process.isPaused()) {
      long end = process.pausedUntil();
      world.goOnUntil(() -> !process.isAlive() || !process.isPaused(), end);
    }
    if (!process.isAlive()) {
      throw new Died();
    }
  }

  @Override
  public Fate request(boolean write) {
    pass(latency());
    Fate fate = world.weather.fate(write);
    if (fate != Fate.SERVED) {
      // A fault is one when it strikes, which for a write may be long after it was ordered.
      world.disturbed(Havoc.AFTERMATH);
    }
    return fate;
  }

  @Override
  public void answer() {
    pass(latency());
  }

  @Override
  public void later(Runnable request) {
    world.agenda.after(dice.anyScale(1, 10_000), request);
  }

  @Override
  public void sleep(Duration duration) {
    pass(Math.max(1, duration.toMillis()));
  }

  private long latency() {
    return dice.chance(0.9) ? dice.between(1, 5) : dice.between(5, 400);
  }
}
