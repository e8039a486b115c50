package org.apache.heron.framework.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.heron.framework.core.Containers;
import org.apache.heron.framework.core.Phase;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.history.History;
import org.junit.jupiter.api.Test;

/** Figures as a monitoring system reads them. */
class FrameworkMetricsTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-21T00:00:00Z"));
  private final FrameworkMetrics metrics =
      new FrameworkMetrics("words", "mesos", "ada", "default", now::get);

  private double figure(String name) {
    return ExpositionText.parse(metrics.exposition()).value(name);
  }

  @Test
  void whoStandsByAndWhoLeadsIsToldApart() {
    assertThat(figure("heron_leader")).isZero();
    assertThat(figure("heron_epoch")).isZero();
    metrics.tookOver(7);
    State state =
        State.restored(
            Phase.SERVING,
            Optional.empty(),
            Optional.empty(),
            Containers.of(List.of()),
            History.NONE);
    metrics.leads(() -> state, () -> 3, () -> 4);
    assertThat(figure("heron_leader")).isEqualTo(1);
    assertThat(figure("heron_epoch")).isEqualTo(7);
    assertThat(figure("heron_phase{phase=\"serving\"}")).isEqualTo(1);
    assertThat(figure("heron_mailbox_messages")).isEqualTo(3);
    assertThat(figure("heron_outbox_effects")).isEqualTo(4);
    metrics.steppedDown();
    assertThat(figure("heron_leader")).isZero();
    assertThat(figure("heron_phase{phase=\"serving\"}")).isZero();
    // It may be elected again, with other queues.
    metrics.leads(() -> state, () -> 5, () -> 6);
    assertThat(figure("heron_mailbox_messages")).isEqualTo(5);
    assertThat(figure("heron_outbox_effects")).isEqualTo(6);
  }

  @Test
  void aWriteThatDoesNotEndIsSeenWhileItLasts() {
    metrics.writing(12);
    now.set(now.get().plusSeconds(40));
    assertThat(figure("heron_write_pending_seconds")).isEqualTo(40);
    metrics.written(Duration.ofSeconds(40), true);
    assertThat(figure("heron_write_pending_seconds")).isZero();
    assertThat(figure("heron_write_seconds_sum")).isEqualTo(40);
    assertThat(figure("heron_write_records_sum")).isEqualTo(12);
    metrics.writing(1);
    metrics.steppedDown();
    now.set(now.get().plusSeconds(40));
    assertThat(figure("heron_write_pending_seconds")).as("of a process that led").isZero();
    metrics.written(Duration.ofSeconds(1), false);
    assertThat(figure("heron_write_failures_total")).isEqualTo(1);
    assertThat(figure("heron_write_seconds_count")).isEqualTo(1);
  }

  @Test
  void theDriversFiguresHaveNamesOfOurs() {
    metrics.registry().timer("mesos.calls.ACCEPT").update(1500, TimeUnit.MILLISECONDS);
    metrics.registry().meter("mesos.events.OFFERS").mark(2);
    metrics.calls(() -> 9);
    assertThat(figure("heron_mesos_call_seconds_sum{call=\"accept\"}")).isEqualTo(1.5);
    assertThat(figure("heron_mesos_call_seconds{call=\"accept\",quantile=\"0.5\"}")).isEqualTo(1.5);
    assertThat(figure("heron_mesos_events_total{event=\"offers\"}")).isEqualTo(2);
    assertThat(figure("heron_mesos_calls_waiting")).isEqualTo(9);
  }

  @Test
  void countersOfWhatCanHappenBeginAtZeroSoThatTheFirstIsAnIncrease() {
    List<String> names =
        List.of(
            "heron_failures_total{cause=\"container_limitation_memory\"}",
            "heron_failures_total{cause=\"container_launch_failed\"}",
            "heron_failures_total{cause=\"failed\"}",
            "heron_failures_total{cause=\"unknown\"}",
            "heron_status_updates_total{state=\"gone_by_operator\"}",
            "heron_offers_declined_total{reason=\"unfit\"}",
            "heron_reconciliations_total{kind=\"implicit\"}",
            "heron_commands_total{command=\"update\"}",
            "heron_mesos_events_total{event=\"rescind\"}");
    assertThat(names).allSatisfy(name -> assertThat(figure(name)).as(name).isZero());
  }

  @Test
  void whatNobodyHasMeasuredYetIsNoNumber() {
    metrics.registry().timer("mesos.calls.KILL");
    assertThat(figure("heron_mesos_call_seconds{call=\"kill\",quantile=\"0.5\"}")).isNaN();
    assertThat(figure("heron_mesos_call_seconds_count{call=\"kill\"}")).isZero();
  }

  @Test
  void namesWithQuotesAndLineFeedsDoNotBreakTheText() {
    String nasty = "a\"b\\c\nd} 1\nheron_leader 1";
    FrameworkMetrics strange =
        new FrameworkMetrics(nasty, "mesos", "ada", "default", Clock.systemUTC());
    ExpositionText text = ExpositionText.parse(strange.exposition());
    assertThat(text.value("heron_leader")).isZero();
    assertThat(text.samples().keySet()).anyMatch(name -> name.startsWith("heron_scheduler_info{"));
  }
}
