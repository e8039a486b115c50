package org.apache.heron.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.heron.spi.diagnosis.Life;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.master.Protos.Response.GetFrameworks;
import org.apache.mesos.v1.master.Protos.Response.GetTasks;
import org.junit.jupiter.api.Test;

/** When nothing of a topology runs, and when that cannot be told. */
class FrameworkLifeTest {
  private static final FrameworkLife.Absentees NONE = new FrameworkLife.Absentees(0, 0);

  @Test
  void aFrameworkThatTheMasterKnowsRunsEvenWithoutItsScheduler() {
    GetFrameworks known = GetFrameworks.newBuilder().addFrameworks(framework("F1", "x")).build();
    assertThat(judge(Optional.of("F1"), known, NONE).state()).isEqualTo(Life.State.RUNNING);
    assertThat(judge(Optional.of("F2"), known, NONE).state()).isEqualTo(Life.State.GONE);
  }

  @Test
  void aFrameworkOfTheSameNameIsSparedWhateverIsOnRecord() {
    GetFrameworks named =
        GetFrameworks.newBuilder().addFrameworks(framework("F9", "heron_scheduler_words")).build();
    assertThat(judge(Optional.empty(), named, NONE).state()).isEqualTo(Life.State.RUNNING);
    assertThat(judge(Optional.of("F1"), named, NONE).state()).isEqualTo(Life.State.RUNNING);
  }

  @Test
  void tasksOfAFrameworkThatIsNotListedRun() {
    GetTasks tasks =
        GetTasks.newBuilder()
            .addUnreachableTasks(
                Task.newBuilder()
                    .setName("container_1_words")
                    .setTaskId(TaskID.newBuilder().setValue("T1"))
                    .setFrameworkId(FrameworkID.newBuilder().setValue("F1"))
                    .setAgentId(AgentID.newBuilder().setValue("A1"))
                    .setState(TaskState.TASK_UNREACHABLE))
            .build();
    GetFrameworks none = GetFrameworks.getDefaultInstance();
    assertThat(FrameworkLife.judge("words", Optional.of("F1"), none, tasks, NONE).state())
        .isEqualTo(Life.State.RUNNING);
    assertThat(FrameworkLife.judge("words", Optional.of("F2"), none, tasks, NONE).state())
        .isEqualTo(Life.State.GONE);
  }

  @Test
  void anUnknownFrameworkMayRunWhereAnAgentIsMissing() {
    GetFrameworks empty = GetFrameworks.getDefaultInstance();
    assertThat(judge(Optional.of("F1"), empty, new FrameworkLife.Absentees(1, 0)).state())
        .isEqualTo(Life.State.UNKNOWN);
    assertThat(judge(Optional.of("F1"), empty, new FrameworkLife.Absentees(0, 2)).reason())
        .contains("misses 2 agents");
    assertThat(judge(Optional.of("F1"), empty, NONE).state()).isEqualTo(Life.State.GONE);
  }

  @Test
  void aRemovedFrameworkIsGoneWhateverAgentsAreMissing() {
    GetFrameworks completed =
        GetFrameworks.newBuilder().addCompletedFrameworks(framework("F1", "x")).build();
    assertThat(judge(Optional.of("F1"), completed, new FrameworkLife.Absentees(3, 3)).state())
        .isEqualTo(Life.State.GONE);
  }

  private static Life judge(
      Optional<String> recorded, GetFrameworks frameworks, FrameworkLife.Absentees absentees) {
    return FrameworkLife.judge(
        "words", recorded, frameworks, GetTasks.getDefaultInstance(), absentees);
  }

  private static GetFrameworks.Framework framework(String id, String name) {
    return GetFrameworks.Framework.newBuilder()
        .setFrameworkInfo(info(id, name))
        .setActive(true)
        .setConnected(true)
        .setRecovered(false)
        .build();
  }

  private static FrameworkInfo info(String id, String name) {
    return FrameworkInfo.newBuilder()
        .setId(FrameworkID.newBuilder().setValue(id))
        .setName(name)
        .setUser("")
        .build();
  }
}
