package org.apache.heron.framework.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.metrics.ExpositionText;
import org.apache.heron.framework.placement.OfferBuilder;
import org.apache.mesos.v1.Protos.TaskState;
import org.junit.jupiter.api.Test;

/** What the figures say of what has happened. */
class MetricsStoriesTest {

  private static double figure(Story story, String name) {
    return ExpositionText.parse(story.metrics.exposition()).value(name);
  }

  @Test
  void offersAreCountedByWhatBecameOfThem() {
    Story story = Story.of(1).subscribed();
    story.offered(OfferBuilder.offer("small", "a1").cpus(0.1).mem(1).build());
    story.passes(Duration.ofMinutes(1)).offeredBy("a2", "a3");
    story.offeredBy("a4").offeredBy("a5");
    assertThat(figure(story, "heron_offers_received_total")).isEqualTo(5);
    assertThat(figure(story, "heron_offers_declined_total{reason=\"unfit\"}")).isEqualTo(1);
    assertThat(figure(story, "heron_offers_accepted_total")).isEqualTo(1);
    assertThat(figure(story, "heron_offers_declined_total{reason=\"idle\"}")).isEqualTo(3);
    assertThat(figure(story, "heron_launches_total")).isEqualTo(1);
    assertThat(figure(story, "heron_offers_held")).isZero();
  }

  @Test
  void whatWaitsAndForHowLongIsSeenWhileItWaitsAndAfter() {
    Story story = Story.of(2).subscribed().passes(Duration.ofMinutes(3));
    assertThat(figure(story, "heron_waiting_longest_seconds")).isEqualTo(180);
    assertThat(figure(story, "heron_containers{life=\"waiting\"}")).isEqualTo(2);
    story.offeredBy("a1").passes(Duration.ofSeconds(7));
    story.updated(0, TaskState.TASK_RUNNING).updated(1, TaskState.TASK_RUNNING);
    assertThat(figure(story, "heron_waiting_longest_seconds")).isZero();
    assertThat(figure(story, "heron_containers{life=\"running\"}")).isEqualTo(2);
    assertThat(figure(story, "heron_place_seconds_count")).isEqualTo(2);
    assertThat(figure(story, "heron_place_seconds_sum")).isBetween(360.0, 362.0);
    assertThat(figure(story, "heron_start_seconds{quantile=\"0.99\"}")).isBetween(7.0, 7.1);
  }

  @Test
  void failuresAreCountedByTheirCause() {
    Story story = Story.of(1).subscribed().offeredBy("a1");
    TaskId task = story.taskOf(0);
    story.updated(task, TaskState.TASK_FAILED, "a1", "OOM", "REASON_CONTAINER_LIMITATION_MEMORY");
    story.updated(task, TaskState.TASK_FAILED, "a1", "OOM", "REASON_CONTAINER_LIMITATION_MEMORY");
    story.passes(Duration.ofMinutes(1)).offeredBy("a1").updated(0, TaskState.TASK_FINISHED);
    assertThat(figure(story, "heron_failures_total{cause=\"container_limitation_memory\"}"))
        .isEqualTo(1);
    assertThat(figure(story, "heron_failures_total{cause=\"finished\"}")).isEqualTo(1);
    assertThat(figure(story, "heron_status_updates_total{state=\"failed\"}")).isEqualTo(2);
    assertThat(figure(story, "heron_failures_in_a_row")).isEqualTo(2);
  }

  @Test
  void strangersAndCopiesThatStayedAwayAreCounted() {
    Story story = Story.running(1);
    TaskId away = story.taskOf(0);
    story.updated(0, TaskState.TASK_UNREACHABLE).passes(Duration.ofMinutes(10));
    story.updated(away, TaskState.TASK_RUNNING, "a1");
    story.updated(new TaskId("who is that"), TaskState.TASK_RUNNING, "a1");
    assertThat(figure(story, "heron_given_up_total")).isEqualTo(1);
    assertThat(figure(story, "heron_strangers_killed_total")).isEqualTo(2);
  }

  @Test
  void aReconciliationIsTimedFromTheSubscriptionToTheLastAnswer() {
    Story story = Story.running(2);
    assertThat(figure(story, "heron_reconciliation_seconds_count")).isZero();
    story.disconnected().subscribed();
    assertThat(figure(story, "heron_reconciliation_unanswered")).isEqualTo(2);
    story.passes(Duration.ofSeconds(1)).reconciled(story.taskOf(0), TaskState.TASK_RUNNING);
    story.passes(Duration.ofSeconds(4)).reconciled(story.taskOf(1), TaskState.TASK_RUNNING);
    assertThat(figure(story, "heron_reconciliation_seconds_count")).isEqualTo(1);
    assertThat(figure(story, "heron_reconciliation_seconds_sum")).isEqualTo(5);
    assertThat(figure(story, "heron_reconciliation_unanswered")).isZero();
    assertThat(figure(story, "heron_subscriptions_total")).isEqualTo(2);
    assertThat(figure(story, "heron_disconnections_total")).isEqualTo(1);
    assertThat(figure(story, "heron_subscribed")).isEqualTo(1);
  }
}
