package org.apache.heron.executor.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.apache.heron.api.metric.GlobalMetrics;
import org.apache.heron.api.metric.IMetric;
import org.apache.heron.api.metric.IMetricsRegister;
import org.junit.jupiter.api.Test;

class GlobalCountsTest {
  private final String name = "bad-records-" + UUID.randomUUID();

  /** An instance that has registered them. */
  private static final class Instance implements IMetricsRegister {
    private IMetric<?> metric;

    Instance() {
      GlobalCounts.registerWith(this);
    }

    @Override
    public <T extends IMetric<U>, U> T registerMetric(String registered, T made, int seconds) {
      assertThat(registered).isEqualTo(GlobalMetrics.ROOT_NAME);
      assertThat(seconds).isEqualTo(60);
      metric = made;
      return made;
    }

    Object sample(String name) {
      return ((Map<?, ?>) metric.getValueAndReset()).get(name);
    }
  }

  /** The first of a JVM, which heron-api knows alone, may leave. */
  @Test
  void countsGoOnWhoeverOfAContainersInstancesIsStartedAnew() {
    Instance first = new Instance();
    GlobalMetrics.incrBy(name, 3);
    assertThat(first.sample(name)).isEqualTo(3L);
    Instance again = new Instance();
    GlobalMetrics.incrBy(name, 4);
    assertThat(again.sample(name)).isEqualTo(4L);
  }

  @Test
  void whatOneInstanceHasSampledNoOtherCountsAgain() {
    Instance first = new Instance();
    Instance second = new Instance();
    GlobalMetrics.incrBy(name, 3);
    assertThat(second.sample(name)).isEqualTo(3L);
    assertThat(first.sample(name)).isEqualTo(0L);
  }
}
