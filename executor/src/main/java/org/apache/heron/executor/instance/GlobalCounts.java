package org.apache.heron.executor.instance;

import java.time.Duration;
import java.util.ConcurrentModificationException;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.api.metric.GlobalMetrics;
import org.apache.heron.api.metric.IMetric;
import org.apache.heron.api.metric.IMetricsRegister;
import org.apache.heron.executor.metrics.UserMetrics;

/**
 * heron-api's {@link GlobalMetrics}, of which a JVM has one: it registers itself with whoever asks
 * it first, and never again. Upstream has a JVM for each instance. Here a container's instances
 * share one, and each samples what has been counted since the last sample of any: their sums are
 * right, and go on whoever of them is started anew or leaves. Thread-safe.
 */
final class GlobalCounts {
  private static final Duration PERIOD = Duration.ofSeconds(60);

  /** Empty if user code has registered them with something of its own. */
  private static Optional<IMetric<?>> counts = Optional.empty();

  private GlobalCounts() {}

  /** Has them sampled there, too. */
  static synchronized void registerWith(IMetricsRegister register) {
    GlobalMetrics.init(new Catcher(), PERIOD);
    counts.ifPresent(
        found ->
            register.registerMetric(
                GlobalMetrics.ROOT_NAME, new Shared(found), Math.toIntExact(PERIOD.toSeconds())));
  }

  /** Takes hold of what is registered. */
  private static final class Catcher implements IMetricsRegister {
    @Override
    public <T extends IMetric<U>, U> T registerMetric(String name, T metric, int seconds) {
      counts = Optional.of(metric);
      return metric;
    }
  }

  /** Reads and resets for one of several, which must not count the same twice. */
  private record Shared(IMetric<?> metric) implements IMetric<Object>, UserMetrics.Counts {
    @Override
    public Object getValueAndReset() {
      synchronized (metric) {
        try {
          return metric.getValueAndReset();
        } catch (ConcurrentModificationException e) {
          // heron-api adds a name when it is counted first, which was just now, and guards nothing:
          // the counts of a minute are no reason to end an instance.
          return Map.of();
        }
      }
    }
  }
}
