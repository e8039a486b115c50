package org.apache.heron.framework.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.heron.framework.core.LifeTable.Occasion;
import org.apache.heron.framework.core.LifeTable.Reaction;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every life against every state and occasion, cell by cell, through the whole core. */
class LifeTableTest {
  private static final Set<TaskState> DEAD =
      Set.of(
          TaskState.TASK_FINISHED,
          TaskState.TASK_FAILED,
          TaskState.TASK_KILLED,
          TaskState.TASK_ERROR,
          TaskState.TASK_LOST,
          TaskState.TASK_DROPPED);
  private static final Set<TaskState> AGENT_IS_GONE =
      Set.of(TaskState.TASK_GONE, TaskState.TASK_GONE_BY_OPERATOR);
  private static final Set<TaskState> LOST = Set.of(TaskState.TASK_LOST, TaskState.TASK_DROPPED);
  private static final Map<TaskState, Life> NAMES =
      Map.of(
          TaskState.TASK_STAGING, Life.STAGING,
          TaskState.TASK_STARTING, Life.STARTING,
          TaskState.TASK_RUNNING, Life.RUNNING,
          TaskState.TASK_KILLING, Life.KILLING);
  private static final List<Life> FORWARD =
      List.of(Life.LAUNCHING, Life.STAGING, Life.STARTING, Life.RUNNING);

  static List<Arguments> cells() {
    List<Arguments> cells = new ArrayList<>();
    for (Life life : Life.values()) {
      if (life.hasTask()) {
        for (TaskState state : TaskState.values()) {
          cells.add(Arguments.of(life, state));
        }
      }
    }
    return cells;
  }

  /** The rules in words, written apart from the table. */
  private static Life expected(Life life, TaskState state) {
    if (AGENT_IS_GONE.contains(state)) {
      return Life.WAITING;
    }
    if (life == Life.KILLING) {
      boolean lives = NAMES.containsKey(state);
      return lives ? Life.KILLING : Life.WAITING;
    }
    if (LOST.contains(state) && (life == Life.RUNNING || life == Life.UNREACHABLE)) {
      return Life.WAITING; // it has run, so it was not refused for what it is
    }
    if (DEAD.contains(state)) {
      return Life.BACKING_OFF;
    }
    if (state == TaskState.TASK_UNREACHABLE) {
      return Life.UNREACHABLE;
    }
    if (state == TaskState.TASK_UNKNOWN) {
      return Life.UNREACHABLE;
    }
    Life named = NAMES.get(state);
    if (life == Life.UNREACHABLE || named == Life.KILLING) {
      return named;
    }
    return FORWARD.indexOf(named) > FORWARD.indexOf(life) ? named : life;
  }

