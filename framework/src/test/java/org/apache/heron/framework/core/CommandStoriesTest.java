package org.apache.heron.framework.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.heron.framework.identity.TaskId;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.Test;

/** What users ask for, and what comes of it. */
class CommandStoriesTest {

  @Test
  void aRestartWaitsForTheOldCopysEndAndAnswersWhenTheNewOneRuns() {
    Story story = Story.running(3);
    TaskId old = story.taskOf(1);
    RequestId request = story.restart(1);
    assertThat(story.calls(Call.Type.KILL)).hasSize(1);
    story.offeredBy("a1", "a2").passes(Duration.ofSeconds(4));
    assertThat(story.launched()).isEmpty();
    story.updated(old, TaskState.TASK_KILLED, "a1").offeredBy("a1", "a2");
    assertThat(story.launched()).hasSize(1);
    assertThat(story.container(1).failures()).isZero();
    assertThat(story.replies).doesNotContainKey(request);
    story.runs(1);
    assertThat(story.replies.get(request).ok()).isTrue();
  }

  @Test
  void aKillThatIsLostIsSentAgain() {
    Story story = Story.running(1);
    story.restart(0);
    story.passes(Duration.ofSeconds(11));
    assertThat(story.calls(Call.Type.KILL)).hasSize(3);
    story.disconnected().passes(Duration.ofMinutes(1));
    story.calls.clear();
    story.subscribed();
    assertThat(story.calls(Call.Type.KILL)).hasSize(1);
  }

  @Test
  void aRestartOfAWaitingContainerStartsNoSecondCopy() {
    Story story = Story.of(1).subscribed();
    RequestId request = story.restart(0);
    assertThat(story.replies.get(request).ok()).isTrue();
    assertThat(story.calls(Call.Type.KILL)).isEmpty();
    story.offeredBy("a1");
    assertThat(story.launched()).hasSize(1);
  }

  @Test
  void aRestartEndsABackOff() {
    Story story = Story.of(1).subscribed();
    for (int i = 0; i < 8; i++) {
      story.offeredBy("a1").updated(0, TaskState.TASK_FAILED);
      story.passes(Duration.ofMinutes(3));
    }
    story.offeredBy("a1").updated(0, TaskState.TASK_FAILED);
    assertThat(story.life(0)).isEqualTo(Life.BACKING_OFF);
    story.calls.clear();
    story.restart(0);
    story.passes(Duration.ofSeconds(1)).offeredBy("a1");
    assertThat(story.launched()).hasSize(1);
  }

  @Test
  void anUnknownContainerCannotBeRestarted() {
    Story story = Story.running(3);
    RequestId request = story.restart(7);
    assertThat(story.replies.get(request).ok()).isFalse();
    assertThat(story.replies.get(request).message()).contains("7").contains("[0, 1, 2]");
  }

  @Test
  void aKillWaitsForEachTaskThenTearsDownThenForgetsThenAnswers() {
    Story story = Story.running(3);
    RequestId request = story.kill();
    assertThat(story.calls(Call.Type.KILL)).hasSize(3);
    assertThat(story.frameworkRecord.orElseThrow().killing()).isTrue();
    story.updated(0, TaskState.TASK_KILLED).updated(1, TaskState.TASK_FINISHED);
    assertThat(story.calls(Call.Type.TEARDOWN)).isEmpty();
    story.updated(2, TaskState.TASK_KILLED);
    assertThat(story.calls(Call.Type.TEARDOWN)).hasSize(1);
    assertThat(story.records).isNotEmpty();
    assertThat(story.replies).doesNotContainKey(request);
    story.happens(new Event.TornDown());
    assertThat(story.records).isEmpty();
    assertThat(story.frameworkRecord).isEmpty();
    assertThat(story.replies.get(request).ok()).isTrue();
    assertThat(story.finished).isTrue();
    assertThat(story.launched()).isEmpty();
  }

  @Test
  void aKillCanBeRepeatedAtAnyTime() {
    Story story = Story.running(2);
    RequestId first = story.kill();
    RequestId second = story.kill();
    story.updated(0, TaskState.TASK_KILLED).updated(1, TaskState.TASK_KILLED);
    RequestId third = story.kill();
    story.happens(new Event.TornDown());
    RequestId fourth = story.kill();
    for (RequestId request : new RequestId[] {first, second, third, fourth}) {
      assertThat(story.replies.get(request).ok()).isTrue();
    }
  }

  @Test
  void aKillThatWasCutOffGoesOnByItself() {
    Story story = Story.running(3);
    story.kill();
    story.updated(0, TaskState.TASK_KILLED);
    story.restarted();
    assertThat(story.state.phase()).isEqualTo(Phase.KILLING);
    story.subscribed();
    assertThat(story.calls(Call.Type.KILL)).hasSize(2);
    story.reconciled(story.taskOf(1), TaskState.TASK_GONE);
    story.updated(2, TaskState.TASK_KILLED);
    assertThat(story.calls(Call.Type.TEARDOWN)).hasSize(1);
    // The process dies right after TEARDOWN: the next one learns that the framework is gone.
    story.restarted().happens(new Event.Connected());
    story.happens(new Event.MasterError("Framework has been removed"));
    assertThat(story.finished).isTrue();
    assertThat(story.records).isEmpty();
  }

