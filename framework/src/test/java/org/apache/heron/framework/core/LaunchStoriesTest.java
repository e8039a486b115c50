package org.apache.heron.framework.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.OfferId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.placement.OfferBuilder;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.Test;

/** How containers come to run, and what is on record when. */
class LaunchStoriesTest {

  @Test
  void theFrameworkIdIsOnRecordBeforeAnythingElseIsSent() {
    Story story = Story.of(2);
    story.storeIsSlow = true;
    story.subscribed().offeredBy("a1");
    assertThat(story.callTypes()).containsExactly(Call.Type.SUBSCRIBE);
    assertThat(story.frameworkRecord.flatMap(RecordChange.Framework::frameworkId)).isEmpty();
    story.written();
    assertThat(story.frameworkRecord.flatMap(RecordChange.Framework::frameworkId))
        .hasValue(Story.FRAMEWORK);
  }

  @Test
  void noTaskIsLaunchedThatIsNotOnRecord() {
    Story story = Story.of(2).subscribed();
    story.storeIsSlow = true;
    story.offeredBy("a1");
    assertThat(story.launched()).isEmpty();
    assertThat(story.records).isEmpty();
    story.written();
    assertThat(story.launched()).hasSize(2);
    assertThat(story.records.get(new ContainerId(0)).life()).isEqualTo(Life.LAUNCHING);
    assertThat(story.records.get(new ContainerId(0)).currentTask().id().value())
        .isEqualTo(story.launched().get(0).getTaskId().getValue());
  }

  @Test
  void aStatusIsOnRecordBeforeItIsAcknowledged() {
    Story story = Story.of(1).subscribed().offeredBy("a1");
    story.storeIsSlow = true;
    story.updated(0, TaskState.TASK_RUNNING);
    assertThat(story.calls(Call.Type.ACKNOWLEDGE)).isEmpty();
    story.written();
    assertThat(story.calls(Call.Type.ACKNOWLEDGE)).hasSize(1);
    assertThat(story.records.get(new ContainerId(0)).life()).isEqualTo(Life.RUNNING);
  }

  @Test
  void whatWaitsForTheStoreIsWrittenTogetherInOneGo() {
    Story story = Story.of(3).subscribed().offeredBy("a1");
    story.calls.clear();
    story.storeIsSlow = true;
    story
        .updated(0, TaskState.TASK_RUNNING)
        .updated(1, TaskState.TASK_STARTING)
        .updated(1, TaskState.TASK_RUNNING)
        .updated(2, TaskState.TASK_RUNNING);
    story.written(); // the first
    story.written(); // all others
    assertThat(story.calls(Call.Type.ACKNOWLEDGE)).hasSize(4);
    assertThat(story.records.values()).allMatch(each -> each.life() == Life.RUNNING);
  }

  @Test
  void oneAcceptLaunchesAllThatGoesOnAnAgent() {
    Story story = Story.of(6).subscribed().offeredBy("a1", "a2");
    assertThat(story.calls(Call.Type.ACCEPT)).hasSize(2);
    assertThat(story.launched()).hasSize(6);
    assertThat(story.calls(Call.Type.ACCEPT))
        .allMatch(call -> call.getAccept().getOperations(0).getLaunch().getTaskInfosCount() == 3);
  }

  @Test
  void offersThatComeOneByOneAreGatheredSoThatContainersSpread() {
    Story story = Story.of(2).subscribed();
    story.happens(new Event.Offers(List.of(OfferBuilder.usual("O1", "a1"))));
    story.passes(Duration.ofMillis(9));
    story.happens(new Event.Offers(List.of(OfferBuilder.usual("O2", "a2"))));
    story.passes(Duration.ofSeconds(1));
    assertThat(story.launched().stream().map(task -> task.getAgentId().getValue()))
        .containsExactlyInAnyOrder("a1", "a2");
  }

