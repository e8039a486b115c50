package org.apache.heron.framework.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.heron.framework.history.Happening;
import org.apache.heron.framework.history.Happening.Kind;
import org.apache.heron.framework.history.History;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.mesos.v1.Protos.TaskState;
import org.junit.jupiter.api.Test;

/** What is told afterwards of what has happened. */
class HistoryStoriesTest {

  private static List<String> told(History history) {
    return history.happenings().stream().map(HistoryStoriesTest::line).toList();
  }

  private static String line(Happening happening) {
    return happening.kind()
        + (happening.attempt() > 0 ? " " + happening.attempt() : "")
        + (happening.text().isEmpty() ? "" : " " + happening.text());
  }

  private static List<String> told(Story story, int container) {
    return told(story.container(container).history());
  }

  @Test
  void aContainersLifeCanBeReadAfterwards() {
    Story story = Story.of(1).subscribed().offeredBy("a1");
    String first = story.taskOf(0).value();
    story.updated(0, TaskState.TASK_STARTING).updated(0, TaskState.TASK_RUNNING);
    story.updated(0, TaskState.TASK_FAILED).passes(Duration.ofSeconds(1)).offeredBy("a2");
    String second = story.taskOf(0).value();
    story.updated(0, TaskState.TASK_RUNNING).updated(0, TaskState.TASK_UNREACHABLE);
    story.updated(0, TaskState.TASK_RUNNING);
    story.restart(0);
    story.updated(0, TaskState.TASK_KILLED);
    assertThat(told(story, 0))
        .containsExactly(
            "LAUNCHED 1 on a1.example as " + first,
            "RUNNING 1 on a1.example",
            "FAILED 1 ended on a1.example: said Mesos (failure 1 in a row)",
            "LAUNCHED 2 on a2.example as " + second,
            "RUNNING 2 on a2.example",
            "UNREACHABLE 2 out of reach on a2.example: said Mesos",
            "RUNNING 2 on a2.example again",
            "KILLING 2 restarted by a user",
            "ENDED 2 restarted by a user");
  }

  @Test
  void aCopyThatIsGivenUpSaysSo() {
    Story story = Story.running(2);
    story.updated(1, TaskState.TASK_UNREACHABLE).passes(Timing.DEFAULT.unreachableWait());
    assertThat(story.life(1)).isEqualTo(Life.WAITING);
    assertThat(story.container(1).history().happenings().get(3).kind()).isEqualTo(Kind.GIVEN_UP);
  }

  @Test
  void theFrameworksLifeCanBeReadAfterwardsAcrossSchedulers() {
    Story story = Story.running(2);
    story.restarted().subscribed();
    story.restart(1);
    assertThat(told(story.state.history()))
        .containsExactly(
            "TOOK_OVER epoch 1: the story's scheduler",
            "REGISTERED as framework-0000 at 127.0.0.1:5050",
            "TOOK_OVER epoch 2: the story's scheduler",
            "SUBSCRIBED as framework-0000 at 127.0.0.1:5050",
            "RESTART of container 1, asked for by a user");
    assertThat(story.frameworkRecord.orElseThrow().history()).isEqualTo(story.state.history());
  }

  @Test
  void whatHappensIsOnRecordWithTheChangeThatItTells() {
    Story story = Story.running(1);
    story.storeIsSlow = true;
    story.updated(0, TaskState.TASK_FAILED);
    ContainerId id = new ContainerId(0);
    assertThat(told(story.records.get(id).history())).last().isEqualTo("RUNNING 1 on a1.example");
    story.written();
    assertThat(story.records.get(id)).isEqualTo(story.container(0));
    assertThat(story.records.get(id).history().happenings())
        .last()
        .extracting(Happening::kind)
        .isEqualTo(Kind.FAILED);
    story.storeIsSlow = false;
    story.restarted();
    assertThat(story.container(0).history()).isEqualTo(story.records.get(id).history());
  }

  @Test
  void aContainerThatFailsForEverKeepsItsHistoryBounded() {
    Story story = Story.of(1).subscribed();
    for (int round = 0; round < 50; round++) {
      story.offeredBy("a1").updated(0, TaskState.TASK_FAILED).passes(Duration.ofMinutes(6));
    }
    History history = story.container(0).history();
    assertThat(history.happenings()).hasSize(16);
    assertThat(history.forgotten()).isEqualTo(84);
    assertThat(told(history)).last().asString().contains("FAILED 50").contains("failure 50");
  }
}
