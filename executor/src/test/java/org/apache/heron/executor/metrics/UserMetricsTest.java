package org.apache.heron.executor.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.heron.api.metric.AssignableMetric;
import org.apache.heron.api.metric.CountMetric;
import org.apache.heron.api.metric.CumulativeCountMetric;
import org.apache.heron.api.metric.IMetric;
import org.apache.heron.api.metric.MultiCountMetric;
import org.apache.heron.executor.plane.UserMetric;
import org.junit.jupiter.api.Test;

/** Metrics that user code registers: sampling one resets it, so that nothing may be lost here. */
class UserMetricsTest {
  private final UserMetrics metrics = new UserMetrics();

  private UserMetric taken(String name) {
    return metrics.snapshot().get(name);
  }

  @Test
  void aCountIsTheSumOfAllItsBuckets() {
    CountMetric count = new CountMetric();
    metrics.register("seen", count);
    assertThat(metrics.snapshot()).as("before a bucket has ended").isEmpty();
    for (int bucket = 0; bucket < 100; bucket++) {
      count.incrBy(10);
      metrics.sample("seen");
    }
    assertThat(taken("seen").totals()).isEqualTo(Map.of("seen", 1_000L));
    assertThat(taken("seen").taken()).isEqualTo(100);
    assertThat(taken("seen").counts()).isTrue();
  }

  @Test
  void countsOfSeveralAreAddedUpByTheirNames() {
    MultiCountMetric count = new MultiCountMetric();
    metrics.register("seen", count);
    count.scope("a").incr();
    metrics.sample("seen");
    count.scope("a").incrBy(2);
    count.scope("b").incrBy(5);
    metrics.sample("seen");
    assertThat(taken("seen").totals()).isEqualTo(Map.of("seen/a", 3L, "seen/b", 5L));
  }

  @Test
  void whatIsNotResetIsNotAddedUp() {
    CumulativeCountMetric count = new CumulativeCountMetric();
    metrics.register("all", count);
    for (int bucket = 0; bucket < 3; bucket++) {
      count.incr();
      metrics.sample("all");
    }
    assertThat(taken("all").counts()).isFalse();
    assertThat(taken("all").last()).isEqualTo(Map.of("all", 3L));
  }

  @Test
  void samplesAreKeptUntilTheyAreReportedAndNotForEver() {
    AssignableMetric<Double> size = new AssignableMetric<>(0.5);
    metrics.register("size", size);
    metrics.sample("size");
    size.setValue(1.5);
    metrics.sample("size");
    assertThat(taken("size").samples())
        .isEqualTo(List.of(Map.of("size", 0.5), Map.of("size", 1.5)));
    for (int bucket = 0; bucket < 1_000; bucket++) {
      metrics.sample("size");
    }
    assertThat(taken("size").samples()).hasSize(UserMetrics.MOST_SAMPLES);
    assertThat(taken("size").taken()).isEqualTo(1_002);
  }

  @Test
  void ofAMetricWithManyValuesFewerSamplesAreKept() {
    Map<Integer, Integer> many =
        IntStream.range(0, 10_000).boxed().collect(Collectors.toMap(i -> i, i -> i));
    metrics.register("many", metric(many));
    metrics.sample("many");
    metrics.sample("many");
    assertThat(taken("many").samples()).hasSize(1);
    assertThat(taken("many").last()).hasSize(10_000).containsEntry("many/7", 7);
  }

  @Test
  void mapsAndCollectionsAreTakenApartAndNothingOfThemIsKept() {
    AtomicLong changing = new AtomicLong(4);
    Object value =
        Map.of(
            "a", Map.of("b", 2),
            "list", Arrays.asList(1.5, null, "text"),
            "changing", changing,
            "set", Collections.singleton(true));
    metrics.register("own", metric(value));
    metrics.sample("own");
    changing.set(5);
    assertThat(taken("own").last())
        .isEqualTo(
            Map.of(
                "own/a/b",
                2,
                "own/list/0",
                1.5,
                "own/list/2",
                "text",
                "own/changing",
                4L,
                "own/set/0",
                true));
  }

  @Test
  void aBucketWithoutAValueIsToldAsNone() {
    metrics.register("none", metric(null));
    metrics.sample("none");
    assertThat(taken("none").last()).isEmpty();
  }

  /** A new object of the component registers its own under the name. */
  @Test
  void anInstanceThatStartsAnewGoesOnCounting() {
    for (int life = 0; life < 2; life++) {
      CountMetric count = new CountMetric();
      metrics.register("seen", count);
      count.incr();
      metrics.sample("seen");
      assertThatThrownBy(() -> metrics.register("seen", count)).hasMessageContaining("seen");
      metrics.clear();
      metrics.sample("seen");
    }
    assertThat(taken("seen").totals()).isEqualTo(Map.of("seen", 2L));
  }

  private static IMetric<Object> metric(Object value) {
    return () -> value;
  }
}
