package org.apache.heron.framework.driver;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Notices that nothing was heard for longer than expected: a half-open connection looks just like a
 * quiet one (Mesos, "Scheduler HTTP API", HEARTBEAT). Thread-safe.
 */
final class SilenceWatch {
  private final ScheduledExecutorService timer;
  private final Consumer<Duration> silent;
  private Duration limit = Duration.ZERO;
  private long heardNanos;
  private boolean scheduled;

  /**
   * Makes a watch that does not watch yet.
   *
   * @param silent called once on the timer's thread, with the limit that was passed
   */
  SilenceWatch(ScheduledExecutorService timer, Consumer<Duration> silent) {
    this.timer = timer;
    this.silent = silent;
  }

  /** From now on silence of this length is too long. */
  synchronized void expect(Duration newLimit) {
    limit = newLimit;
    heardNanos = System.nanoTime();
    // A shorter limit than before must not wait for the check of the longer one.
    scheduled = false;
    schedule(limit.toNanos());
  }

  /** Something came. */
  synchronized void heard() {
    heardNanos = System.nanoTime();
  }

  /** Watches no more. */
  synchronized void stop() {
    limit = Duration.ZERO;
  }

  private void schedule(long nanos) {
    if (!scheduled) {
      scheduled = true;
      try {
        timer.schedule(this::check, nanos, TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        // The driver is being closed, and the session with it.
        limit = Duration.ZERO;
      }
    }
  }

  private void check() {
    Duration passed;
    synchronized (this) {
      scheduled = false;
      long left = limit.toNanos() - (System.nanoTime() - heardNanos);
      if (limit.isZero()) {
        return;
      }
      if (left > 0) {
        schedule(left);
        return;
      }
      passed = limit;
      limit = Duration.ZERO;
    }
    silent.accept(passed);
  }
}
