package org.apache.heron.executor.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.executor.plane.InstanceCounters;
import org.apache.heron.executor.plane.InstanceCounters.ExceptionReport;
import org.apache.heron.executor.plane.StreamCounters;
import org.apache.heron.executor.plane.UserMetric;
import org.apache.heron.proto.tmanager.TopologyManager.MetricDatum;
import org.apache.heron.proto.tmanager.TopologyManager.PublishMetrics;
import org.apache.heron.proto.tmanager.TopologyManager.TmanagerExceptionLog;
import org.junit.jupiter.api.Test;

/** What the topology manager is told, and with it heron-tracker, heron-ui and heron-explorer. */
class MetricsReportTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_000_000);
  private static final long MILLI = 1_000_000;

  private final MetricsReport report =
      new MetricsReport(
          "node7", any -> true, () -> List.of(new Figure.Reading("__jvm-uptime-secs", 77)));

  /** An instance in the making. */
  private static final class Told {
    private final String id;
    private final String kind;
    private final List<StreamCounters> streams = new ArrayList<>();
    private final Map<String, UserMetric> userMetrics = new LinkedHashMap<>();
    private List<ExceptionReport> exceptions = List.of();
    private long emitted;
    private long nextTuples;
    private long nextTupleNanos;
    private long backPressureMillis;

    Told(String id, String kind) {
      this.id = id;
      this.kind = kind;
    }

    InstanceCounters counters() {
      return new InstanceCounters(
          id,
          "count",
          3,
          0,
          kind,
          "RUNNING",
          1,
          Map.of("default", emitted),
          streams,
          nextTuples,
          nextTupleNanos,
          0,
          0,
          backPressureMillis,
          0,
          exceptions.size(),
          exceptions,
          userMetrics);
    }
  }

  private static Told bolt(String id) {
    return new Told(id, "BOLT");
  }

  private static Told bolt(StreamCounters... inputs) {
    Told told = bolt("count_3");
    told.streams.addAll(Arrays.asList(inputs));
    return told;
  }

  private static Told emitting(String id, long emitted) {
    Told told = bolt(id);
    told.emitted = emitted;
    return told;
  }

  private static StreamCounters executed(String component, String stream, long count, long nanos) {
    return new StreamCounters(component, stream, count, nanos, 0, 0, 0, 0, 0, 0, 0);
  }

  private PublishMetrics next(Told... instances) {
    return report.next(
        container(Arrays.stream(instances).map(Told::counters).toArray(InstanceCounters[]::new)),
        NOW);
  }

  private static ContainerCounters container(InstanceCounters... instances) {
    return new ContainerCounters(
        1,
        "stmgr-1",
        "words-1",
        "RUNNING",
        1,
        false,
        List.of(),
        40,
        Map.of(),
        Map.of(),
        0,
        0,
        List.of(instances));
  }

  private static Map<String, String> of(String instance, PublishMetrics published) {
    return published.getMetricsList().stream()
        .filter(metric -> metric.getInstanceId().equals(instance))
        .collect(Collectors.toMap(MetricDatum::getName, MetricDatum::getValue));
  }

  private Map<String, String> count3(Told instance) {
    return of("count_3", next(instance));
  }

  @Test
  void theGrowthSinceTheLastReportIsTold() {
    String name = "__emit-count/default";
    assertThat(count3(emitting("count_3", 1_000))).containsEntry(name, "1000");
    assertThat(count3(emitting("count_3", 1_250))).containsEntry(name, "250");
    assertThat(count3(emitting("count_3", 1_250))).containsEntry(name, "0");
  }

  /** Scaling down and up again gives the same ids; what is new begins at nothing. */
  @Test
  void anInstanceThatComesAgainUnderItsIdCountsAnew() {
    String name = "__emit-count/default";
    next(emitting("count_3", 1_000));
    assertThat(count3(emitting("count_3", 5))).containsEntry(name, "5");
    assertThat(of("count_3", next())).isEmpty();
    assertThat(count3(emitting("count_3", 7))).containsEntry(name, "7");
  }

  @Test
  void timesAreNanosecondsAndStreamsHaveUpstreamsTwoNames() {
    assertThat(count3(bolt(executed("word", "default", 10, 20 * MILLI))))
        .contains(
            entry("__execute-count/default", "10"),
            entry("__execute-count/word/default", "10"),
            entry("__execute-time-ns/default", "20000000"),
            entry("__execute-latency/default", "2000000.0"),
            entry("__execute-latency/word/default", "2000000.0"));
  }

  @Test
  void aMeanIsOfWhatHasComeSinceTheLastReport() {
    next(bolt(executed("word", "default", 10, 20 * MILLI)));
    assertThat(count3(bolt(executed("word", "default", 12, 30 * MILLI))))
        .contains(
            entry("__execute-count/default", "2"), entry("__execute-latency/default", "5000000.0"));
    assertThat(count3(bolt(executed("word", "default", 12, 30 * MILLI))))
        .as("upstream tells no mean of nothing")
        .containsEntry("__execute-count/default", "0")
        .doesNotContainKey("__execute-latency/default");
  }

  @Test
  void inputsWhoseStreamsHaveOneNameAreOneUnderIt() {
    assertThat(
            count3(
                bolt(
                    executed("left", "default", 1, 10 * MILLI),
                    executed("right", "default", 3, 2 * MILLI),
                    executed("right", "late", 7, 7 * MILLI))))
        .contains(
            entry("__execute-count/default", "4"),
            entry("__execute-latency/default", "3000000.0"),
            entry("__execute-count/right/default", "3"),
            entry("__execute-count/late", "7"));
  }

  @Test
  void acksAndFailuresOfABoltAreToldByTheirInput() {
    assertThat(
            count3(bolt(new StreamCounters("word", "late", 9, 9, 8, 2, 6 * MILLI, 1, 1, MILLI, 0))))
        .contains(
            entry("__ack-count/late", "8"),
            entry("__ack-count/word/late", "8"),
            entry("__process-latency/late", "3000000.0"),
            entry("__fail-count/word/late", "1"),
            entry("__fail-latency/late", "1000000.0"))
        .doesNotContainKeys("__ack-count/default", "__complete-latency/late");
  }

  @Test
  void treesOfASpoutAreToldByItsOutput() {
    Told spout = new Told("count_3", "SPOUT");
    spout.streams.add(new StreamCounters("count", "out", 0, 0, 2, 2, 8 * MILLI, 3, 3, 3, 1));
    spout.nextTuples = 4;
    spout.nextTupleNanos = 2 * MILLI;
    assertThat(count3(spout))
        .contains(
            entry("__ack-count/out", "2"),
            entry("__complete-latency/out", "4000000.0"),
            entry("__fail-count/out", "3"),
            entry("__timeout-count/out", "1"),
            entry("__next-tuple-count", "4"),
            entry("__next-tuple-latency", "500000.0"))
        .doesNotContainKeys("__execute-count/out", "__ack-count/count/out");
  }

  @Test
  void theTopologyManagerIsToldWhatSomebodyAsksItFor() {
    MetricsReport told = new MetricsReport("node7", Figure::forTopologyManager, List::of);
    InstanceCounters bolt = bolt(executed("word", "default", 10, 20 * MILLI)).counters();
    assertThat(of("count_3", told.next(container(bolt), NOW)))
        .containsKeys("__execute-count/default", "__execute-latency/default")
        .doesNotContainKey("__execute-time-ns/default");
  }

  @Test
  void whatIsOfTheProcessIsToldOfEachInstance() {
    PublishMetrics published = next(bolt("count_3"), bolt("count_4"));
    assertThat(of("count_3", published)).containsEntry("__jvm-uptime-secs", "77");
    assertThat(of("count_4", published)).containsEntry("__jvm-uptime-secs", "77");
  }

  @Test
  void backPressureIsToldOfTheStreamManager() {
    Told bolt = bolt("count_3");
    bolt.backPressureMillis = 30;
    Told spout = new Told("word_1", "SPOUT");
    spout.backPressureMillis = 35; // held back, because of the bolt
    PublishMetrics published = next(bolt, spout);
    assertThat(of("stmgr-1", published))
        .containsOnly(
            entry("__server/__time_spent_back_pressure_initiated", "40"),
            entry("__time_spent_back_pressure_by_compid/count_3", "30"),
            entry("__time_spent_back_pressure_by_compid/word_1", "0"));
    assertThat(published.getMetricsList())
        .filteredOn(metric -> metric.getInstanceId().equals("stmgr-1"))
        .allMatch(metric -> metric.getComponentName().equals("__stmgr__"));
  }

  @Test
  void countsOfUserCodeAreAddedUpWhateverTheirBucket() {
    assertThat(count3(counted(6, 60))).containsEntry("seen/a", "60");
    assertThat(count3(counted(12, 100))).containsEntry("seen/a", "40");
    assertThat(count3(counted(12, 100)))
        .as("no bucket has ended since")
        .doesNotContainKey("seen/a");
  }

  private static Told counted(long taken, long total) {
    Told bolt = bolt("count_3");
    bolt.userMetrics.put(
        "seen", new UserMetric(taken, List.of(Map.of("seen/a", 10L)), Map.of("seen/a", total)));
    return bolt;
  }

  @Test
  void eachSampleOfUserCodeIsToldOnce() {
    assertThat(sizes(sampled(2, 1.5, 2.5))).containsExactly("1.5", "2.5");
    assertThat(sizes(sampled(2, 1.5, 2.5))).isEmpty();
    assertThat(sizes(sampled(3, 1.5, 2.5, 3.5))).containsExactly("3.5");
    assertThat(sizes(sampled(90, 4.5, 5.5))).as("what is left of them").hasSize(2);
    assertThat(sizes(sampled(1, 6.5))).as("a new instance under the id").containsExactly("6.5");
  }

  private static Told sampled(long taken, Double... values) {
    Told bolt = bolt("count_3");
    List<Map<String, Object>> samples =
        Arrays.stream(values).map(value -> Map.<String, Object>of("size", value)).toList();
    bolt.userMetrics.put("size", new UserMetric(taken, samples, Map.of()));
    return bolt;
  }

  private List<String> sizes(Told instance) {
    return next(instance).getMetricsList().stream()
        .filter(metric -> metric.getName().equals("size"))
        .map(MetricDatum::getValue)
        .toList();
  }

  @Test
  void anExceptionIsToldWhenItHappensAgain() {
    assertThat(exceptions(2)).hasSize(1);
    assertThat(exceptions(2)).isEmpty();
    assertThat(exceptions(3))
        .singleElement()
        .satisfies(
            told -> {
              assertThat(told.getCount()).isEqualTo(3);
              assertThat(told.getFirsttime()).isEqualTo("1970-01-01T00:00:05Z");
              assertThat(told.getLasttime()).isEqualTo("1970-01-01T00:00:09Z");
            });
  }

  private List<TmanagerExceptionLog> exceptions(long count) {
    Told bolt = bolt("count_3");
    bolt.exceptions = List.of(new ExceptionReport(5_000, 9_000, count, "broken", "at 1"));
    return next(bolt).getExceptionsList();
  }
}
