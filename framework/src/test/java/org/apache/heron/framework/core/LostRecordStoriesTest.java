package org.apache.heron.framework.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.Test;

/** Records that somebody has removed: no number of a copy is ever given again. */
class LostRecordStoriesTest {

  @Test
  void aContainerWhoseRecordIsLostBeginsAboveEveryAttemptThatWasMade() {
    Story story = Story.running(2);
    story.updated(1, TaskState.TASK_FAILED).passes(Duration.ofMinutes(1)).offeredBy("a1");
    assertThat(story.taskOf(1).attempt()).hasValue(2);
    story.records.remove(new ContainerId(0));
    story.records.remove(new ContainerId(1));
    story.restarted().subscribed().offeredBy("a1");
    assertThat(story.taskOf(0).attempt()).hasValue(3);
    assertThat(story.taskOf(1).attempt()).hasValue(3);
  }

  @Test
  void aCopyThatNothingIsOnRecordOfIsKilledAndItsNumberNeverGivenAgain() {
    Story story = Story.of(2).subscribed();
    TaskId stranger = TaskId.of("words", "words-id-1", new ContainerId(1), 4);
    story.reconciled(stranger, TaskState.TASK_RUNNING);
    assertThat(story.calls(Call.Type.KILL)).hasSize(1);
    TaskId others = TaskId.of("words", "another submission", new ContainerId(0), 9);
    story.reconciled(others, TaskState.TASK_RUNNING);
    story.offeredBy("a1");
    assertThat(story.taskOf(1).attempt()).hasValue(5);
    assertThat(story.taskOf(0).attempt()).hasValue(1);
    story.updated(stranger, TaskState.TASK_KILLED, "a1");
    assertThat(story.container(1).failures()).isZero();
    assertThat(story.frameworkRecord.orElseThrow().attemptFloor()).isEqualTo(5);
  }
}
