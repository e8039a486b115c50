package org.apache.heron.executor.registration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.executor.plane.InstanceCounters;
import org.apache.heron.proto.tmanager.TopologyManager.MetricDatum;
import org.apache.heron.proto.tmanager.TopologyManager.PublishMetrics;
import org.junit.jupiter.api.Test;

class MetricsReportTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_000_000);

  private final MetricsReport report = new MetricsReport("node7");

  @Test
  void theGrowthSinceTheLastReportIsTold() {
    assertThat(emitted(next(instance("count_3", 1_000)))).isEqualTo("1000");
    assertThat(emitted(next(instance("count_3", 1_250)))).isEqualTo("250");
    assertThat(emitted(next(instance("count_3", 1_250)))).isEqualTo("0");
  }

  /** Scaling down and up again gives the same ids; what is new begins at nothing. */
  @Test
  void anInstanceThatComesAgainUnderItsIdCountsAnew() {
    next(instance("count_3", 1_000));
    assertThat(emitted(next(instance("count_3", 5)))).isEqualTo("5");
    assertThat(next().getMetricsList()).isEmpty();
    assertThat(emitted(next(instance("count_3", 7)))).isEqualTo("7");
  }

  @Test
  void anExceptionIsToldWhenItHappensAgain() {
    assertThat(next(instance("count_3", 1, failure("at 1", 2))).getExceptionsList()).hasSize(1);
    assertThat(next(instance("count_3", 1, failure("at 1", 2))).getExceptionsList()).isEmpty();
    assertThat(next(instance("count_3", 1, failure("at 1", 3))).getExceptions(0).getCount())
        .isEqualTo(3);
  }

  private PublishMetrics next(InstanceCounters... instances) {
    return report.next(
        new ContainerCounters(
            1,
            "stmgr-1",
            "words-1",
            "RUNNING",
            1,
            false,
            List.of(),
            0,
            Map.of(),
            Map.of(),
            0,
            0,
            List.of(instances)),
        NOW);
  }

  private static String emitted(PublishMetrics published) {
    return published.getMetricsList().stream()
        .filter(metric -> metric.getName().equals("__emit-count/default"))
        .map(MetricDatum::getValue)
        .findFirst()
        .orElseThrow();
  }

  private static InstanceCounters.ExceptionReport failure(String trace, long count) {
    return new InstanceCounters.ExceptionReport(NOW.toEpochMilli(), count, "broken", trace);
  }

  private static InstanceCounters instance(
      String id, long emitted, InstanceCounters.ExceptionReport... exceptions) {
    return new InstanceCounters(
        id,
        "count",
        3,
        0,
        "BOLT",
        "RUNNING",
        1,
        Map.of("default", emitted),
        Map.of(),
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        exceptions.length,
        List.of(exceptions),
        Map.of());
  }
}
