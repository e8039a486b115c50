package org.apache.heron.minicluster.agent.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusLogTest {
  @TempDir Path directory;

  private static TaskStatus status(TaskState state) {
    return TaskStatus.newBuilder()
        .setTaskId(TaskID.newBuilder().setValue("words"))
        .setState(state)
        .setUuid(ByteString.copyFromUtf8(state.name()))
        .build();
  }

  @Test
  void aRecordThatWasCutOffHidesNothingThatIsWrittenLater() throws IOException {
    TaskStatus starting = status(TaskState.TASK_STARTING);
    TaskStatus running = status(TaskState.TASK_RUNNING);
    TaskStatus finished = status(TaskState.TASK_FINISHED);
    Path file = directory.resolve("task.updates");
    StatusLog log = new StatusLog(file);
    log.update(starting);
    int first = Math.toIntExact(Files.size(file));
    log.update(running);
    byte[] both = Files.readAllBytes(file);
    for (int length = first + 1; length < both.length; length++) {
      Files.write(file, Arrays.copyOf(both, length));

      StatusLog later = new StatusLog(file);
      assertThat(later.read().all()).containsExactly(starting);
      later.update(running);
      later.acknowledged(starting.getUuid());
      later.update(finished);

      assertThat(new StatusLog(file).read().all()).containsExactly(starting, running, finished);
      assertThat(new StatusLog(file).read().pending()).containsExactly(running, finished);
    }
  }

  @Test
  void bytesThatAreNoRecordAreCutOff() throws IOException {
    Path file = directory.resolve("task.updates");
    StatusLog log = new StatusLog(file);
    log.update(status(TaskState.TASK_STARTING));
    Files.write(file, new byte[] {'?', 0, 0, 0, 1, 1}, StandardOpenOption.APPEND);
    assertThat(log.read().all()).hasSize(1);
    log.update(status(TaskState.TASK_RUNNING));
    assertThat(log.read().all()).hasSize(2);
  }
}