  @ParameterizedTest
  @MethodSource("cells")
  void theCurrentCopysStateLeadsToTheRightLife(Life life, TaskState state) {
    Story story = inLife(life);
    story.updated(1, state);
    assertThat(story.life(1)).isEqualTo(expected(life, state));
    assertThat(story.records.get(new ContainerId(1)).life()).isEqualTo(expected(life, state));
    assertThat(story.calls(Call.Type.ACKNOWLEDGE)).hasSize(1);
    assertThat(story.calls(Call.Type.KILL)).isEmpty();
    assertThat(story.launched()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(TaskState.class)
  void aStrangerIsKilledExactlyIfItLivesAndIsAcknowledgedAndChangesNothing(TaskState state) {
    for (String id : List.of("words-1-1-00000000", "words-99-1-0123abcd", "what/is this?", "")) {
      Story story = Story.running(3);
      Containers before = story.state.containers();
      story.updated(new TaskId(id), state, "a9");
      boolean lives = NAMES.containsKey(state) && state != TaskState.TASK_KILLING;
      assertThat(story.calls(Call.Type.KILL)).hasSize(lives ? 1 : 0);
      assertThat(story.calls(Call.Type.ACKNOWLEDGE)).hasSize(1);
      assertThat(story.state.containers()).isSameAs(before);
    }
  }

  @ParameterizedTest
  @MethodSource("cells")
  void whatTheAgentOrMasterIsToBlameForIsNoFailure(Life life, TaskState state) {
    for (String reason : List.of("REASON_AGENT_DRAINING", "REASON_INVALID_OFFERS")) {
      Story story = inLife(life);
      story.updated(story.taskOf(1), state, "a1", "told so", reason);
      Life plain = expected(life, state);
      assertThat(story.life(1)).isEqualTo(plain == Life.BACKING_OFF ? Life.WAITING : plain);
      assertThat(story.container(1).failures()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("cells")
  void aRemovedContainerNeverComesBackWhateverItsCopySays(Life life, TaskState state) {
    Story story = inLife(life);
    story.update(0, 2);
    if (story.state.containers().get(new ContainerId(1)).isEmpty()) {
      return; // out of reach: forgotten at once
    }
    story.updated(1, state).passes(java.time.Duration.ofHours(1)).offeredBy("a1", "a2");
    assertThat(story.launched()).isEmpty();
    boolean dead = expected(Life.KILLING, state) == Life.WAITING;
    assertThat(story.state.containers().get(new ContainerId(1)).isEmpty()).isEqualTo(dead);
  }

  static List<Arguments> occasions() {
    List<Arguments> cells = new ArrayList<>();
    for (Life life : Life.values()) {
      for (Occasion occasion : Occasion.values()) {
        cells.add(Arguments.of(life, occasion));
      }
    }
    return cells;
  }

  private static Reaction expected(Life life, Occasion occasion) {
    boolean aboutACopy = occasion == Occasion.AGENT_LOST || occasion == Occasion.EXECUTOR_LOST;
    return switch (life) {
      case WAITING -> occasion == Occasion.REMOVE ? Reaction.FORGET : Reaction.NOTE;
      case BACKING_OFF ->
          aboutACopy
              ? Reaction.NOTE
              : occasion == Occasion.REMOVE ? Reaction.FORGET : Reaction.READY;
      case LAUNCHING, STAGING, STARTING, RUNNING ->
          switch (occasion) {
            case AGENT_LOST, EXECUTOR_LOST -> Reaction.ASK;
            case DUE -> life == Life.RUNNING ? Reaction.NOTE : Reaction.ASK;
            case RENEW, REMOVE, KILL -> Reaction.KILL;
          };
      case UNREACHABLE ->
          switch (occasion) {
            case AGENT_LOST -> Reaction.NOTE;
            case EXECUTOR_LOST -> Reaction.ASK;
            case DUE, RENEW, REMOVE, KILL -> Reaction.DROP;
          };
      case KILLING ->
          switch (occasion) {
            case AGENT_LOST, EXECUTOR_LOST -> Reaction.ASK;
            case DUE, REMOVE, KILL -> Reaction.KILL;
            case RENEW -> Reaction.NOTE;
          };
    };
  }

  @ParameterizedTest
  @MethodSource("occasions")
  void anOccasionHasTheRightEffect(Life life, Occasion occasion) {
    assertThat(LifeTable.on(life, occasion)).isEqualTo(expected(life, occasion));
    if (occasion == Occasion.DUE && (life == Life.WAITING || life == Life.RUNNING)) {
      return; // these set no alarm
    }
    Story story = inLife(life);
    happen(story, life, occasion);
    Reaction reaction = expected(life, occasion);
    boolean kills = reaction == Reaction.KILL || reaction == Reaction.DROP;
    assertThat(story.calls(Call.Type.KILL).stream().map(c -> c.getKill().getTaskId().getValue()))
        .filteredOn(task -> task.startsWith("words-1-"))
        .hasSize(kills ? 1 : 0);
    assertThat(story.calls(Call.Type.RECONCILE))
        .filteredOn(call -> call.toString().contains("words-1-"))
        .hasSize(reaction == Reaction.ASK ? 1 : 0);
    if (occasion == Occasion.REMOVE && reaction != Reaction.KILL) {
      assertThat(story.state.containers().get(new ContainerId(1))).isEmpty();
      assertThat(story.records).doesNotContainKey(new ContainerId(1));
      return;
    }
    Life after =
        switch (reaction) {
          case READY, DROP -> Life.WAITING;
          case KILL -> Life.KILLING;
          case NOTE, ASK, MOVE, FAIL, REPLACE, AWAIT, FORGET -> life;
        };
    assertThat(story.life(1)).isEqualTo(after);
  }

  private static void happen(Story story, Life life, Occasion occasion) {
    switch (occasion) {
      case AGENT_LOST ->
          story.happens(
              new Event.AgentLost(
                  life.hasTask() ? story.container(1).currentTask().agent() : new AgentId("a9")));
      case EXECUTOR_LOST ->
          story.happens(
              new Event.ExecutorLost(
                  new AgentId("a1"),
                  life.hasTask() ? story.taskOf(1).value() : "words-1-1-00000000"));
      case DUE -> {
        story.now = story.container(1).due().orElseThrow();
        story.happens(new Event.TimerFired(new Timer.Due(new ContainerId(1))));
      }
      case RENEW -> story.restart(1);
      case REMOVE -> story.update(0, 2);
      case KILL -> story.kill();
    }
  }

  /** Three containers of which number 1 is in that life, in the only ways that lead there. */
  private static Story inLife(Life life) {
    Story story = Story.of(3).subscribed();
    if (life != Life.WAITING) {
      story.offeredBy("a1", "a2");
      // The others are settled, so that what happens to container 1 stands alone.
      for (int other : List.of(0, 2)) {
        story.updated(other, TaskState.TASK_RUNNING);
      }
    }
    switch (life) {
      case WAITING, LAUNCHING -> {}
      case STAGING -> story.updated(1, TaskState.TASK_STAGING);
      case STARTING -> story.updated(1, TaskState.TASK_STARTING);
      case RUNNING -> story.updated(1, TaskState.TASK_RUNNING);
      case UNREACHABLE ->
          story.updated(1, TaskState.TASK_RUNNING).updated(1, TaskState.TASK_UNREACHABLE);
      case KILLING -> {
        story.updated(1, TaskState.TASK_RUNNING);
        story.restart(1);
      }
      case BACKING_OFF -> story.updated(1, TaskState.TASK_FAILED);
    }
    assertThat(story.life(1)).isEqualTo(life);
    story.calls.clear();
    return story;
  }
}
