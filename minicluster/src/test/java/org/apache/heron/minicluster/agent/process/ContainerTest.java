package org.apache.heron.minicluster.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, from their start to their end. */
class ContainerTest {

  /** A start takes a few milliseconds: these kills fall before, into and after it. */
  private static final int KILLS = 60;

  private static final long STEP_NANOS = 200_000;

  private static final Set<Thread.State> LOOKED =
      EnumSet.of(Thread.State.TIMED_WAITING, Thread.State.TERMINATED);

  @Test
  void theExecutorTellsHowItsCommandEndedHoweverShortTheGrace(@TempDir Path directory)
      throws Exception {
    for (int i = 0; i < KILLS; i++) {
      Container container = start(directory.resolve(Integer.toString(i)));
      try {
        LockSupport.parkNanos(i * STEP_NANOS);

        container.terminate();
        container.kill();
        container.kill();

        container.exited().get(60, TimeUnit.SECONDS);
        assertThat(container.exitStatus().map(ExitStatus::message))
            .as("killed %s µs after the start", i * STEP_NANOS / 1000)
            .hasValueSatisfying(
                message ->
                    assertThat(message)
                        .isIn(
                            "Command terminated with signal Terminated",
                            "Command terminated with signal Killed"));
      } finally {
        container.destroy(Duration.ZERO);
      }
    }
  }

  /** On a busy machine that may be long after the agent has said that the task runs. */
  @Test
  void aKillReachesACommandThatIsStartedOnlyLater(@TempDir Path directory) throws Exception {
    Launch launch = launch(directory);
    Process executor = Container.spawn(launch);
    try {
      Files.writeString(
          launch.runtime().resolve("forked.pid"),
          ProcessId.of(executor.pid()).orElseThrow().text());
      Container container = Container.recover(launch.runtime(), launch.sandbox()).orElseThrow();
      Thread killing = new Thread(container::kill, "kills");
      killing.start();
      // It has looked, and found nothing.
      await().atMost(Duration.ofSeconds(60)).until(() -> LOOKED.contains(killing.getState()));

      executor.getOutputStream().write("go\n".getBytes(StandardCharsets.US_ASCII));
      executor.getOutputStream().close();

      assertThat(executor.waitFor(60, TimeUnit.SECONDS)).isTrue();
      killing.join(Duration.ofSeconds(60).toMillis());
      assertThat(killing.isAlive()).isFalse();
      assertThat(container.exitStatus().map(ExitStatus::message))
          .contains("Command terminated with signal Killed");
    } finally {
      executor.descendants().forEach(ProcessHandle::destroyForcibly);
      executor.destroyForcibly().waitFor();
    }
  }

  @Test
  void anExecutorThatIsOnNobodysRecordNeverBegins(@TempDir Path directory) throws Exception {
    Launch launch = launch(directory);
    Process executor = Container.spawn(launch);
    // As it is when the agent dies before it has put the executor on record.
    executor.getOutputStream().close();
    assertThat(executor.waitFor(60, TimeUnit.SECONDS)).isTrue();
    try (var files = Files.list(launch.runtime())) {
      assertThat(files).isEmpty();
    }
  }

  private static Container start(Path directory) throws IOException {
    return Container.start(launch(directory));
  }

  private static Launch launch(Path directory) throws IOException {
    return new Launch(
        Files.createDirectories(directory.resolve("sandbox")),
        Files.createDirectories(directory.resolve("runtime")),
        List.of("/bin/sh", "-c", "sleep 300"),
        Map.of("PATH", "/usr/bin:/bin"),
        Optional.empty());
  }
}
