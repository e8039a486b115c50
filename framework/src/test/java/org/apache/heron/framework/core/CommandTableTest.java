package org.apache.heron.framework.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.heron.framework.core.CommandTable.Answer;
import org.apache.heron.framework.core.CommandTable.Command;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command in every phase, with and without a master, in doubt or not, through the core. */
class CommandTableTest {

  static List<Arguments> cells() {
    List<Arguments> cells = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      for (Command command : Command.values()) {
        cells.add(Arguments.of(phase, command));
      }
    }
    return cells;
  }

  /** The rules in words, written apart from the table. */
  private static Answer expected(Phase phase, Command command) {
    if (command != Command.KILL) {
      return phase == Phase.SERVING ? Answer.BEGIN : Answer.REFUSE;
    }
    return switch (phase) {
      case SERVING, FAILED -> Answer.BEGIN;
      case KILLING, TEARING_DOWN -> Answer.JOIN;
      case KILLED -> Answer.DONE;
      case REMOVED -> Answer.FINISH;
    };
  }

  @ParameterizedTest
  @MethodSource("cells")
  void aCommandHasTheRightAnswer(Phase phase, Command command) {
    Answer answer = expected(phase, command);
    assertThat(CommandTable.on(phase, command)).isEqualTo(answer);
    for (Story story : stories(phase)) {
      story.calls.clear();
      RequestId request = send(story, command);
      switch (answer) {
        case REFUSE -> {
          assertThat(story.replies.get(request).ok()).isFalse();
          assertThat(story.replies.get(request).message())
              .startsWith("cannot " + command.name().toLowerCase(java.util.Locale.ROOT) + ": ")
              .doesNotEndWith(": ");
          assertThat(story.state.phase()).isEqualTo(phase);
          assertThat(story.calls).isEmpty();
        }
        case DONE, FINISH -> {
          assertThat(story.replies.get(request).ok()).isTrue();
          assertThat(story.records).isEmpty();
          assertThat(story.state.phase()).isEqualTo(Phase.KILLED);
        }
        case BEGIN, JOIN -> {
          assertThat(story.replies).doesNotContainKey(request);
          assertThat(story.state.pending()).containsKey(request);
          ends(story, command);
          assertThat(story.replies.get(request).ok()).isTrue();
          assertThat(story.state.pending()).isEmpty();
        }
      }
    }
  }

  private static List<Story> stories(Phase phase) {
    return List.of(
        inPhase(phase),
        inPhase(phase).disconnected(),
        inPhase(phase).happens(new Event.Suspended("no ZooKeeper")),
        inPhase(phase).disconnected().happens(new Event.Suspended("no ZooKeeper")));
  }

  private static RequestId send(Story story, Command command) {
    return switch (command) {
      case KILL -> story.kill();
      case RESTART -> story.restartAll(1);
      case UPDATE -> story.update(0, 1, 3);
    };
  }

  /** All that hinders it passes, and Mesos does what it is asked. */
  private static void ends(Story story, Command command) {
    story.happens(new Event.Resumed());
    if (story.state.link() != Link.SUBSCRIBED) {
      story.subscribed();
    }
    for (int round = 0; round < 4; round++) {
      for (Container container : story.state.containers()) {
        if (container.life() == Life.KILLING) {
          story.updated(container.id().value(), TaskState.TASK_KILLED);
        }
      }
      if (command == Command.KILL) {
        story.passes(Duration.ofSeconds(5));
      }
      if (!story.calls(Call.Type.TEARDOWN).isEmpty()) {
        story.happens(new Event.TornDown());
      }
      if (command != Command.KILL) {
        story.passes(Duration.ofSeconds(1)).offeredBy("a1", "a2");
        for (Container container : story.state.containers()) {
          if (container.life() == Life.LAUNCHING) {
            story.runs(container.id().value());
          }
        }
      }
    }
  }

  /** Three containers that ran when the framework came into that phase. */
  static Story inPhase(Phase phase) {
    Story story = Story.running(3);
    switch (phase) {
      case SERVING -> {}
      case KILLING -> story.kill();
      case TEARING_DOWN -> {
        story.kill();
        for (int i = 0; i < 3; i++) {
          story.updated(i, TaskState.TASK_KILLED);
        }
      }
      case KILLED -> {
        story.kill();
        story.happens(new Event.TornDown());
      }
      case FAILED -> story.happens(new Event.MasterError("no"));
      case REMOVED -> story.happens(new Event.MasterError("Framework has been removed"));
    }
    assertThat(story.state.phase()).isEqualTo(phase);
    story.replies.clear();
    return story;
  }
}
