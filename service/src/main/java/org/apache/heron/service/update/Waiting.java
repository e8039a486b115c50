package org.apache.heron.service.update;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits for something in steps of an update. Thread-safe. */
final class Waiting {
  private static final Duration INTERVAL = Duration.ofMillis(200);

  private final Supplier<Optional<String>> stopped;

  /**
   * @param stopped why no step is to go on; asked all the time
   */
  Waiting(Supplier<Optional<String>> stopped) {
    this.stopped = stopped;
  }

  /** Looks once. */
  interface Look {
    /**
     * What is still missing, as one line; empty if nothing is.
     *
     * @throws UpdateFailedException if it will not come
     * @throws InterruptedException if it is not for this process to wait for it any more
     */
    Optional<String> missing() throws UpdateFailedException, InterruptedException;
  }

  /**
   * Looks until nothing is missing.
   *
   * @throws UpdateFailedException when it will not come, or has not in time
   * @throws InterruptedException when no step is to go on
   */
  void until(Duration limit, String limitKey, Look look)
      throws UpdateFailedException, InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      check();
      Optional<String> missing = look.missing();
      if (missing.isEmpty()) {
        return;
      }
      if (System.nanoTime() - end > 0) {
        throw new UpdateFailedException(
            missing.get() + " (after " + limit.toSeconds() + " s, " + limitKey + ")");
      }
      TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
    }
  }

  /** Lets so much time pass. */
  void pass(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      check();
      TimeUnit.NANOSECONDS.sleep(Math.min(left, INTERVAL.toNanos()));
    }
  }

  /**
   * To be called before each change of shared state.
   *
   * @throws InterruptedException when no step is to go on: not a failure, whoever schedules next
   *     goes on
   */
  void check() throws InterruptedException {
    Optional<String> why = stopped.get();
    if (why.isPresent()) {
      throw new InterruptedException(why.get());
    }
  }
}