  @Test
  void anOfferIsNeverHeldLongerThanTheGatheringTakes() {
    Story story = Story.of(1).subscribed();
    story.offered(OfferBuilder.offer("O1", "a1").cpus(0.1).mem(1).build());
    assertThat(story.state.held()).isEmpty();
    assertThat(story.calls(Call.Type.DECLINE)).hasSize(1);
  }

  @Test
  void aRescindedOfferIsNotUsed() {
    Story story = Story.of(1).subscribed();
    story.happens(new Event.Offers(List.of(OfferBuilder.usual("O1", "a1"))));
    story.happens(new Event.Rescinded(new OfferId("O1")));
    story.happens(new Event.Rescinded(new OfferId("never seen")));
    story.passes(Duration.ofSeconds(5));
    assertThat(story.launched()).isEmpty();
    assertThat(story.calls(Call.Type.DECLINE)).isEmpty();
    story.offeredBy("a1");
    assertThat(story.launched()).hasSize(1);
  }

  @Test
  void whoNeedsNothingIsSilentAndDeclinesForLong() {
    Story story = Story.of(1).subscribed().offeredBy("a1");
    assertThat(story.calls(Call.Type.SUPPRESS)).hasSize(1);
    story.calls.clear();
    story.offeredBy("a2").offeredBy("a3");
    assertThat(story.calls(Call.Type.SUPPRESS)).isEmpty();
    assertThat(story.calls(Call.Type.DECLINE))
        .hasSize(2)
        .allMatch(call -> call.getDecline().getFilters().getRefuseSeconds() == 600);
  }

  @Test
  void aContainerThatComesToWaitRevivesOffersOnce() {
    Story story = Story.running(2);
    story.passes(Duration.ofMinutes(1));
    story.updated(0, TaskState.TASK_FAILED).updated(1, TaskState.TASK_FAILED);
    assertThat(story.calls(Call.Type.REVIVE)).isEmpty();
    story.passes(Duration.ofSeconds(1));
    assertThat(story.calls(Call.Type.REVIVE)).hasSize(1);
    story.passes(Duration.ofMinutes(5));
    assertThat(story.calls(Call.Type.REVIVE)).hasSize(1);
    story.offeredBy("a1");
    assertThat(story.launched()).hasSize(2);
    assertThat(story.calls(Call.Type.SUPPRESS)).hasSize(1);
  }

  @Test
  void revivesAreRareHoweverManyContainersFailOneAfterTheOther() {
    Story story = Story.running(10);
    for (int i = 0; i < 10; i++) {
      story.updated(i, TaskState.TASK_FAILED).passes(Duration.ofMillis(100));
      story.offered(OfferBuilder.offer("small-" + i, "a1").cpus(0.1).mem(1).build());
    }
    story.passes(Duration.ofSeconds(3));
    assertThat(story.calls(Call.Type.REVIVE)).hasSizeBetween(1, 5);
  }

  @Test
  void aContainerThatDoesNotFitHoldsUpNobodyAndSaysWhatItLacks() {
    Story story = Story.of(2).subscribed();
    story.offered(
        OfferBuilder.offer("O1", "a1").cpus(1.5).mem(4096).disk(9999).ports(1, 99).build());
    assertThat(story.launched()).hasSize(1);
    assertThat(story.life(1)).isEqualTo(Life.WAITING);
    assertThat(story.state.refusals().get(new ContainerId(1)).text())
        .isEqualTo(
            "needs 1.0 cpus: 1 of 1 agent lacks 0.5; nearest: a1.example lacks 0.5 of 1.0 cpus");
    // What is left of the offer is declined with the ACCEPT: it is too small as it is.
    assertThat(story.calls(Call.Type.ACCEPT).get(0).getAccept().getFilters().getRefuseSeconds())
        .isEqualTo(30);
    assertThat(story.calls(Call.Type.SUPPRESS)).isEmpty();
  }

