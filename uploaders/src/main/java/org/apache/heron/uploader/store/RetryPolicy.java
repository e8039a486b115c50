package org.apache.heron.uploader.store;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.heron.spi.config.Config;

/**
 * When a step that failed is tried again: after a pause that doubles each time. Part of it is left
 * to chance, so that many who failed together do not come back together. Pure.
 *
 * @param attempts in all, at least one
 * @param first pause, before chance shortens it
 */
public record RetryPolicy(int attempts, Duration first) {
  static final Duration LONGEST = Duration.ofSeconds(15);

  private static final String COUNT_KEY = "heron.uploader.retry.count";
  private static final String INTERVAL_KEY = "heron.uploader.retry.interval.ms";

  /** One attempt, for what is done on the way out. */
  static final RetryPolicy ONCE = new RetryPolicy(1, Duration.ZERO);

  /** As the configuration says. */
  static RetryPolicy of(Config config) {
    long attempts = config.number(COUNT_KEY, 4);
    if (attempts < 1 || attempts > 100) {
      throw config.malformed(COUNT_KEY, attempts, "between 1 and 100");
    }
    return new RetryPolicy(
        (int) attempts, config.duration(INTERVAL_KEY, ChronoUnit.MILLIS, Duration.ofMillis(500)));
  }

  /**
   * How long to wait before the next attempt; empty if there is none.
   *
   * @param failed attempts so far, at least one
   * @param chance from 0 (half the pause) to 1 (all of it)
   */
  Optional<Duration> pause(int failed, double chance) {
    if (failed >= attempts) {
      return Optional.empty();
    }
    long millis = Math.min(first.toMillis(), LONGEST.toMillis());
    for (int doubled = 1; doubled < failed && millis < LONGEST.toMillis(); doubled++) {
      millis = Math.min(millis * 2, LONGEST.toMillis());
    }
    return Optional.of(Duration.ofMillis(Math.round(millis * (0.5 + chance / 2))));
  }
}
