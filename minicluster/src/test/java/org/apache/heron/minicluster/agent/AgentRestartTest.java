package org.apache.heron.minicluster.agent;

import static org.apache.heron.minicluster.agent.FakeMaster.task;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.heron.minicluster.agent.process.ProcessId;
import org.apache.heron.minicluster.protocol.MasterLink.RunningTask;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AgentRestartTest {
  @TempDir Path directory;
  private final FakeMaster master = new FakeMaster();
  private Agent agent;

  @BeforeEach
  void start() throws IOException {
    agent = Agent.builder().workDirectory(directory).start(master);
  }

  @AfterEach
  void close() {
    agent.close();
  }

  private ProcessId commandOf(String task) throws IOException {
    Path file =
        directory.resolve(
            "meta/slaves/S0/frameworks/fw-0000/executors/"
                + task
                + "/runs/"
                + master.of(task).get(0).getContainerStatus().getContainerId().getValue()
                + "/command.pid");
    Awaitility.await()
        .atMost(FakeMaster.LIMIT)
        .until(() -> Files.exists(file) && Files.size(file) > 0);
    return ProcessId.of(Long.parseLong(Files.readString(file).trim())).orElseThrow();
  }

  @Test
  void aTaskLivesOnWhenItsAgentDiesAndIsFoundAgain() throws IOException {
    master.run(task("words", "sleep 1000"));
    TaskStatus running = master.await("words", TaskState.TASK_RUNNING);
    ProcessId process = commandOf("words");
    int port = agent.port();

    agent.kill();
    assertThat(agent.isRunning()).isFalse();
    assertThat(master.events).containsExactly("disconnected");
    assertThat(process.isAlive()).isTrue();
    agent.restart();

    Awaitility.await().atMost(FakeMaster.LIMIT).until(() -> master.registrations.size() == 2);
    assertThat(agent.port()).isEqualTo(port);
    assertThat(master.registrations.get(1).getId().getValue()).isEqualTo("S0");
    assertThat(master.reported).hasSize(1);
    RunningTask reported = master.reported.get(0);
    assertThat(reported.task().getTaskId().getValue()).isEqualTo("words");
    assertThat(reported.latest()).isEqualTo(running);

    master.kill("words");
    TaskStatus killed = master.await("words", TaskState.TASK_KILLED);
    assertThat(killed.getMessage()).isEqualTo("Command terminated with signal Terminated");
    assertThat(killed.getContainerStatus()).isEqualTo(running.getContainerStatus());
    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void aTaskThatEndedMeanwhileIsReportedWithItsStatus() throws IOException {
    master.run(task("words", "until test -f go; do sleep 0.05; done; exit 5"));
    master.await("words", TaskState.TASK_RUNNING);
    ProcessId process = commandOf("words");
    agent.kill();
    Path latest = directory.resolve("slaves/S0/frameworks/fw-0000/executors/words/runs/latest");
    Files.createFile(latest.resolve("go"));
    Awaitility.await().atMost(FakeMaster.LIMIT).until(() -> !process.isAlive());
    agent.restart();
    assertThat(master.await("words", TaskState.TASK_FAILED).getMessage())
        .isEqualTo("Command exited with status 5");
  }

  private Path record(String name) throws IOException {
    Path run = directory.resolve("slaves/S0/frameworks/fw-0000/executors/words/runs/latest");
    return directory
        .resolve("meta")
        .resolve(directory.toRealPath().relativize(run.toRealPath()))
        .resolve(name);
  }

  private void awaitRecord(String name) throws IOException {
    Path file = record(name);
    Awaitility.await().atMost(FakeMaster.LIMIT).until(() -> Files.exists(file));
  }

  private static KillPolicy grace(Duration period) {
    return KillPolicy.newBuilder()
        .setGracePeriod(DurationInfo.newBuilder().setNanoseconds(period.toNanos()))
        .build();
  }

  @Test
  void aKillThatWasUnderWayWhenTheAgentDiedIsCarriedOut() throws IOException {
    master.run(
        task("words", "trap '' TERM; touch ready; while :; do sleep 0.1; done")
            .setKillPolicy(grace(Duration.ofMillis(1500))));
    master.await("words", TaskState.TASK_RUNNING);
    ProcessId process = commandOf("words");
    Path latest = directory.resolve("slaves/S0/frameworks/fw-0000/executors/words/runs/latest");
    Awaitility.await().atMost(FakeMaster.LIMIT).until(() -> Files.exists(latest.resolve("ready")));
    master.kill("words");
    awaitRecord("killed");

    agent.kill();
    agent.restart();

    assertThat(master.await("words", TaskState.TASK_KILLED).getMessage())
        .isEqualTo("Command terminated with signal Killed");
    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void aTaskThatEndedOfAKillWhileTheAgentWasDeadHasNotFailed() throws IOException {
    master.run(
        task("words", "trap 'test -f go && exit 3' TERM; touch ready; while :; do sleep 0.05; done")
            .setKillPolicy(grace(FakeMaster.LIMIT)));
    master.await("words", TaskState.TASK_RUNNING);
    ProcessId process = commandOf("words");
    Path latest = directory.resolve("slaves/S0/frameworks/fw-0000/executors/words/runs/latest");
    Awaitility.await().atMost(FakeMaster.LIMIT).until(() -> Files.exists(latest.resolve("ready")));
    master.kill("words");
    awaitRecord("killed");
    agent.kill();
    Files.createFile(latest.resolve("go"));
    ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroy);
    Awaitility.await().atMost(FakeMaster.LIMIT).until(() -> !process.isAlive());
    agent.restart();
    assertThat(master.await("words", TaskState.TASK_KILLED).getMessage())
        .isEqualTo("Command exited with status 3");
  }

  @Test
  void oneTasksDamagedRecordsLeaveTheOthersAlone() throws IOException {
    master.run(task("words", "sleep 1000"));
    master.await("words", TaskState.TASK_RUNNING);
    Files.writeString(record("killed"), "soon");
    master.run(task("more", "sleep 1000"));
    master.await("more", TaskState.TASK_RUNNING);
    agent.kill();
    agent.restart();
    Awaitility.await().atMost(FakeMaster.LIMIT).until(() -> master.registrations.size() == 2);
    assertThat(master.reported).hasSize(2);
    master.kill("words");
    master.kill("more");
    master.await("words", TaskState.TASK_KILLED);
    master.await("more", TaskState.TASK_KILLED);
  }

  @Test
  void statusesThatWereNotAcknowledgedComeAgainAfterARestart() throws IOException {
    master.acknowledges = false;
    master.run(task("words", "exit 0"));
    TaskStatus starting = master.await("words", TaskState.TASK_STARTING);
    Path latest = directory.resolve("slaves/S0/frameworks/fw-0000/executors/words/runs/latest");
    Awaitility.await().atMost(FakeMaster.LIMIT).until(() -> Files.exists(latest.resolve("stdout")));
    agent.kill();
    master.statuses.clear();
    master.acknowledges = true;
    agent.restart();
    master.await("words", TaskState.TASK_FINISHED);
    assertThat(master.of("words").get(0)).isEqualTo(starting);
    assertThat(master.states("words"))
        .containsExactly(TaskState.TASK_STARTING, TaskState.TASK_RUNNING, TaskState.TASK_FINISHED);
  }

  @Test
  void aMachineThatDiesTakesItsTasksWithIt() throws IOException {
    master.run(task("words", "sleep 1000"));
    master.await("words", TaskState.TASK_RUNNING);
    ProcessId process = commandOf("words");
    agent.killWithTasks();
    assertThat(process.isAlive()).isFalse();
    assertThat(master.states("words"))
        .containsExactly(TaskState.TASK_STARTING, TaskState.TASK_RUNNING);

    agent.restart();
    assertThat(master.await("words", TaskState.TASK_FAILED).getMessage())
        .isEqualTo("Executor terminated");
  }

  @Test
  void aTaskOfAFrameworkThatDoesNotCheckpointDiesWithItsAgent() throws IOException {
    master.run(
        FakeMaster.framework().toBuilder().setCheckpoint(false).build(),
        task("words", "sleep 1000").build());
    master.await("words", TaskState.TASK_RUNNING);
    ProcessId process = commandOf("words");
    agent.kill();
    assertThat(process.isAlive()).isFalse();
    agent.restart();
    Awaitility.await().atMost(FakeMaster.LIMIT).until(() -> master.registrations.size() == 2);
    assertThat(master.reported).isEmpty();
  }

  @Test
  void closingAnAgentThatWasKilledLeavesNoProcess() throws IOException {
    master.run(task("words", "sleep 1000"));
    master.await("words", TaskState.TASK_RUNNING);
    ProcessId process = commandOf("words");
    agent.kill();
    agent.close();
    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void anAgentThatLeavesInOrderKillsItsTasksFirst() throws IOException {
    master.run(
        task("words", "trap 'echo bye; exit 0' TERM; echo x >ready; while :; do sleep 0.1; done")
            .setKillPolicy(grace(FakeMaster.LIMIT)));
    master.await("words", TaskState.TASK_RUNNING);
    Path latest = directory.resolve("slaves/S0/frameworks/fw-0000/executors/words/runs/latest");
    Awaitility.await().atMost(FakeMaster.LIMIT).until(() -> Files.exists(latest.resolve("ready")));
    ProcessId process = commandOf("words");
    agent.shutdown();
    assertThat(process.isAlive()).isFalse();
    assertThat(latest.resolve("stdout")).hasContent("bye");
    assertThat(master.events).startsWith("unregister");
    assertThat(agent.isRunning()).isFalse();
  }

  @Test
  void anAgentThatItsMasterSendsAwayEndsWithItsTasks() throws IOException {
    master.run(task("words", "sleep 1000"));
    master.await("words", TaskState.TASK_RUNNING);
    ProcessId process = commandOf("words");
    master.agent.shutdown("marked gone");
    Awaitility.await().atMost(FakeMaster.LIMIT).until(() -> !agent.isRunning());
    Awaitility.await().atMost(FakeMaster.LIMIT).until(() -> !process.isAlive());
    assertThat(master.states("words"))
        .containsExactly(TaskState.TASK_STARTING, TaskState.TASK_RUNNING);
  }

  @Test
  void anAgentThatIsSentAwayRunsUntilAllOfItHasEndedAndIsRestartedOnlyThen() throws Exception {
    Awaitility.await().atMost(FakeMaster.LIMIT).until(() -> master.agent != null);
    int port = agent.port();
    CountDownLatch ends = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    master.whenDisconnected =
        () -> {
          ends.countDown();
          awaitLatch(mayEnd);
        };
    master.agent.shutdown("marked gone");
    awaitLatch(ends);
    master.whenDisconnected = () -> {};
    CompletableFuture<Void> restarted;
    try {
      assertThat(agent.isRunning()).isTrue();
      restarted =
          CompletableFuture.runAsync(
              () -> {
                try {
                  agent.restart();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } finally {
      mayEnd.countDown();
    }
    restarted.get(FakeMaster.LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(agent.isRunning()).isTrue();
    assertThat(agent.port()).isEqualTo(port);
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(FakeMaster.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  @Test
  void theTasksOfAFrameworkThatIsGoneEndWithoutAWord() throws IOException {
    master.run(task("words", "sleep 1000"));
    master.await("words", TaskState.TASK_RUNNING);
    ProcessId process = commandOf("words");
    master.agent.shutdownFramework(FakeMaster.FRAMEWORK);
    Awaitility.await().atMost(FakeMaster.LIMIT).until(() -> !process.isAlive());
    // Until then the agent has a task of that name.
    awaitRecord("completed");
    assertThat(master.states("words"))
        .containsExactly(TaskState.TASK_STARTING, TaskState.TASK_RUNNING);
    master.run(task("words", "exit 0"));
    master.await("words", TaskState.TASK_FINISHED);
  }

  @Test
  void anotherMasterHearsOfTheTasks() throws IOException {
    master.run(task("words", "sleep 1000"));
    master.await("words", TaskState.TASK_RUNNING);
    FakeMaster other = new FakeMaster();
    agent.connect(other);
    Awaitility.await().atMost(FakeMaster.LIMIT).until(() -> other.registrations.size() == 1);
    assertThat(other.registrations.get(0).getId().getValue()).isEqualTo("S0");
    assertThat(other.reported).hasSize(1);
    other.kill("words");
    other.await("words", TaskState.TASK_KILLED);
  }

  @Test
  void pingsStopWhenTheNetworkLosesThem() throws IOException {
    Path other = directory.resolve("other");
    FakeMaster listening = new FakeMaster();
    try (Agent pinging =
        Agent.builder().workDirectory(other).pingInterval(Duration.ofMillis(10)).start(listening)) {
      Awaitility.await().atMost(FakeMaster.LIMIT).until(() -> listening.pings.get() > 5);
      pinging.pausePings();
      int before = listening.pings.get();
      Awaitility.await()
          .during(Duration.ofMillis(200))
          .atMost(FakeMaster.LIMIT)
          .until(() -> listening.pings.get() <= before + 1);
      pinging.resumePings();
      Awaitility.await().atMost(FakeMaster.LIMIT).until(() -> listening.pings.get() > before + 5);
      Awaitility.await().atMost(FakeMaster.LIMIT).until(() -> listening.registrations.size() >= 2);
      assertThat(listening.registrations).hasSize(2);
    }
  }

  @Test
  void sandboxesOfLongEndedTasksAreDeleted() throws IOException {
    Path other = directory.resolve("other");
    FakeMaster running = new FakeMaster();
    try (Agent tidy = Agent.builder().workDirectory(other).keptSandboxes(1).start(running)) {
      for (String id : new String[] {"a", "b", "c"}) {
        running.run(task(id, "true"));
        running.await(id, TaskState.TASK_FINISHED);
      }
      Path executors = other.resolve("slaves/S0/frameworks/fw-0000/executors");
      Awaitility.await()
          .atMost(FakeMaster.LIMIT)
          .until(
              () ->
                  Optional.of(Files.exists(executors.resolve("a/runs/latest"))).get() == false
                      && !Files.exists(executors.resolve("b/runs/latest")));
      assertThat(executors.resolve("c/runs/latest")).exists();
      assertThat(tidy.id()).isPresent();
    }
  }
}
