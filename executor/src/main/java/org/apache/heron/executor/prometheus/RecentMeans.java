package org.apache.heron.executor.prometheus;

import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.heron.executor.metrics.Figure;
import org.apache.heron.executor.metrics.Growth;

/**
 * Means of what has come lately, however many look and how often: since a moment one to two minutes
 * ago, or since the last look but one where looks are rarer. Not thread-safe.
 */
final class RecentMeans {
  private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final LongSupplier nanoTime;
  private Growth before = new Growth();
  private Growth next = new Growth();
  private Growth now = new Growth();
  private long sinceNanos;

  RecentMeans(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    sinceNanos = nanoTime.getAsLong();
  }

  /** The mean in nanoseconds, empty if nothing has come. */
  OptionalDouble of(String instance, Figure.Mean mean) {
    String key = instance + " " + mean.name();
    now.mean(key, mean.nanos(), mean.count());
    return before.mean(key, mean.nanos(), mean.count());
  }

  /** Ends a look. */
  void looked() {
    long nanos = nanoTime.getAsLong();
    if (nanos - sinceNanos >= PERIOD_NANOS) {
      sinceNanos = nanos;
      now.settle();
      before = next;
      next = now;
      now = new Growth();
    }
  }
}
