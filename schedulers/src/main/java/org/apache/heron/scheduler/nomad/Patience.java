package org.apache.heron.scheduler.nomad;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.heron.spi.scheduler.SchedulerException;

/** Waits for what Nomad does. */
final class Patience {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private Patience() {}

  /**
   * Looks until nothing is missing, ever less often.
   *
   * @param missing what is missing; empty if nothing is
   * @return what was still missing when time was up; empty if nothing was
   * @throws SchedulerException if interrupted
   */
  static Optional<String> until(Duration limit, Supplier<Optional<String>> missing) {
    long end = System.nanoTime() + limit.toNanos();
    Duration pause = FIRST;
    while (true) {
      Optional<String> now = missing.get();
      long left = end - System.nanoTime();
      if (now.isEmpty() || left <= 0) {
        return now;
      }
      try {
        TimeUnit.NANOSECONDS.sleep(Math.min(left, pause.toNanos()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SchedulerException("interrupted while it was waited for Nomad", e);
      }
      pause = pause.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : pause.multipliedBy(2);
    }
  }
}
