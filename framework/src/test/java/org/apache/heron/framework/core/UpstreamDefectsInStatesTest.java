package org.apache.heron.framework.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What upstream's scheduler makes of tasks' states and users' commands, and this one does not. The
 * tags' numbers are those of docs/upstream-defects.md.
 */
class UpstreamDefectsInStatesTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  // Upstream never asks Mesos what has become of its tasks.
  @Test
  @Tag("upstream-3")
  void everyTaskOnRecordIsAskedForUntilMesosAnswersAndThenAllNowAndAgain() {
    Story story = Story.running(3);
    story.disconnected().subscribed();
    assertThat(explicit(story)).hasSize(1);
    assertThat(explicit(story).get(0).getReconcile().getTasksList())
        .allMatch(Call.Reconcile.Task::hasAgentId)
        .extracting(task -> task.getTaskId().getValue())
        .containsExactlyInAnyOrder(
            story.taskOf(0).value(), story.taskOf(1).value(), story.taskOf(2).value());
    story.reconciled(story.taskOf(0), TaskState.TASK_RUNNING);
    story.calls.clear();
    story.passes(Duration.ofSeconds(3));
    assertThat(explicit(story)).hasSize(1);
    assertThat(explicit(story).get(0).getReconcile().getTasksCount()).isEqualTo(2);
    story.reconciled(story.taskOf(1), TaskState.TASK_RUNNING);
    story.reconciled(story.taskOf(2), TaskState.TASK_RUNNING);
    story.calls.clear();
    story.passes(Duration.ofMinutes(10));
    assertThat(explicit(story)).isEmpty();
    assertThat(story.calls(Call.Type.RECONCILE)).isNotEmpty();
  }

  private static List<Call> explicit(Story story) {
    return story.calls(Call.Type.RECONCILE).stream()
        .filter(call -> call.getReconcile().getTasksCount() > 0)
        .toList();
  }

  // Upstream only logs disconnected, slaveLost, executorLost.
  @Test
  @Tag("upstream-4")
  void aLostAgentExecutorOrMasterIsActedUpon() {
    Story story = Story.running(2);
    story.happens(new Event.AgentLost(new AgentId("a1")));
    assertThat(explicit(story)).isNotEmpty();
    story.calls.clear();
    Task second = story.container(1).currentTask();
    story.happens(new Event.ExecutorLost(second.agent(), second.id().value()));
    assertThat(explicit(story)).isNotEmpty();
    story.disconnected();
    story.calls.clear();
    story.offeredBy("a1").kill();
    assertThat(story.calls).isEmpty();
    story.subscribed();
    assertThat(story.calls(Call.Type.KILL)).hasSize(2);
  }

  // Upstream's driver is aborted by error(), and its process waits for ever.
  @Test
  @Tag("upstream-4")
  void anErrorOfTheMasterIsSaidAndEndsOrIsTriedAgain() {
    Story refused = Story.running(1).happens(new Event.MasterError("Role 'x' is not known"));
    assertThat(refused.state.problem()).contains("Role 'x' is not known");
    refused.passes(LONG).disconnected().subscribed();
    assertThat(refused.state.problem()).isEmpty();
    Story replaced = Story.running(1).happens(new Event.MasterError("Framework failed over"));
    assertThat(replaced.state.problem()).contains("another scheduler process");
  }

  // Upstream knows only the states of Mesos 0.22.
  @ParameterizedTest
  @EnumSource(
      value = TaskState.class,
      names = {
        "TASK_LOST",
        "TASK_UNREACHABLE",
        "TASK_GONE",
        "TASK_GONE_BY_OPERATOR",
        "TASK_DROPPED",
        "TASK_UNKNOWN"
      })
  @Tag("upstream-5")
  void aCopyThatIsLostInAnyWayIsReplaced(TaskState lost) {
    Story story = Story.running(2);
    TaskId former = story.taskOf(1);
    story.updated(1, lost).passes(LONG).offeredBy("a3");
    assertThat(story.launched()).hasSize(1);
    assertThat(story.taskOf(1)).isNotEqualTo(former);
    assertThat(story.container(1).currentTask().agent().value()).isEqualTo("a3");
  }

  // Upstream ignores KILLING, and would not know that a copy is on its way out.
  @Test
  @Tag("upstream-5")
  void aCopyThatIsBeingKilledIsNotReplacedBeforeItsEnd() {
    Story story = Story.running(1).updated(0, TaskState.TASK_KILLING).offeredBy("a1");
    assertThat(story.launched()).isEmpty();
    story.updated(0, TaskState.TASK_KILLED).passes(LONG).offeredBy("a1");
    assertThat(story.launched()).hasSize(1);
  }

  // Upstream leaves tasks running that it does not know.
  @ParameterizedTest
  @ValueSource(strings = {"words-9-1-00000000", "container_1_1447000000000:0", "x"})
  @Tag("upstream-6")
  void aTaskThatNobodyKnowsIsKilled(String id) {
    Story story = Story.running(2);
    story.updated(new TaskId(id), TaskState.TASK_RUNNING, "a7");
    assertThat(story.calls(Call.Type.KILL)).hasSize(1);
    assertThat(story.calls(Call.Type.KILL).get(0).getKill().getTaskId().getValue()).isEqualTo(id);
    assertThat(story.calls(Call.Type.KILL).get(0).getKill().getAgentId().getValue())
        .isEqualTo("a7");
    assertThat(story.calls(Call.Type.ACKNOWLEDGE)).hasSize(1);
    assertThat(story.life(1)).isEqualTo(Life.RUNNING);
  }

  // Upstream starts another copy for each late or repeated word about an old attempt.
  @Test
  @Tag("upstream-7")
  void aTaskThatIsReportedDeadLateOrTwiceIsReplacedOnce() {
    Story story = Story.running(1);
    TaskId first = story.taskOf(0);
    story.updated(0, TaskState.TASK_FAILED).updated(first, TaskState.TASK_FAILED, "a1");
    story.passes(Duration.ofSeconds(2)).offeredBy("a1");
    TaskId second = story.taskOf(0);
    story.updated(0, TaskState.TASK_RUNNING);
    story.updated(first, TaskState.TASK_FAILED, "a1").updated(first, TaskState.TASK_LOST, "a1");
    story.passes(LONG).offeredBy("a1", "a2");
    assertThat(story.launched()).hasSize(1);
    assertThat(story.taskOf(0)).isEqualTo(second);
    assertThat(story.life(0)).isEqualTo(Life.RUNNING);
  }

  // Upstream counts attempts in memory and uses numbers again.
  @Test
  @Tag("upstream-7")
  void noTaskIdIsEverUsedTwice() {
    Story story = Story.of(1).subscribed();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      story.calls.clear();
      story.offeredBy("a1");
      assertThat(story.launched()).hasSize(1);
      assertThat(seen.add(story.taskOf(0).value())).isTrue();
      story.updated(0, TaskState.TASK_FAILED);
      if (i % 3 == 0) {
        story.restarted().subscribed();
      }
      story.passes(LONG);
    }
  }

  // Upstream leaves a hole where a container has finished.
  @Test
  @Tag("upstream-8")
  void aContainerThatFinishesIsStartedAgain() {
    Story story = Story.running(2);
    story.updated(1, TaskState.TASK_FINISHED).passes(Duration.ofSeconds(2)).offeredBy("a1");
    assertThat(story.launched()).hasSize(1);
    assertThat(story.container(1).reason()).isNotEmpty();
  }

  // Upstream starts a container that cannot run again at once, for ever.
  @Test
  @Tag("upstream-9")
  void aContainerThatKeepsFailingIsTriedEverLaterAndTheReasonIsKept() {
    Story story = Story.of(1).subscribed();
    for (int i = 0; i < 12; i++) {
      story.offeredBy("a1").updated(0, TaskState.TASK_FAILED).passes(LONG);
    }
    story.calls.clear();
    for (int minute = 0; minute < 60; minute++) {
      story.offeredBy("a1");
      if (story.life(0) == Life.LAUNCHING) {
        story.updated(0, TaskState.TASK_FAILED);
      }
      story.passes(Duration.ofMinutes(1));
    }
    assertThat(story.launched()).hasSizeBetween(2, 13);
    assertThat(story.container(0).failures()).isGreaterThan(12);
    assertThat(story.container(0).reason()).contains("said Mesos");
  }

  // Upstream puts the whole round back when one launch fails, and starts twice what did start.
  @Test
  @Tag("upstream-10")
  void whatWasNotLaunchedIsLaunchedAgainAndTheRestOfTheRoundIsNot() {
    Story story = Story.of(4).subscribed().offeredBy("a1", "a2");
    assertThat(story.calls(Call.Type.ACCEPT)).hasSize(2);
    List<Integer> lost =
        List.of(0, 1, 2, 3).stream()
            .filter(id -> story.container(id).currentTask().agent().value().equals("a1"))
            .toList();
    List<TaskId> never = lost.stream().map(story::taskOf).toList();
    // The second ACCEPT arrives, the first does not: the connection is gone.
    for (int id = 0; id < 4; id++) {
      if (!lost.contains(id)) {
        story.updated(id, TaskState.TASK_RUNNING);
      }
    }
    story.disconnected().subscribed();
    story.calls.clear();
    never.forEach(task -> story.reconciled(task, TaskState.TASK_GONE));
    story.passes(Duration.ofSeconds(2)).offeredBy("a1", "a2");
    assertThat(story.launched()).hasSize(lost.size());
    assertThat(story.launched())
        .extracting(task -> new TaskId(task.getTaskId().getValue()))
        .containsExactlyInAnyOrderElementsOf(lost.stream().map(story::taskOf).toList());
  }

  // Upstream refuses every update.
  @Test
  @Tag("upstream-17")
  void scalingStartsAndEndsJustTheContainersOfTheDifference() {
    Story story = Story.running(3);
    TaskId manager = story.taskOf(0);
    TaskId stays = story.taskOf(1);
    Task goes = story.container(2).currentTask();
    RequestId request = story.update(0, 1, 5, 6);
    assertThat(story.calls(Call.Type.KILL))
        .extracting(call -> call.getKill().getTaskId().getValue())
        .containsExactly(goes.id().value());
    story.passes(Duration.ofSeconds(1)).offeredBy("a1", "a2").runs(5).runs(6);
    assertThat(story.launched())
        .extracting(task -> new TaskId(task.getTaskId().getValue()))
        .containsExactlyInAnyOrder(story.taskOf(5), story.taskOf(6));
    assertThat(story.replies).as("container 2 still dies").doesNotContainKey(request);
    story.updated(goes.id(), TaskState.TASK_KILLED, goes.agent().value());
    assertThat(story.replies.get(request).ok()).isTrue();
    assertThat(story.state.containers().stream().map(each -> each.id().value()))
        .containsExactly(0, 1, 5, 6);
    assertThat(story.taskOf(0)).isEqualTo(manager);
    assertThat(story.taskOf(1)).isEqualTo(stays);
  }

  // Upstream fails with a NullPointerException.
  @Test
  @Tag("upstream-18")
  void aRestartOfAContainerThatIsNotThereIsRefusedWithThoseThatAre() {
    Story story = Story.running(2);
    RequestId request = story.restart(7);
    assertThat(story.replies.get(request).ok()).isFalse();
    assertThat(story.replies.get(request).message()).contains("7").contains("[0, 1]");
    assertThat(story.calls).isEmpty();
  }

  // Upstream kills an id that Mesos does not know, hears TASK_LOST and queues a second copy.
  @Test
  @Tag("upstream-18")
  void aRestartOfAContainerThatWaitsKillsNothingAndStartsOneCopy() {
    Story story = Story.of(2).subscribed();
    story.restart(1);
    assertThat(story.calls(Call.Type.KILL)).isEmpty();
    story.offeredBy("a1", "a2").passes(LONG).offeredBy("a1", "a2");
    assertThat(story.launched()).hasSize(2);
  }

  // Upstream ends while its tasks still die, and says "failed" to the second who asks.
  @Test
  @Tag("upstream-19")
  void aKillIsAnsweredWhenEveryTaskIsDeadAndToEachWhoAsks() {
    Story story = Story.running(2);
    RequestId first = story.kill();
    RequestId second = story.kill();
    story.updated(0, TaskState.TASK_KILLED).passes(Duration.ofSeconds(20));
    assertThat(story.replies).isEmpty();
    assertThat(story.finished).isFalse();
    assertThat(story.calls(Call.Type.TEARDOWN)).as("while one still dies").isEmpty();
    story.updated(1, TaskState.TASK_KILLED);
    assertThat(story.calls(Call.Type.TEARDOWN)).hasSize(1);
    story.happens(new Event.TornDown());
    assertThat(story.replies.get(first).ok()).isTrue();
    assertThat(story.replies.get(second).ok()).isTrue();
    assertThat(story.replies.get(story.kill()).ok()).isTrue();
    assertThat(story.records).isEmpty();
  }

  // Upstream fails with a NullPointerException.
  @Test
  @Tag("upstream-19")
  void aKillBeforeRegistrationEndsTheFramework() {
    Story story = Story.of(2);
    assertThat(story.replies.get(story.kill()).ok()).isTrue();
    assertThat(story.finished).isTrue();
  }

  // Upstream parses ids by splitting them; an exception in a callback aborts its driver.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "_",
        "container__:",
        "container_x_y:z",
        "container_99999999999999999999_1:1",
        "words-99999999999-1-00000000",
        "words-1-99999999999-00000000",
        "words-1-1-",
        "-1-1-00000000",
        "../../etc/passwd",
        "a b\nc"
      })
  @Tag("upstream-22")
  void anIdThatIsNotOursIsNoErrorWhateverItsForm(String id) {
    for (TaskState state : TaskState.values()) {
      Story story = Story.running(2);
      story.updated(new TaskId(id), state, "a1");
      assertThat(story.calls(Call.Type.ACKNOWLEDGE)).hasSize(1);
      assertThat(story.container(0).life()).isEqualTo(Life.RUNNING);
      assertThat(story.container(1).life()).isEqualTo(Life.RUNNING);
      story.happens(new Event.ExecutorLost(new AgentId("a1"), id));
    }
  }
}
