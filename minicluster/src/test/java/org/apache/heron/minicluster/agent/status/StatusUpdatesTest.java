package org.apache.heron.minicluster.agent.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StatusUpdatesTest {
  private static final TaskKey TASK =
      new TaskKey(
          FrameworkID.newBuilder().setValue("fw").build(),
          TaskID.newBuilder().setValue("words").build());

  @TempDir Path directory;
  private final VirtualLoop loop = new VirtualLoop();
  private final List<String> sent = new ArrayList<>();
  private final List<TaskKey> completed = new ArrayList<>();
  private final StatusUpdates updates =
      new StatusUpdates(
          loop,
          (task, status, latest) ->
              sent.add(loop.now().getEpochSecond() + " " + status.getState() + " latest " + latest),
          completed::add);
  private StatusLog log;

  @BeforeEach
  void open() {
    log = new StatusLog(directory.resolve("task.updates"));
    updates.open(TASK, log);
    updates.resume();
  }

  private static ByteString uuid(TaskState state) {
    return ByteString.copyFromUtf8(state.name());
  }

  private static TaskStatus status(TaskState state) {
    return TaskStatus.newBuilder()
        .setTaskId(TASK.task())
        .setState(state)
        .setUuid(uuid(state))
        .build();
  }

  @Test
  void anUpdateThatIsNotAcknowledgedComesAgainEverLater() {
    updates.update(TASK, status(TaskState.TASK_STARTING));
    loop.advance(Duration.ofSeconds(150));
    assertThat(sent)
        .containsExactly(
            "0 TASK_STARTING latest TASK_STARTING",
            "10 TASK_STARTING latest TASK_STARTING",
            "30 TASK_STARTING latest TASK_STARTING",
            "70 TASK_STARTING latest TASK_STARTING",
            "150 TASK_STARTING latest TASK_STARTING");
  }

  @Test
  void theLongestWaitIsTenMinutes() {
    updates.update(TASK, status(TaskState.TASK_STARTING));
    loop.advance(Duration.ofHours(10));
    sent.clear();
    loop.advance(Duration.ofHours(1));
    assertThat(sent).hasSize(6);
  }

  @Test
  void laterUpdatesWaitTheirTurnAndTellTheLatestState() {
    updates.update(TASK, status(TaskState.TASK_STARTING));
    updates.update(TASK, status(TaskState.TASK_RUNNING));
    updates.update(TASK, status(TaskState.TASK_FINISHED));
    loop.advance(Duration.ofSeconds(12));
    updates.acknowledge(TASK, uuid(TaskState.TASK_STARTING));
    loop.advance(Duration.ofSeconds(10));
    updates.acknowledge(TASK, uuid(TaskState.TASK_RUNNING));
    updates.acknowledge(TASK, uuid(TaskState.TASK_FINISHED));
    loop.advance(Duration.ofHours(1));
    assertThat(sent)
        .containsExactly(
            "0 TASK_STARTING latest TASK_STARTING",
            "10 TASK_STARTING latest TASK_FINISHED",
            "12 TASK_RUNNING latest TASK_FINISHED",
            "22 TASK_RUNNING latest TASK_FINISHED",
            "22 TASK_FINISHED latest TASK_FINISHED");
    assertThat(completed).containsExactly(TASK);
  }

  @Test
  void anAcknowledgementTwiceOrForAnotherStatusChangesNothing() {
    updates.update(TASK, status(TaskState.TASK_STARTING));
    updates.update(TASK, status(TaskState.TASK_RUNNING));
    assertThat(updates.acknowledge(TASK, uuid(TaskState.TASK_RUNNING))).isFalse();
    assertThat(updates.acknowledge(TASK, uuid(TaskState.TASK_STARTING))).isTrue();
    assertThat(updates.acknowledge(TASK, uuid(TaskState.TASK_STARTING))).isFalse();
    assertThat(sent).hasSize(2);
  }

  @Test
  void nothingIsSentWhileTheMasterIsAwayAndAtOnceWhenItIsBack() {
    updates.update(TASK, status(TaskState.TASK_STARTING));
    updates.pause();
    loop.advance(Duration.ofMinutes(5));
    assertThat(sent).hasSize(1);
    updates.resume();
    loop.advance(Duration.ofSeconds(10));
    assertThat(sent.subList(1, 3))
        .containsExactly(
            "300 TASK_STARTING latest TASK_STARTING", "310 TASK_STARTING latest TASK_STARTING");
  }

  @Test
  void aFrameworkThatComesBackGetsItsUpdatesAtOnce() {
    updates.update(TASK, status(TaskState.TASK_STARTING));
    loop.advance(Duration.ofSeconds(31));
    sent.clear();
    updates.resend(FrameworkID.newBuilder().setValue("another").build());
    assertThat(sent).isEmpty();
    updates.resend(TASK.framework());
    loop.advance(Duration.ofSeconds(10));
    assertThat(sent)
        .containsExactly(
            "31 TASK_STARTING latest TASK_STARTING", "41 TASK_STARTING latest TASK_STARTING");
  }

  @Test
  void nothingFollowsATerminalStatus() {
    assertThat(updates.update(TASK, status(TaskState.TASK_FAILED))).isTrue();
    assertThat(updates.update(TASK, status(TaskState.TASK_KILLED))).isFalse();
    updates.acknowledge(TASK, uuid(TaskState.TASK_FAILED));
    assertThat(updates.update(TASK, status(TaskState.TASK_KILLED))).isFalse();
    assertThat(sent).hasSize(1);
  }

  @Test
  void aHealthCheckThatFlapsDoesNotFillTheMemory() {
    for (int i = 0; i < 5_000; i++) {
      updates.update(TASK, status(TaskState.TASK_RUNNING));
    }
    assertThat(updates.update(TASK, status(TaskState.TASK_RUNNING))).isFalse();
    assertThat(updates.update(TASK, status(TaskState.TASK_FAILED))).isTrue();
  }

  @Test
  void whatWasNotAcknowledgedIsStillOwedAfterARestart() throws IOException {
    updates.update(TASK, status(TaskState.TASK_STARTING));
    updates.update(TASK, status(TaskState.TASK_RUNNING));
    updates.acknowledge(TASK, uuid(TaskState.TASK_STARTING));
    sent.clear();

    StatusUpdates restarted =
        new StatusUpdates(
            loop, (task, status, latest) -> sent.add(status.getState().name()), completed::add);
    restarted.recover(TASK, log, log.read());
    assertThat(sent).isEmpty();
    restarted.resume();
    assertThat(sent).containsExactly("TASK_RUNNING");
    assertThat(log.read().all()).hasSize(2);
  }

  @Test
  void aRecordThatWasCutOffIsLeftOut() throws IOException {
    updates.update(TASK, status(TaskState.TASK_STARTING));
    updates.update(TASK, status(TaskState.TASK_RUNNING));
    Path file = directory.resolve("task.updates");
    byte[] whole = Files.readAllBytes(file);
    for (int length = whole.length - 1; length >= 0; length--) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      assertThat(log.read().all().size()).as("%d bytes", length).isLessThan(2);
    }
    Files.write(file, whole);
    Files.write(file, new byte[] {'U', 127, 1, 2}, StandardOpenOption.APPEND);
    assertThat(log.read().all()).hasSize(2);
    Files.write(file, new byte[] {9, 9, 9});
    assertThat(log.read().all()).isEmpty();
  }
}
