package org.apache.heron.executor.metrics;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.heron.api.metric.ConcurrentCountMetric;
import org.apache.heron.api.metric.CountMetric;
import org.apache.heron.api.metric.CumulativeCountMetric;
import org.apache.heron.api.metric.IMetric;
import org.apache.heron.api.metric.MultiCountMetric;
import org.apache.heron.executor.plane.UserMetric;

/**
 * What user code registered, and what was sampled of it: sampling resets a metric, so that nobody
 * else has what is not kept here. Counts are added up; of other metrics the last samples are kept,
 * which are more than there can be between two reports of a minute. Thread-safe.
 */
public final class UserMetrics {

  /** Buckets are a second long at least, reports a minute apart. */
  static final int MOST_SAMPLES = 64;

  /** A metric with many values has fewer samples kept. */
  static final int MOST_VALUES = 16_384;

  private static final int DEEPEST = 8;

  /** A metric of ours whose samples are to be added up, as those of heron-api's counts. */
  public interface Counts {}

  private static final class Series {
    private final Deque<Map<String, Object>> samples = new ArrayDeque<>();
    private final Map<String, Long> totals = new TreeMap<>();
    private long taken;
    private int values;

    void add(Map<String, Object> sample, boolean counts) {
      taken++;
      if (counts) {
        samples.clear();
        values = 0;
        sample.forEach(
            (name, value) -> {
              if (value instanceof Number number) {
                totals.merge(name, number.longValue(), Long::sum);
              }
            });
      }
      samples.addLast(sample);
      values += sample.size();
      while (samples.size() > 1 && (samples.size() > MOST_SAMPLES || values > MOST_VALUES)) {
        values -= samples.removeFirst().size();
      }
    }

    UserMetric snapshot() {
      return new UserMetric(taken, List.copyOf(samples), Map.copyOf(totals));
    }
  }

  private final Map<String, IMetric<?>> metrics = new TreeMap<>();
  private final Map<String, Series> series = new TreeMap<>();

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
    Map<String, Object> sample = new LinkedHashMap<>();
    takeApart(name, metric.getValueAndReset(), sample, DEEPEST);
    synchronized (this) {
      series.computeIfAbsent(name, n -> new Series()).add(sample, counts(metric));
    }
  }

  private static boolean counts(IMetric<?> metric) {
    return (metric instanceof CountMetric && !(metric instanceof CumulativeCountMetric))
        || metric instanceof ConcurrentCountMetric
        || metric instanceof MultiCountMetric
        || metric instanceof Counts;
  }

  /** Names as upstream's MetricsCollector gives them; what is null is nothing. */
  private static void takeApart(String name, Object value, Map<String, Object> into, int deepest) {
    if (value instanceof Map<?, ?> several && deepest > 0) {
      several.forEach((key, each) -> takeApart(name + "/" + key, each, into, deepest - 1));
    } else if (value instanceof Collection<?> several && deepest > 0) {
      int index = 0;
      for (Object each : several) {
        takeApart(name + "/" + index++, each, into, deepest - 1);
      }
    } else if (value != null) {
      into.put(name, immutable(value));
    }
  }

  /** User code goes on with its objects. */
  private static Object immutable(Object value) {
    if (value instanceof Long
        || value instanceof Integer
        || value instanceof Double
        || value instanceof Float
        || value instanceof Short
        || value instanceof Byte
        || value instanceof Boolean
        || value instanceof BigInteger
        || value instanceof BigDecimal) {
      return value;
    }
    if (value instanceof Number number) {
      boolean whole = number.doubleValue() == number.longValue();
      return whole ? (Number) number.longValue() : (Number) number.doubleValue();
    }
    return String.valueOf(value);
  }

  /** What was sampled of each metric by its name; those not sampled yet are left out. */
  public synchronized Map<String, UserMetric> snapshot() {
    Map<String, UserMetric> snapshot = new TreeMap<>();
    series.forEach((name, taken) -> snapshot.put(name, taken.snapshot()));
    return snapshot;
  }

  /** Forgets the metrics, but not the samples: a new instance will register its own. */
  public synchronized void clear() {
    metrics.clear();
  }
}