  @Test
  void aTeardownThatIsLostIsSentAgain() {
    Story story = Story.running(1);
    story.kill();
    story.updated(0, TaskState.TASK_KILLED);
    story.passes(Duration.ofSeconds(5));
    assertThat(story.calls(Call.Type.TEARDOWN)).hasSize(2);
    story.calls.clear();
    story.disconnected().subscribed();
    assertThat(story.calls(Call.Type.TEARDOWN)).hasSize(1);
    story.passes(Duration.ofSeconds(5));
    assertThat(story.calls(Call.Type.TEARDOWN)).hasSize(2);
  }

  @Test
  void aTaskThatWillNotDieDoesNotHoldUpAKillForEver() {
    Story story = Story.running(2);
    story.kill();
    story.updated(0, TaskState.TASK_KILLED).passes(Duration.ofSeconds(59));
    assertThat(story.calls(Call.Type.TEARDOWN)).isEmpty();
    story.passes(Duration.ofSeconds(1));
    assertThat(story.calls(Call.Type.TEARDOWN)).hasSize(1);
  }

  @Test
  void timeWithoutAMasterDoesNotCutAKillShort() {
    Story story = Story.running(1);
    story.kill();
    story.disconnected().passes(Duration.ofHours(1)).subscribed();
    assertThat(story.calls(Call.Type.TEARDOWN)).isEmpty();
    story.updated(0, TaskState.TASK_KILLED);
    assertThat(story.calls(Call.Type.TEARDOWN)).hasSize(1);
  }

  @Test
  void aTaskOutOfReachIsNotWaitedForByAKill() {
    Story story = Story.running(2);
    story.updated(1, TaskState.TASK_UNREACHABLE);
    story.kill();
    story.updated(0, TaskState.TASK_KILLED);
    assertThat(story.calls(Call.Type.TEARDOWN)).hasSize(1);
  }

  @Test
  void aKillBeforeRegistrationEndsAtOnce() {
    Story story = Story.of(2);
    RequestId request = story.kill();
    assertThat(story.replies.get(request).ok()).isTrue();
    assertThat(story.finished).isTrue();
  }

  @Test
  void aKillWhileRegisteringTearsDownWhatIsRegistered() {
    Story story = Story.of(2).happens(new Event.Connected());
    RequestId request = story.kill();
    assertThat(story.finished).isFalse();
    story.happens(new Event.Subscribed(Story.FRAMEWORK, "m:5050"));
    assertThat(story.calls(Call.Type.TEARDOWN)).hasSize(1);
    story.happens(new Event.TornDown());
    assertThat(story.replies.get(request).ok()).isTrue();
    assertThat(story.finished).isTrue();
  }

  @Test
  void aKillWithoutAMasterIsOnRecordAndGoesOnWhenThereIsOne() {
    Story story = Story.running(1).disconnected();
    RequestId request = story.kill();
    assertThat(story.frameworkRecord.orElseThrow().killing()).isTrue();
    story.passes(Duration.ofHours(1));
    assertThat(story.replies).doesNotContainKey(request);
    story.subscribed();
    assertThat(story.calls(Call.Type.KILL)).hasSize(1);
    story.updated(0, TaskState.TASK_KILLED);
    assertThat(story.calls(Call.Type.TEARDOWN)).hasSize(1);
  }

  @Test
  void nothingIsRestartedOrLaunchedDuringAKill() {
    Story story = Story.of(2).subscribed();
    story.offeredBy("a1").updated(0, TaskState.TASK_RUNNING).updated(1, TaskState.TASK_FAILED);
    story.calls.clear();
    story.kill();
    RequestId restart = story.restart(0);
    assertThat(story.replies.get(restart).ok()).isFalse();
    assertThat(story.replies.get(restart).message()).contains("being killed");
    story.passes(Duration.ofSeconds(10)).offeredBy("a1");
    assertThat(story.launched()).isEmpty();
  }

  @Test
  void aKillEndsWhatUsersWaitForAndNothingIsBegunAnyMore() {
    Story story = Story.running(3);
    RequestId restart = story.restartAll(1);
    RequestId update = story.update(0, 1, 2, 3);
    RequestId kill = story.kill();
    for (RequestId cutOff : new RequestId[] {restart, update}) {
      assertThat(story.replies.get(cutOff).ok()).isFalse();
      assertThat(story.replies.get(cutOff).message()).isEqualTo("the topology is being killed");
    }
    for (int i = 0; i < 3; i++) {
      story.updated(i, TaskState.TASK_KILLED);
    }
    story.offeredBy("a1").happens(new Event.TornDown());
    assertThat(story.launched()).isEmpty();
    assertThat(story.replies.get(kill).ok()).isTrue();
    assertThat(story.records).isEmpty();
  }

  @Test
  void whoAsksTooOftenIsRefusedAndTheRestIsAnswered() {
    Story story = Story.running(1);
    List<RequestId> kills = new ArrayList<>();
    for (int i = 0; i < 1_100; i++) {
      kills.add(story.kill());
    }
    assertThat(story.state.pending()).hasSize(1_000);
    assertThat(story.replies.get(kills.get(1_050)).message()).contains("1000 commands wait");
    story.updated(0, TaskState.TASK_KILLED).happens(new Event.TornDown());
    assertThat(story.replies.get(kills.get(999)).ok()).isTrue();
    assertThat(story.state.pending()).isEmpty();
  }
}
