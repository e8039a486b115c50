package org.apache.heron.executor.metrics;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * By how much numbers, which only grow, have grown since they were last told. What has shrunk
 * belongs to an instance that has come again under its id, and counts anew. Not thread-safe.
 */
public final class Growth {

  /** What is told at once; of a counter the second number is zero. */
  private record Sum(long value, long count) {}

  private Map<String, Sum> before = Map.of();
  private Map<String, Sum> now = new HashMap<>();

  /** By how much this has grown. */
  public long of(String key, long value) {
    return since(key, new Sum(value, 0)).value();
  }

  /** The mean of what was added, empty if nothing was. */
  public OptionalDouble mean(String key, long sum, long count) {
    Sum more = since(key, new Sum(sum, count));
    return more.count() == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) more.value() / more.count());
  }

  private Sum since(String key, Sum sum) {
    now.put(key, sum);
    Sum old = before.get(key);
    if (old == null || sum.value() < old.value() || sum.count() < old.count()) {
      return sum;
    }
    return new Sum(sum.value() - old.value(), sum.count() - old.count());
  }

  /** All is told: from here on it counts again. What was not asked for is forgotten. */
  public void settle() {
    before = now;
    now = new HashMap<>();
  }
}
