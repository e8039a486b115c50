package org.apache.heron.executor.tmanager;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.heron.proto.tmanager.TopologyManager.ExceptionLogRequest;
import org.apache.heron.proto.tmanager.TopologyManager.MetricDatum;
import org.apache.heron.proto.tmanager.TopologyManager.MetricRequest;
import org.apache.heron.proto.tmanager.TopologyManager.MetricResponse.IndividualMetric;
import org.apache.heron.proto.tmanager.TopologyManager.PublishMetrics;
import org.apache.heron.proto.tmanager.TopologyManager.TmanagerExceptionLog;
import org.junit.jupiter.api.Test;

class StatsDeskTest {
  private static final Instant NOW = Instant.ofEpochSecond(6_000_000);

  private Instant now = NOW;
  private final StatsDesk desk =
      new StatsDesk(
          180,
          4,
          new Clock() {
            @Override
            public ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return this;
            }

            @Override
            public Instant instant() {
              return now;
            }
          });

  private void publish(String name, String... values) {
    PublishMetrics.Builder report = PublishMetrics.newBuilder();
    for (String value : values) {
      report.addMetrics(
          MetricDatum.newBuilder()
              .setComponentName("count")
              .setInstanceId("container_1_count_3")
              .setName(name)
              .setValue(value)
              .setTimestamp(NOW.getEpochSecond()));
    }
    desk.publish(report.build());
  }

  private List<IndividualMetric> ask(boolean minutely, String... names) {
    return ask(600, minutely, names);
  }

  private List<IndividualMetric> askAll(String... names) {
    return ask(-1, false, names);
  }

  private List<IndividualMetric> ask(int seconds, boolean minutely, String... names) {
    return desk.metrics(
            MetricRequest.newBuilder()
                .setComponentName("count")
                .addAllMetric(List.of(names))
                .setInterval(seconds)
                .setMinutely(minutely)
                .build())
        .getMetric(0)
        .getMetricList();
  }

  /** A reader takes an empty value for a broken number. */
  @Test
  void aMetricThatDoesNotExistIsLeftOut() {
    publish("__emit-count/default", "7");
    assertThat(ask(false, "__ack-count/none", "__emit-count/default"))
        .singleElement()
        .satisfies(metric -> assertThat(metric.getName()).isEqualTo("__emit-count/default"))
        .satisfies(metric -> assertThat(metric.getValue()).isEqualTo("7"));
    assertThat(ask(true, "__ack-count/none")).isEmpty();
    assertThat(ask(true, "__emit-count/default")).hasSize(1);
  }

  @Test
  void countsAreAddedUpTimesAveragedAndOfTheProcessTheLastCounts() {
    publish("__ack-count/late", "1", "2");
    publish("__execute-latency/late", "1000000.0", "3000000.0");
    publish("__jvm-gc-collection-time-ms", "40", "50");
    publish("__time_spent_back_pressure_by_compid/container_1_count_3", "40", "50");
    assertThat(
            ask(
                false,
                "__ack-count/late",
                "__execute-latency/late",
                "__jvm-gc-collection-time-ms",
                "__time_spent_back_pressure_by_compid/container_1_count_3"))
        .extracting(IndividualMetric::getValue)
        .containsExactly("3", "2000000", "50", "90");
  }

  @Test
  void whatIsNoNumberIsToldAsItIs() {
    publish("state", "4", "warming up");
    publish("size", "warming up", "4.25");
    publish("number", "1e3", "2");
    publish("word-count", "three");
    assertThat(ask(false, "state", "size", "number", "word-count"))
        .extracting(IndividualMetric::getValue)
        .containsExactly("warming up", "4.25", "2", "three");
  }

  @Test
  void theValuesOfSeveralMinutesAreOneUnlessEachIsAskedFor() {
    publish("__ack-count/late", "1");
    now = NOW.plusSeconds(60);
    publish("__ack-count/late", "2");
    publish("__execute-latency/late", "8.0");
    assertThat(ask(false, "__ack-count/late").get(0).getValue()).isEqualTo("3");
    assertThat(ask(true, "__ack-count/late").get(0).getIntervalValuesList())
        .extracting(value -> value.getInterval().getStart() + " " + value.getValue())
        .containsExactly("6000000 1", "6000060 2");
    now = NOW.plusSeconds(181 * 60);
    publish("__emit-count/late", "7");
    assertThat(askAll("__ack-count/late")).as("forgotten").isEmpty();
  }

  private TmanagerExceptionLog thrown(String first, String last, int count) {
    return TmanagerExceptionLog.newBuilder()
        .setComponentName("count")
        .setHostname("node7")
        .setInstanceId("container_1_count_3")
        .setStacktrace("java.lang.Error: boom\n\tat a.b")
        .setFirsttime(first)
        .setLasttime(last)
        .setCount(count)
        .build();
  }

  private void publish(TmanagerExceptionLog exception) {
    desk.publish(PublishMetrics.newBuilder().addExceptions(exception).build());
  }

  private List<TmanagerExceptionLog> exceptions() {
    return desk.exceptions(ExceptionLogRequest.newBuilder().setComponentName("count").build())
        .getExceptionsList();
  }

  /** A container that has started anew has seen it for the first time, the topology has not. */
  @Test
  void anExceptionKeepsTheTimeAtWhichItCameFirst() {
    publish(thrown("2026-01-01T00:00:00Z", "2026-01-01T00:00:09.5Z", 2));
    publish(thrown("2026-01-02T00:00:00.25Z", "2026-01-02T00:00:01Z", 1));
    assertThat(exceptions())
        .singleElement()
        .satisfies(
            told -> {
              assertThat(told.getFirsttime()).isEqualTo("2026-01-01T00:00:00Z");
              assertThat(told.getLasttime()).isEqualTo("2026-01-02T00:00:01Z");
            });
    assertThat(
            desk.exceptionSummary(
                    ExceptionLogRequest.newBuilder().setComponentName("count").build())
                .getExceptionsList())
        .singleElement()
        .satisfies(told -> assertThat(told.getFirsttime()).isEqualTo("2026-01-01T00:00:00Z"));
  }

  @Test
  void aTimeThatIsNoneHarmsNobody() {
    publish(thrown("yesterday", "today", 1));
    publish(thrown("2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z", 2));
    assertThat(exceptions())
        .singleElement()
        .satisfies(told -> assertThat(told.getFirsttime()).isEqualTo("yesterday"));
  }
}
