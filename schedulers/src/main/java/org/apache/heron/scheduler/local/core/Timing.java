package org.apache.heron.scheduler.local.core;

import java.time.Duration;
import java.time.Instant;

/**
 * How long what is waited for.
 *
 * @param backOffFirst before the first retry of a failed container; doubled with each failure
 * @param backOffLongest the longest back-off
 * @param settledAfter a process that ran so long has not failed: the back-off begins anew
 * @param killGrace how long a process has to end in order before it is ended by force
 * @param answerWithin how long a process may be silent before it counts as running all the same
 */
public record Timing(
    Duration backOffFirst,
    Duration backOffLongest,
    Duration settledAfter,
    Duration killGrace,
    Duration answerWithin) {

  /** What is right unless configured. */
  public static final Timing DEFAULT =
      new Timing(
          Duration.ofSeconds(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30));

  /** The wait after so many failures in a row, from 1. */
  Duration backOff(int failures) {
    int doublings = Math.min(Math.max(failures, 1) - 1, 30);
    Duration wait = backOffFirst.multipliedBy(1L << doublings);
    return wait.compareTo(backOffLongest) > 0 ? backOffLongest : wait;
  }

  /** True if its process has run long enough that earlier failures are forgotten. */
  boolean isSettled(Container container, Instant now) {
    return container.life() == Life.RUNNING && !container.since().plus(settledAfter).isAfter(now);
  }
}
