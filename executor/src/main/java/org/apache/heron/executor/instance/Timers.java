package org.apache.heron.executor.instance;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Periodic work of an instance, done on its own thread between tuples. Thread-safe. */
final class Timers {

  /** System.nanoTime may be negative and wrap round; differences to one origin may not. */
  private static final long ORIGIN = System.nanoTime();

  private static final class Timer {
    private final long periodNanos;
    private final Runnable work;
    private long dueNanos;

    Timer(long dueNanos, long periodNanos, Runnable work) {
      this.dueNanos = dueNanos;
      this.periodNanos = periodNanos;
      this.work = work;
    }
  }

  private final PriorityQueue<Timer> queue =
      new PriorityQueue<>(Comparator.comparingLong((Timer timer) -> timer.dueNanos - ORIGIN));

  /** Runs the work for the first time after one period. */
  synchronized void every(Duration period, long nowNanos, Runnable work) {
    long nanos = Math.max(1, period.toNanos());
    queue.add(new Timer(nowNanos + nanos, nanos, work));
  }

  /** When the next work is due, as System.nanoTime, but not later than {@code limitNanos}. */
  synchronized long nextNanos(long limitNanos) {
    Timer next = queue.peek();
    return next == null || next.dueNanos - limitNanos > 0 ? limitNanos : next.dueNanos;
  }

  /** Does what is due. A period that was missed is skipped, not made up for. */
  void run(long nowNanos) {
    Runnable work = takeDue(nowNanos);
    while (work != null) {
      work.run();
      work = takeDue(nowNanos);
    }
  }

  private synchronized Runnable takeDue(long nowNanos) {
    Timer next = queue.peek();
    if (next == null || next.dueNanos - nowNanos > 0) {
      return null;
    }
    queue.poll();
    next.dueNanos += next.periodNanos;
    if (next.dueNanos - nowNanos <= 0) {
      next.dueNanos = nowNanos + next.periodNanos;
    }
    queue.add(next);
    return next.work;
  }
}