  @Test
  void taskIdsAreNeverUsedTwice() {
    Story story = Story.of(2).subscribed();
    Set<String> ids = new HashSet<>();
    for (int round = 0; round < 20; round++) {
      story.calls.clear();
      story.offeredBy("a1");
      for (TaskInfo task : story.launched()) {
        assertThat(ids.add(task.getTaskId().getValue())).isTrue();
      }
      story.updated(0, TaskState.TASK_FAILED).updated(1, TaskState.TASK_LOST);
      if (round % 3 == 0) {
        story.restarted().subscribed();
      }
      story.passes(Duration.ofMinutes(6));
    }
    assertThat(ids).hasSize(40);
    assertThat(story.container(0).attempt()).isEqualTo(20);
  }

  @Test
  void aTaskIdSaysWhichContainerAndAttemptItIs() {
    TaskId id = TaskId.of("my-topology-7", "my-topology-7-id", new ContainerId(12), 3);
    assertThat(id.value()).matches("my-topology-7-12-3-[0-9a-f]{8}");
    assertThat(id.container()).hasValue(new ContainerId(12));
    assertThat(id.attempt()).hasValue(3);
    assertThat(TaskId.of("a b/c", "x", new ContainerId(0), 1).value()).startsWith("a_b_c-0-1-");
    for (String foreign :
        List.of("", "x", "a-b-c-d", "t-1-99999999999-01234567", "container_1_5:0")) {
      assertThat(new TaskId(foreign).container()).isEmpty();
      assertThat(new TaskId(foreign).attempt()).isEmpty();
    }
  }

  @Test
  void aLaunchThatMesosNeverHeardOfIsAskedForAndTriedAgain() {
    Story story = Story.of(1).subscribed().offeredBy("a1");
    TaskId first = story.taskOf(0);
    story.calls.clear();
    story.passes(Duration.ofSeconds(30));
    assertThat(story.calls(Call.Type.RECONCILE)).hasSize(1);
    // Its agent is registered and does not know it (a new master would say TASK_UNKNOWN).
    story.reconciled(first, TaskState.TASK_GONE);
    assertThat(story.life(0)).isEqualTo(Life.WAITING);
    story.passes(Duration.ofSeconds(1)).offeredBy("a1");
    assertThat(story.taskOf(0)).isNotEqualTo(first);
  }

  @Test
  void offersOfAnEarlierConnectionAreForgotten() {
    Story story = Story.of(1).subscribed();
    story.happens(new Event.Offers(List.of(OfferBuilder.usual("O1", "a1"))));
    story.disconnected().passes(Duration.ofSeconds(5));
    assertThat(story.launched()).isEmpty();
    story.happens(new Event.Offers(List.of(OfferBuilder.usual("O1", "a1"))));
    story.passes(Duration.ofSeconds(5));
    assertThat(story.launched()).isEmpty();
    story.subscribed().offeredBy("a1");
    assertThat(story.launched()).hasSize(1);
  }

  // Whoever talks with a container by its first port finds the next copy there, if it can be.
  @Test
  void aContainerThatIsStartedAgainHasItsFirstPortAgainWhereItIsFree() {
    Story story = Story.running(3);
    int port = story.container(2).currentTask().ports().get(0);
    assertThat(port).as("not the lowest that is offered").isGreaterThan(1);
    OfferBuilder all = OfferBuilder.offer("O9", "a9").cpus(9).mem(9999).disk(9999).ports(1, 9999);
    story.updated(2, TaskState.TASK_FAILED).passes(Duration.ofSeconds(2)).offered(all.build());
    assertThat(story.container(2).currentTask().ports()).startsWith(port);
    story.restarted().subscribed().updated(2, TaskState.TASK_LOST);
    story.passes(Duration.ofMinutes(10)).offered(all.build());
    assertThat(story.container(2).currentTask().ports())
        .as("after a failover, and two failures: the port may be what it fails of")
        .doesNotContain(port);
  }
}
