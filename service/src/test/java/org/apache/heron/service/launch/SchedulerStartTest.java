package org.apache.heron.service.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.process.LivingProcess;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.statemgr.StateManagers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulerStartTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;

  // A kill whose process was killed is finished by the next one, perhaps before anybody asks it.
  @Test
  void aSchedulerThatEndsInOrderBeforeItAnswersHasNothingLeftToDo() {
    try (IStateManager state = state()) {
      assertThat(start(state).start(shell("exit 0"), true, "words-1")).isEmpty();
    }
  }

  @Test
  void aSchedulerThatFailsBeforeItAnswersSaysWhy() {
    try (IStateManager state = state()) {
      SchedulerStart start = start(state);
      assertThatThrownBy(() -> start.start(shell("echo no such role; exit 3"), true, "words-1"))
          .isInstanceOf(SchedulerException.class)
          .hasMessage("no such role");
    }
  }

  private static List<String> shell(String script) {
    return List.of("/bin/sh", "-c", script);
  }

  private SchedulerStart start(IStateManager state) {
    return new SchedulerStart(new WorkingDirectory(directory, "words", "key"), "words", state);
  }

  private IStateManager state() {
    return StateManagers.open(
        Config.of(
            Map.of(
                "heron.class.state.manager",
                "org.apache.heron.statemgr.localfs.LocalFileSystemStateManager",
                "heron.statemgr.connection.string",
                "LOCALMODE",
                "heron.statemgr.root.path",
                directory.resolve("state").toString())));
  }

  // In a container whose first process reaps nobody, this is what kill -9 leaves of a scheduler.
  @Test
  void aProcessThatNobodyHasReapedIsNotAlive() throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "needs Linux");
    // The shell starts a child and becomes a program that never asks for it.
    Process parent =
        new ProcessBuilder("/bin/sh", "-c", "/bin/sleep 600 & echo $!; exec /bin/cat").start();
    try {
      long pid = Long.parseLong(parent.inputReader().readLine());
      ProcessHandle child = ProcessHandle.of(pid).orElseThrow();
      // Before that the shell would ask for it.
      await()
          .atMost(PATIENCE)
          .until(
              () -> Files.readString(Path.of("/proc/" + parent.pid() + "/comm")).contains("cat"));
      child.destroyForcibly();
      await()
          .atMost(PATIENCE)
          .until(() -> Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z "));
      assertThat(child.isAlive()).isTrue();
      assertThat(LivingProcess.isAlive(child)).isFalse();
      assertThat(SchedulerStart.waitForEnd(child, Duration.ofSeconds(5))).isTrue();
      assertThat(LivingProcess.isAlive(parent.toHandle())).isTrue();
    } finally {
      parent.destroy();
    }
  }
}
