package org.apache.heron.framework.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.heron.framework.identity.TaskId;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.Test;

/** Mesos is asked, now and then, about all that is believed to run. */
class ReconciliationStoriesTest {
  private static final Duration SWEEP = Timing.DEFAULT.sweepEvery();
  private static final Duration ANSWERS = Timing.DEFAULT.reconcileFirst();

  /** A story whose tasks were all answered for after the subscription. */
  private static Story calm(int containers) {
    Story story = Story.running(containers).disconnected().subscribed();
    for (int i = 0; i < containers; i++) {
      story.reconciled(story.taskOf(i), TaskState.TASK_RUNNING);
    }
    story.calls.clear();
    return story;
  }

  private static List<Set<String>> asked(Story story) {
    return story.calls(Call.Type.RECONCILE).stream()
        .map(
            call ->
                call.getReconcile().getTasksList().stream()
                    .map(task -> task.getTaskId().getValue())
                    .collect(Collectors.toSet()))
        .toList();
  }

  @Test
  void aTaskThatMesosHasForgottenIsMissedByTheSweepAndReplaced() {
    // Simulation, seed 13558: a task ends, its agent's machine restarts before that is
    // acknowledged, and the master, which knew the end, says nothing of it any more.
    Story story = calm(3);
    story.passes(SWEEP);
    assertThat(asked(story)).containsExactly(Set.of());
    story.reconciled(story.taskOf(0), TaskState.TASK_RUNNING);
    story.reconciled(story.taskOf(2), TaskState.TASK_RUNNING);
    story.passes(ANSWERS);
    TaskId forgotten = story.taskOf(1);
    assertThat(asked(story)).containsExactly(Set.of(), Set.of(forgotten.value()));
    story.reconciled(forgotten, TaskState.TASK_GONE);
    assertThat(story.life(1)).isEqualTo(Life.WAITING);
    story.calls.clear();
    story.passes(SWEEP.minus(ANSWERS).minusMillis(1));
    assertThat(asked(story)).isEmpty();
  }

  @Test
  void aSchedulerThatHasNeverLostItsMasterSweepsToo() {
    // Simulation, seeds 19796 and 42991: a copy that was given up returns, and the KILL is lost on
    // its way to the agent; nothing but the sweep would find it again.
    Story story = Story.running(2);
    TaskId first = story.taskOf(1);
    story.updated(1, TaskState.TASK_UNREACHABLE).passes(Duration.ofMinutes(5));
    story.offeredBy("a1").runs(1).updated(first, TaskState.TASK_RUNNING, "a2");
    story.calls.clear();
    story.passes(Duration.ofMinutes(5));
    assertThat(asked(story)).contains(Set.of());
    story.reconciled(first, TaskState.TASK_RUNNING);
    assertThat(story.calls(Call.Type.KILL))
        .extracting(call -> call.getKill().getTaskId().getValue())
        .containsExactly(first.value());
  }

  @Test
  void whatTheSweepHasAnsweredForIsNotAskedForByName() {
    Story story = calm(3);
    story.passes(SWEEP);
    for (int i = 0; i < 3; i++) {
      story.reconciled(story.taskOf(i), TaskState.TASK_RUNNING);
    }
    story.passes(Duration.ofMinutes(9));
    assertThat(asked(story)).containsExactly(Set.of());
  }

  @Test
  void aSweepAmidQuestionsDoesNotAskOftener() {
    Story story = Story.running(2).disconnected().subscribed();
    story.calls.clear();
    story.passes(SWEEP.plus(Duration.ofMinutes(5)));
    // 2, 4, 8, 16 and 32 s, then every minute; a sweep when nobody answers for a minute, and one.
    assertThat(asked(story)).hasSizeBetween(18, 22);
    assertThat(asked(story).stream().filter(Set::isEmpty)).hasSize(2);
  }

  @Test
  void nothingIsAskedForByNameWhenThereIsNothing() {
    Story story = Story.of(2).subscribed();
    story.calls.clear();
    story.passes(SWEEP.plus(ANSWERS));
    assertThat(asked(story)).containsExactly(Set.of());
  }

  @Test
  void questionsAreASetThatShrinksWithEachAnswer() {
    Set<String> expected =
        new TreeSet<>(IntStream.range(0, 200).mapToObj(i -> "task-" + i).toList());
    Questions questions = Questions.of(Set.copyOf(expected));
    assertThat(questions.without("another")).isSameAs(questions);
    for (int i = 0; i < 200; i++) {
      assertThat(questions).isEqualTo(expected).hasSize(200 - i);
      assertThat(List.copyOf(questions)).isSorted();
      expected.remove("task-" + i);
      questions = questions.without("task-" + i);
      assertThat(questions.without("task-" + i)).isSameAs(questions);
    }
    assertThat(questions).isSameAs(Questions.NONE);
  }
}
