package org.apache.heron.framework.metrics;

import com.codahale.metrics.Histogram;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A registry whose timers and histograms know their sum too, which an average over any time is made
 * of: Dropwizard's own know only the quantiles of late. Thread-safe.
 */
final class Figures extends MetricRegistry {

  @Override
  public Timer timer(String name) {
    return timer(name, SummedTimer::new);
  }

  @Override
  public Histogram histogram(String name) {
    return histogram(name, SummedHistogram::new);
  }

  /** A timer with a sum. */
  static final class SummedTimer extends Timer {
    private final LongAdder nanos = new LongAdder();

    @Override
    public void update(long duration, TimeUnit unit) {
      super.update(duration, unit);
      if (duration > 0) {
        nanos.add(unit.toNanos(duration));
      }
    }

    @Override
    public void update(Duration duration) {
      update(duration.toNanos(), TimeUnit.NANOSECONDS);
    }

    double sumSeconds() {
      return nanos.sum() / 1e9;
    }
  }

  /** A histogram with a sum. */
  static final class SummedHistogram extends Histogram {
    private final LongAdder total = new LongAdder();

    SummedHistogram() {
      super(new com.codahale.metrics.ExponentiallyDecayingReservoir());
    }

    @Override
    public void update(long value) {
      super.update(value);
      total.add(value);
    }

    long sum() {
      return total.sum();
    }
  }
}
