package org.apache.heron.executor.metrics;

import java.util.Map;
import java.util.TreeMap;
import org.apache.heron.api.metric.IMetric;

/** What user code registered, and the last sample of each. Thread-safe. */
public final class UserMetrics {

  private final Map<String, IMetric<?>> metrics = new TreeMap<>();
  private final Map<String, Object> samples = new TreeMap<>();

  /**
   * Adds a metric.
   *
   * @throws IllegalArgumentException if there is one of that name
   */
  public synchronized void register(String name, IMetric<?> metric) {
    if (metrics.putIfAbsent(name, metric) != null) {
      throw new IllegalArgumentException("metric " + name + " is registered already");
    }
  }

  /** Reads and resets a metric; to be called on the thread of user code. */
  public void sample(String name) {
    IMetric<?> metric;
    synchronized (this) {
      metric = metrics.get(name);
    }
    if (metric == null) {
      return;
    }
    Object value = metric.getValueAndReset();
    synchronized (this) {
      if (value == null) {
        samples.remove(name);
      } else {
        samples.put(name, value instanceof Map<?, ?> map ? copy(map) : value);
      }
    }
  }

  private static Map<String, Object> copy(Map<?, ?> map) {
    Map<String, Object> copy = new TreeMap<>();
    map.forEach((key, value) -> copy.put(String.valueOf(key), value));
    return copy;
  }

  /** The last samples by name. */
  public synchronized Map<String, Object> samples() {
    return new TreeMap<>(samples);
  }

  /** Forgets the metrics, but not the samples: a new instance will register its own. */
  public synchronized void clear() {
    metrics.clear();
  }
}
