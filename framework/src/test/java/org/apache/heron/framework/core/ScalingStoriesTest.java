package org.apache.heron.framework.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.placement.OfferBuilder;
import org.apache.heron.framework.placement.Size;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.Test;

/** Containers come and go while the topology runs. */
class ScalingStoriesTest {
  private static final Size LARGER = new Size(2000, 512_000, 512_000, 9);

  @Test
  void whatIsNewIsLaunchedAndTheAnswerComesWhenItRuns() {
    Story story = Story.running(3);
    RequestId request = story.update(0, 1, 2, 5, 9);
    assertThat(story.calls(Call.Type.KILL)).isEmpty();
    story.passes(Duration.ofSeconds(1)).offeredBy("a1", "a2");
    assertThat(story.launched()).hasSize(2);
    story.runs(5);
    assertThat(story.replies).doesNotContainKey(request);
    story.runs(9);
    assertThat(story.replies.get(request).ok()).isTrue();
    assertThat(story.replies.get(request).message()).isEqualTo("added [5, 9], removed none");
    assertThat(story.container(1).attempt()).isEqualTo(1);
  }

  @Test
  void whatIsRemovedIsKilledAndForgottenOnlyWhenItIsDead() {
    Story story = Story.running(4);
    TaskId dying = story.taskOf(3);
    RequestId request = story.update(0, 1, 2);
    assertThat(story.calls(Call.Type.KILL)).hasSize(1);
    assertThat(story.life(3)).isEqualTo(Life.KILLING);
    assertThat(story.records.get(new ContainerId(3)).aim()).isEqualTo(Aim.REMOVE);
    assertThat(story.replies).doesNotContainKey(request);
    story.updated(dying, TaskState.TASK_KILLED, "a1");
    assertThat(story.state.containers().get(new ContainerId(3))).isEmpty();
    assertThat(story.records).hasSize(3);
    assertThat(story.calls(Call.Type.ACKNOWLEDGE)).hasSize(1);
    assertThat(story.replies.get(request).message()).isEqualTo("added none, removed [3]");
    story.offeredBy("a1").passes(Duration.ofMinutes(5));
    assertThat(story.launched()).isEmpty();
  }

  @Test
  void aRemovedContainerThatNeverRanIsForgottenAtOnce() {
    Story story = Story.of(3).subscribed();
    RequestId request = story.update(0, 1);
    assertThat(story.replies.get(request).ok()).isTrue();
    assertThat(story.state.containers().size()).isEqualTo(2);
    assertThat(story.calls(Call.Type.KILL)).isEmpty();
  }

  @Test
  void aKillOfARemovedContainerThatIsLostIsSentAgain() {
    Story story = Story.running(3);
    story.update(0, 1);
    story.passes(Duration.ofSeconds(11));
    assertThat(story.calls(Call.Type.KILL)).hasSize(3);
  }

  @Test
  void aRemovedCopyOutOfReachIsNotWaitedForAndIsKilledWhenItReturns() {
    Story story = Story.running(3);
    TaskId lost = story.taskOf(2);
    story.updated(2, TaskState.TASK_UNREACHABLE);
    RequestId request = story.update(0, 1);
    assertThat(story.replies.get(request).ok()).isTrue();
    story.calls.clear();
    story.updated(lost, TaskState.TASK_RUNNING, "a1");
    assertThat(story.calls(Call.Type.KILL)).hasSize(1);
  }

  @Test
  void aCopyThatFailsWhileItIsRemovedIsNotLaunchedAnew() {
    Story story = Story.running(3);
    story.update(0, 1);
    story.updated(2, TaskState.TASK_FAILED).passes(Duration.ofMinutes(6)).offeredBy("a1");
    assertThat(story.launched()).isEmpty();
    assertThat(story.state.containers().size()).isEqualTo(2);
  }

  @Test
  void aChangedSizeLeavesCopiesAloneAndIsThatOfTheNext() {
    Story story = Story.running(4);
    Map<ContainerId, Size> wanted = new TreeMap<>(story.plan);
    wanted.put(new ContainerId(1), LARGER);
    wanted.put(new ContainerId(3), LARGER);
    RequestId request = story.update(wanted);
    assertThat(story.replies.get(request).ok()).isTrue();
    story.passes(Duration.ofHours(1)).restarted().subscribed();
    assertThat(story.calls(Call.Type.KILL)).isEmpty();
    story.reconciled(story.taskOf(1), TaskState.TASK_RUNNING);
    story.restart(1);
    story.updated(1, TaskState.TASK_KILLED).passes(Duration.ofSeconds(1)).offeredBy("a1", "a2");
    assertThat(story.container(1).currentTask().cpus()).isEqualTo(2.0);
    assertThat(story.container(3).currentTask().cpus()).isEqualTo(1.0);
  }

  @Test
  void noCopyIsEndedForASizeThatNoAgentHas() {
    Story story = Story.running(5);
    Map<ContainerId, Size> wanted = new TreeMap<>();
    story.plan.keySet().forEach(id -> wanted.put(id, new Size(900_000, 512_000, 512_000, 9)));
    story.update(wanted);
    story.passes(Duration.ofHours(1)).offeredBy("a1", "a2").passes(Duration.ofHours(1));
    assertThat(story.calls(Call.Type.KILL)).isEmpty();
    assertThat(story.state.containers().count(Life.RUNNING)).isEqualTo(5);
  }

