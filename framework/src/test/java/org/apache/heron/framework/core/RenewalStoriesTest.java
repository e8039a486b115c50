package org.apache.heron.framework.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.status.StatusReport;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.Test;

/** Running copies are replaced on purpose, few at a time. */
class RenewalStoriesTest {

  /** The container whose copy was killed last. */
  private static int killed(Story story) {
    List<Call> kills = story.calls(Call.Type.KILL);
    String task = kills.get(kills.size() - 1).getKill().getTaskId().getValue();
    return new org.apache.heron.framework.identity.TaskId(task).container().orElseThrow().value();
  }

  private static Story comesBack(Story story, int container) {
    story.updated(container, TaskState.TASK_KILLED).passes(Duration.ofSeconds(1));
    return story.offeredBy("a1", "a2").runs(container);
  }

  @Test
  void aRestartOfAllTakesOneAfterTheOtherAndContainerZeroLast() {
    Story story = Story.running(4);
    RequestId request = story.restartAll(1);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      assertThat(story.calls(Call.Type.KILL)).hasSize(1);
      int container = killed(story);
      order.add(container);
      story.passes(Duration.ofSeconds(4)).updated(container, TaskState.TASK_KILLED);
      story.passes(Duration.ofSeconds(1)).offeredBy("a1", "a2");
      story.updated(container, TaskState.TASK_STARTING);
      assertThat(story.replies).doesNotContainKey(request);
      story.calls.clear();
      story.updated(container, TaskState.TASK_RUNNING);
    }
    assertThat(order).containsExactly(1, 2, 3, 0);
    assertThat(story.replies.get(request).ok()).isTrue();
    assertThat(story.state.containers().stream().map(Container::attempt))
        .containsExactly(2, 2, 2, 2);
  }

  @Test
  void severalAtATimeIfAskedButContainerZeroAlone() {
    Story story = Story.running(6);
    RequestId request = story.restartAll(3);
    assertThat(story.calls(Call.Type.KILL)).hasSize(3);
    comesBack(story, 2);
    assertThat(story.life(4)).isEqualTo(Life.KILLING);
    for (int i : new int[] {1, 3, 4}) {
      comesBack(story, i);
    }
    assertThat(story.life(0)).isEqualTo(Life.RUNNING);
    comesBack(story, 5);
    assertThat(story.life(0)).isEqualTo(Life.KILLING);
    comesBack(story, 0);
    assertThat(story.replies.get(request).ok()).isTrue();
  }

  @Test
  void whoAsksTwiceWaitsForTheSameRestart() {
    Story story = Story.running(2);
    RequestId first = story.restartAll(1);
    RequestId second = story.restartAll(1);
    comesBack(story, 1);
    comesBack(story, 0);
    assertThat(story.replies.get(first).ok()).isTrue();
    assertThat(story.replies.get(second).ok()).isTrue();
    assertThat(story.container(1).attempt()).isEqualTo(2);
  }

  @Test
  void aRestartThatWasCutOffGoesOnWithThoseThatAreLeft() {
    Story story = Story.running(4);
    story.restartAll(1);
    comesBack(story, 1);
    assertThat(story.life(2)).isEqualTo(Life.KILLING);
    story.restarted();
    assertThat(story.state.containers().stream().filter(each -> each.aim() == Aim.RENEW))
        .hasSize(2);
    story.subscribed();
    // Container 2 was under way: its kill is repeated, and 3 waits for it.
    assertThat(story.calls(Call.Type.KILL)).hasSize(1);
    assertThat(killed(story)).isEqualTo(2);
    comesBack(story, 2);
    comesBack(story, 3);
    comesBack(story, 0);
    assertThat(story.state.containers().stream().map(Container::attempt))
        .containsExactly(2, 2, 2, 2);
    assertThat(story.state.renewal()).isEqualTo(Renewal.NONE);
  }

  @Test
  void aContainerThatDoesNotRunAgainStopsTheRestartOfTheOthers() {
    Story story = Story.running(4);
    RequestId request = story.restartAll(1);
    story.updated(1, TaskState.TASK_KILLED);
    story.passes(Duration.ofMinutes(9));
    assertThat(story.replies).doesNotContainKey(request);
    story.passes(Duration.ofMinutes(1));
    assertThat(story.replies.get(request).ok()).isFalse();
    assertThat(story.replies.get(request).message())
        .contains("container 1 has not run again within 600 s")
        .contains("the restart of 3 others is given up");
    assertThat(story.calls(Call.Type.KILL)).hasSize(1);
    story.offeredBy("a1").runs(1).passes(Duration.ofHours(1));
    assertThat(story.calls(Call.Type.KILL)).hasSize(1);
    assertThat(story.records.get(new ContainerId(2)).aim()).isEqualTo(Aim.RUN);
  }

  private static Optional<Set<Integer>> toRenew(Story story) {
    return StatusReport.of("words", "words-id-1", story.state, "").toRenew();
  }

  // Who follows a restart from outside must see when nobody goes on with it.
  @Test
  void theStatusSaysWhatIsStillToBeRestartedAlsoOfASuccessor() {
    Story story = Story.running(4);
    assertThat(toRenew(story)).hasValue(Set.of());
    story.restartAll(1);
    assertThat(toRenew(story)).hasValue(Set.of(0, 1, 2, 3));
    comesBack(story, 1);
    assertThat(toRenew(story)).hasValue(Set.of(0, 2, 3));
    story.updated(2, TaskState.TASK_KILLED).restarted();
    assertThat(toRenew(story)).as("not yet known").isEmpty();
    story.subscribed();
    assertThat(toRenew(story)).hasValue(Set.of(0, 2, 3));
    story.passes(Duration.ofMinutes(10));
    assertThat(toRenew(story)).as("given up").hasValue(Set.of());
    assertThat(story.life(2)).isNotEqualTo(Life.RUNNING);
  }

  @Test
  void aContainerThatIsDownByItselfIsNoRestart() {
    Story story = Story.running(2);
    story.updated(1, TaskState.TASK_FAILED);
    assertThat(toRenew(story)).hasValue(Set.of());
  }

  @Test
  void aCopyThatDiesBeforeItsTurnIsRestartedByThat() {
    Story story = Story.running(3);
    RequestId request = story.restartAll(1);
    story.updated(2, TaskState.TASK_FAILED);
    comesBack(story, 1);
    story.runs(2);
    assertThat(story.container(2).attempt()).isEqualTo(2);
    comesBack(story, 0);
    assertThat(story.replies.get(request).ok()).isTrue();
    assertThat(story.container(2).attempt()).isEqualTo(2);
  }

  @Test
  void aRestartOfOneDoesNotWaitForOthers() {
    Story story = Story.running(4);
    RequestId all = story.restartAll(1);
    RequestId one = story.restart(3);
    assertThat(story.calls(Call.Type.KILL)).hasSize(2);
    comesBack(story, 3);
    assertThat(story.replies.get(one).ok()).isTrue();
    assertThat(story.replies).doesNotContainKey(all);
    comesBack(story, 1);
    comesBack(story, 2);
    comesBack(story, 0);
    assertThat(story.replies.get(all).ok()).isTrue();
    assertThat(story.container(3).attempt()).isEqualTo(2);
  }

  @Test
  void nothingIsBegunWithoutAMaster() {
    Story story = Story.running(2).disconnected();
    story.restartAll(1);
    assertThat(story.state.containers().count(Life.RUNNING)).isEqualTo(2);
    story.subscribed();
    assertThat(story.calls(Call.Type.KILL)).hasSize(1);
  }

  @Test
  void aNegativeNumberAtATimeIsRefused() {
    Story story = Story.running(2);
    RequestId request = story.restartAll(-3);
    assertThat(story.replies.get(request).message()).contains("-3").contains("at least 1");
    assertThat(story.calls(Call.Type.KILL)).isEmpty();
  }

  @Test
  void aRestartOfAllThatFindsNoCopyIsDoneAtOnce() {
    Story story = Story.of(3).subscribed();
    RequestId request = story.restartAll(1);
    assertThat(story.replies.get(request).ok()).isTrue();
  }

  @Test
  void aClockThatIsSetBackDoesNotStopARestart() {
    Story story = Story.running(3);
    RequestId request = story.restartAll(1);
    story.now = story.now.minus(Duration.ofHours(2));
    story.updated(1, TaskState.TASK_KILLED).passes(Duration.ofMinutes(10));
    assertThat(story.replies.get(request).ok()).isFalse();
    story.kill();
    story.now = story.now.minus(Duration.ofHours(2));
    story.updated(2, TaskState.TASK_STARTING).passes(Duration.ofMinutes(1));
    assertThat(story.calls(Call.Type.TEARDOWN)).isNotEmpty();
  }

  @Test
  void anAlarmThatRingsEarlySinceTheClockWasSetBackIsSetAnew() {
    Story story = Story.running(3);
    RequestId request = story.restartAll(1);
    story.updated(1, TaskState.TASK_KILLED).disconnected();
    story.now = story.now.plus(Duration.ofMinutes(5));
    story.rings(new Timer.Renewal()).passes(Duration.ofMinutes(5));
    assertThat(story.replies.get(request).ok()).isFalse();
  }

  @Test
  void eachOfSeveralThatDoNotRunAgainIsToldAtItsTime() {
    Story story = Story.running(3);
    RequestId first = story.restart(1);
    story.updated(1, TaskState.TASK_KILLED).passes(Duration.ofMinutes(3));
    RequestId second = story.restart(2);
    story.updated(2, TaskState.TASK_KILLED).disconnected().passes(Duration.ofMinutes(7));
    assertThat(story.replies.get(first).ok()).isFalse();
    assertThat(story.replies).doesNotContainKey(second);
    story.passes(Duration.ofMinutes(3));
    assertThat(story.replies.get(second).ok()).isFalse();
  }

  /** The operator who waits for the agent, and the user, would wait for each other. */
  @Test
  void aRestartOfAllDoesNotWaitForOneThatIsToMoveAndFindsNoPlace() {
    Story story = Story.running(3);
    RequestId request = story.restartAll(1);
    comesBack(story, 1);
    String agent = story.container(1).currentTask().agent().value();
    story.announced("I1", agent, story.now.plusSeconds(300), Duration.ofHours(1));
    for (int next : new int[] {2, 0}) {
      story.updated(next, TaskState.TASK_KILLED).passes(Duration.ofSeconds(1)).offeredBy("a9");
      assertThat(story.replies).doesNotContainKey(request);
      story.runs(next);
    }
    assertThat(story.replies.get(request)).isEqualTo(Outcome.done("restarted"));
    assertThat(story.container(1).attempt()).isEqualTo(2);
  }

  @Test
  void whoIsDownWhenTheSchedulerFailsOverTakesUpRoomAndIsStillRestarted() {
    // Simulation, seed 3003: its mark was forgotten, and container 0 was not the last.
    Story story = Story.running(4);
    story.restart(2);
    story.updated(2, TaskState.TASK_KILLED).passes(Duration.ofSeconds(1)).offeredBy("a1");
    story.restartAll(0);
    assertThat(story.life(2)).isEqualTo(Life.LAUNCHING);
    story.restarted().subscribed();
    assertThat(story.state.containers().count(Life.RUNNING)).isEqualTo(3);
    story.runs(2);
    for (int next : List.of(1, 2, 3, 0)) {
      assertThat(story.life(next)).isEqualTo(Life.KILLING);
      assertThat(story.state.containers().count(Life.RUNNING)).isEqualTo(3);
      story.updated(next, TaskState.TASK_KILLED).passes(Duration.ofSeconds(1)).offeredBy("a1");
      story.runs(next);
    }
    assertThat(story.state.containers().count(Life.RUNNING)).isEqualTo(4);
    assertThat(story.state.renewal()).isEqualTo(Renewal.NONE);
  }
}