  @Test
  void whatIsOnRecordAndNoLongerInThePlanIsKilledFirstAfterAFailover() {
    Story story = Story.running(4);
    TaskId surplus = story.taskOf(3);
    story.plan.remove(new ContainerId(3));
    story.restarted();
    assertThat(story.records).hasSize(4);
    story.subscribed();
    assertThat(story.calls(Call.Type.KILL))
        .singleElement()
        .satisfies(
            call -> assertThat(call.getKill().getTaskId().getValue()).isEqualTo(surplus.value()));
    story.updated(surplus, TaskState.TASK_KILLED, "a1");
    assertThat(story.records).hasSize(3);
    assertThat(story.state.containers().size()).isEqualTo(3);
  }

  @Test
  void anUpdateCutOffByAFailoverGoesOnByThePlanAndCanBeRepeated() {
    Story story = Story.running(3);
    story.update(0, 1, 4);
    story.restarted().subscribed();
    assertThat(story.life(2)).isEqualTo(Life.KILLING);
    assertThat(story.life(4)).isEqualTo(Life.WAITING);
    RequestId again = story.update(0, 1, 4);
    assertThat(story.replies).doesNotContainKey(again);
    for (int i : new int[] {0, 1}) {
      story.reconciled(story.taskOf(i), TaskState.TASK_RUNNING);
    }
    story.updated(2, TaskState.TASK_KILLED).passes(Duration.ofSeconds(1)).offeredBy("a1");
    story.runs(4);
    assertThat(story.replies.get(again).ok()).isTrue();
    RequestId thrice = story.update(0, 1, 4);
    assertThat(story.replies.get(thrice).message()).isEqualTo("nothing had to be changed");
  }

  @Test
  void aSecondUpdateTakesThePlaceOfOneThatIsStuck() {
    Story story = Story.running(2);
    RequestId stuck = story.update(0, 1, 2);
    story.passes(Duration.ofHours(1));
    RequestId same = story.update(0, 1, 2);
    assertThat(story.replies).doesNotContainKeys(stuck, same);
    RequestId back = story.update(0, 1);
    assertThat(story.replies.get(stuck).ok()).isFalse();
    assertThat(story.replies.get(stuck).message()).contains("another update");
    assertThat(story.replies.get(same).ok()).isFalse();
    assertThat(story.replies.get(back).ok()).isTrue();
    assertThat(story.state.containers().size()).isEqualTo(2);
  }

  @Test
  void aContainerThatIsWantedAgainBeforeItIsDeadComesBack() {
    Story story = Story.running(3);
    story.update(0, 1);
    RequestId back = story.update(0, 1, 2);
    story.updated(2, TaskState.TASK_KILLED).passes(Duration.ofSeconds(1)).offeredBy("a1");
    story.runs(2);
    assertThat(story.replies.get(back).ok()).isTrue();
    assertThat(story.container(2).attempt()).isEqualTo(2);
  }

  @Test
  void noTaskIdIsUsedTwiceHoweverOftenAContainerComesAndGoes() {
    Story story = Story.running(2);
    Set<TaskId> used = new HashSet<>();
    for (int round = 0; round < 5; round++) {
      story.update(0, 1, 2);
      story.passes(Duration.ofSeconds(1)).offeredBy("a1");
      assertThat(used.add(story.taskOf(2))).isTrue();
      story.runs(2);
      story.update(0, 1);
      story.updated(2, TaskState.TASK_KILLED);
      if (round % 2 == 0) {
        story.restarted().subscribed();
      }
    }
  }

  @Test
  void anUpdateWithoutTopologyManagerOrWorkersIsRefused() {
    Story story = Story.running(2);
    for (RequestId request :
        new RequestId[] {story.update(Map.of()), story.update(1, 2), story.update(0)}) {
      assertThat(story.replies.get(request).ok()).isFalse();
      assertThat(story.replies.get(request).message()).contains("container 0 and at least one");
    }
    assertThat(story.calls(Call.Type.KILL)).isEmpty();
  }

  @Test
  void anUpdateWithoutAMasterIsDoneWhenThereIsOne() {
    Story story = Story.running(3).disconnected();
    RequestId request = story.update(0, 1, 7);
    story.passes(Duration.ofMinutes(1));
    assertThat(story.calls(Call.Type.KILL)).isEmpty();
    story.subscribed();
    assertThat(story.calls(Call.Type.KILL)).hasSize(1);
    story.updated(2, TaskState.TASK_KILLED).offeredBy("a1");
    story.runs(7);
    assertThat(story.replies.get(request).ok()).isTrue();
  }

  @Test
  void manyContainersCanGoAtOnceAndTheAnswerStaysShort() {
    Story story = Story.of(500).subscribed();
    story.offered(
        OfferBuilder.offer("O1", "a1").cpus(999).mem(999999).disk(999999).ports(1, 9999).build());
    for (int i = 0; i < 500; i++) {
      story.runs(i);
    }
    RequestId request = story.update(0, 7, 64, 65, 499);
    List<Integer> order = new ArrayList<>();
    story.state.containers().forEach(each -> order.add(each.id().value()));
    Collections.shuffle(order, new Random(3));
    for (int id : order) {
      if (story.life(id) == Life.KILLING) {
        assertThat(story.replies).doesNotContainKey(request);
        story.updated(id, TaskState.TASK_KILLED);
        assertThat(story.state.containers().get(new ContainerId(id))).isEmpty();
      }
    }
    assertThat(story.state.containers().stream().map(each -> each.id().value()))
        .containsExactly(0, 7, 64, 65, 499);
    assertThat(story.state.containers().count(Life.RUNNING)).isEqualTo(5);
    assertThat(story.state.containers().floor()).isEqualTo(1);
    assertThat(story.replies.get(request).message())
        .isEqualTo("added none, removed [1, 2, 3, 4, 5, 6, 8, 9, 10, 11] and 485 more");
  }
}
