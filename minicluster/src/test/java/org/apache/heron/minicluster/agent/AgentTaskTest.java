package org.apache.heron.minicluster.agent;

import static org.apache.heron.minicluster.agent.FakeMaster.task;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.heron.minicluster.agent.process.ProcessId;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.Environment;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AgentTaskTest {
  @TempDir Path directory;
  private final FakeMaster master = new FakeMaster();
  private Agent agent;

  @BeforeEach
  void start() throws IOException {
    agent = Agent.builder().hostname("agent.example").workDirectory(directory).start(master);
  }

  @AfterEach
  void close() {
    agent.close();
  }

  private Path sandbox(String task) throws IOException {
    return directory
        .resolve("slaves/S0/frameworks/fw-0000/executors/" + task + "/runs/latest")
        .toRealPath();
  }

  @Test
  void aCommandThatSucceedsIsReportedAsMesosDoes() throws IOException {
    master.run(task("words", "echo hello; echo oops >&2"));
    TaskStatus finished = master.await("words", TaskState.TASK_FINISHED);

    assertThat(master.states("words"))
        .containsExactly(TaskState.TASK_STARTING, TaskState.TASK_RUNNING, TaskState.TASK_FINISHED);
    assertThat(finished.getMessage()).isEqualTo("Command exited with status 0");
    assertThat(finished.getSource()).isEqualTo(TaskStatus.Source.SOURCE_EXECUTOR);
    assertThat(finished.hasReason()).isFalse();
    assertThat(finished.getExecutorId().getValue()).isEqualTo("words");
    assertThat(finished.getAgentId().getValue()).isEqualTo("S0");
    assertThat(finished.getUuid().size()).isEqualTo(16);
    assertThat(finished.getContainerStatus().getExecutorPid()).isPositive();
    assertThat(finished.getContainerStatus().getContainerId().getValue())
        .isEqualTo(sandbox("words").getFileName().toString());
    assertThat(sandbox("words").resolve("stdout")).hasContent("hello");
    assertThat(sandbox("words").resolve("stderr")).hasContent("oops");
    try (var files = Files.list(sandbox("words"))) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("stdout", "stderr");
    }
  }

  @Test
  void anExitStatusIsTold() {
    master.run(task("fails", "exit 7"));
    assertThat(master.await("fails", TaskState.TASK_FAILED).getMessage())
        .isEqualTo("Command exited with status 7");
    master.run(task("looks-like-a-signal", "exit 143"));
    assertThat(master.await("looks-like-a-signal", TaskState.TASK_FAILED).getMessage())
        .isEqualTo("Command exited with status 143");
    master.run(task("is-a-signal", "kill -9 $$"));
    assertThat(master.await("is-a-signal", TaskState.TASK_FAILED).getMessage())
        .isEqualTo("Command terminated with signal Killed");
  }

  @Test
  void aTaskWhoseExecutorDiesFailsAndLeavesNothing() {
    master.run(task("words", "echo $$ >pid; kill -9 $PPID; sleep 1000"));
    TaskStatus failed = master.await("words", TaskState.TASK_FAILED);
    assertThat(failed.getMessage()).isEqualTo("Executor terminated");
    assertThat(failed.getSource()).isEqualTo(TaskStatus.Source.SOURCE_AGENT);
    assertThat(failed.getReason()).isEqualTo(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED);
    assertThat(failed.hasContainerStatus()).isFalse();
    assertGone("words", "pid");
  }

  private void assertGone(String task, String pidFile) {
    assertThat(process(task, pidFile)).matches(id -> id.isEmpty() || !id.get().isAlive());
  }

  private Optional<ProcessId> process(String task, String pidFile) {
    try {
      return ProcessId.of(Long.parseLong(Files.readString(sandbox(task).resolve(pidFile)).trim()));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void awaitFile(String task, String name) {
    Awaitility.await()
        .atMost(FakeMaster.LIMIT)
        .ignoreExceptions()
        .until(() -> Files.size(sandbox(task).resolve(name)) > 0);
  }

  @Test
  void aKillEndsTheWholeTreeEvenDaemons() {
    master.run(
        task("tree", "setsid sh -c 'echo $$ >daemon; exec sleep 1000' & echo $$ >pid; sleep 999"));
    awaitFile("tree", "pid");
    awaitFile("tree", "daemon");
    master.kill("tree");
    TaskStatus killed = master.await("tree", TaskState.TASK_KILLED);
    assertThat(killed.getMessage()).isEqualTo("Command terminated with signal Terminated");
    assertThat(killed.getSource()).isEqualTo(TaskStatus.Source.SOURCE_EXECUTOR);
    assertGone("tree", "pid");
    assertGone("tree", "daemon");
  }

  @Test
  void aDaemonThatCleansItsEnvironmentDiesWithItsTaskToo() {
    master.run(
        task(
            "daemon", "env -i setsid sh -c 'echo $$ >daemon; exec sleep 1000' & sleep 998 & wait"));
    awaitFile("daemon", "daemon");
    master.kill("daemon");
    master.await("daemon", TaskState.TASK_KILLED);
    assertGone("daemon", "daemon");
  }

  @Test
  void whoIgnoresTheRequestIsKilledAfterTheGracePeriod() {
    master.run(task("stubborn", "trap '' TERM; echo x >ready; while :; do sleep 1; done"));
    awaitFile("stubborn", "ready");
    master.agent.killTask(
        FakeMaster.FRAMEWORK,
        FakeMaster.id("stubborn"),
        Optional.of(
            KillPolicy.newBuilder()
                .setGracePeriod(DurationInfo.newBuilder().setNanoseconds(200_000_000))
                .build()));
    assertThat(master.await("stubborn", TaskState.TASK_KILLED).getMessage())
        .isEqualTo("Command terminated with signal Killed");
  }

  @Test
  void aSecondKillMayOnlyShortenTheGracePeriod() {
    master.run(task("stubborn", "trap '' TERM; echo x >ready; while :; do sleep 1; done"));
    awaitFile("stubborn", "ready");
    for (long nanos : List.of(100_000_000_000L, 100_000_000L, 100_000_000_000L)) {
      master.agent.killTask(
          FakeMaster.FRAMEWORK,
          FakeMaster.id("stubborn"),
          Optional.of(
              KillPolicy.newBuilder()
                  .setGracePeriod(DurationInfo.newBuilder().setNanoseconds(nanos))
                  .build()));
    }
    master.await("stubborn", TaskState.TASK_KILLED);
  }

  @Test
  void whoUnderstandsItHearsThatATaskIsBeingKilled() {
    FrameworkInfo understands =
        FakeMaster.framework().toBuilder()
            .addCapabilities(
                FrameworkInfo.Capability.newBuilder()
                    .setType(FrameworkInfo.Capability.Type.TASK_KILLING_STATE))
            .build();
    master.run(understands, task("words", "sleep 1000").build());
    master.await("words", TaskState.TASK_RUNNING);
    master.kill("words");
    master.await("words", TaskState.TASK_KILLED);
    assertThat(master.states("words"))
        .containsExactly(
            TaskState.TASK_STARTING,
            TaskState.TASK_RUNNING,
            TaskState.TASK_KILLING,
            TaskState.TASK_KILLED);
  }

  @Test
  void aDrainingAgentSaysSo() {
    master.run(task("words", "sleep 1000"));
    master.await("words", TaskState.TASK_RUNNING);
    master.agent.drain(
        DrainConfig.newBuilder()
            .setMaxGracePeriod(DurationInfo.newBuilder().setNanoseconds(1_000_000_000))
            .build());
    TaskStatus killed = master.await("words", TaskState.TASK_KILLED);
    assertThat(killed.getReason()).isEqualTo(TaskStatus.Reason.REASON_AGENT_DRAINING);

    Awaitility.await()
        .atMost(FakeMaster.LIMIT)
        .untilAsserted(
            () -> {
              String id = "later-" + master.statuses.size();
              master.run(task(id, "sleep 1000"));
              master.await(id, TaskState.TASK_RUNNING);
              master.kill(id);
              assertThat(master.await(id, TaskState.TASK_KILLED).hasReason()).isFalse();
            });
  }

  @Test
  void aTaskSeesItsEnvironment() throws IOException {
    CommandInfo.Builder command =
        CommandInfo.newBuilder()
            .setValue("echo \"$A $MESOS_TASK_ID $MESOS_SANDBOX $(pwd -P)\"")
            .setEnvironment(
                Environment.newBuilder()
                    .addVariables(Environment.Variable.newBuilder().setName("A").setValue("b c")));
    master.run(task("words", "").setCommand(command));
    master.await("words", TaskState.TASK_FINISHED);
    String sandbox = sandbox("words").toString();
    assertThat(sandbox("words").resolve("stdout"))
        .hasContent("b c words " + sandbox + " " + sandbox);
  }

  @Test
  void withoutAShellArgumentsArePassedAsTheyAre() throws IOException {
    master.run(
        task("words", "")
            .setCommand(
                CommandInfo.newBuilder()
                    .setShell(false)
                    .setValue("/bin/echo")
                    .addArguments("echo")
                    .addArguments("a  b")
                    .addArguments("$HOME;")));
    master.await("words", TaskState.TASK_FINISHED);
    assertThat(sandbox("words").resolve("stdout")).hasContent("a  b $HOME;");

    master.run(
        task("missing", "")
            .setCommand(CommandInfo.newBuilder().setShell(false).setValue("no-such-program")));
    assertThat(master.await("missing", TaskState.TASK_FAILED).getMessage())
        .isEqualTo("Command exited with status 1");
  }

  @Test
  void aUriThatIsNotThereFailsTheTaskInMesosWords() throws IOException {
    master.run(
        task("words", "")
            .setCommand(
                CommandInfo.newBuilder()
                    .setValue("true")
                    .addUris(
                        CommandInfo.URI.newBuilder().setValue("file:///no/such/core.tar.gz"))));
    TaskStatus failed = master.await("words", TaskState.TASK_FAILED);
    assertThat(failed.getReason()).isEqualTo(TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED);
    assertThat(failed.getSource()).isEqualTo(TaskStatus.Source.SOURCE_AGENT);
    assertThat(failed.hasContainerStatus()).isFalse();
    assertThat(failed.getMessage())
        .isEqualTo(
            "Failed to launch container: Failed to fetch all URIs for container '"
                + sandbox("words").getFileName()
                + "': exited with status 1");
    assertThat(sandbox("words").resolve("stderr"))
        .content()
        .contains("'/no/such/core.tar.gz': No such file or directory");
  }

  /** Bound, and never answered: whoever fetches from it waits. */
  private static String silence(ServerSocket socket) {
    return "http://127.0.0.1:" + socket.getLocalPort() + "/core.tar.gz";
  }

  private static TaskInfo.Builder fetching(String name, String uri) {
    return task(name, "")
        .setCommand(
            CommandInfo.newBuilder()
                .setValue("true")
                .addUris(CommandInfo.URI.newBuilder().setValue(uri)));
  }

  @Test
  void aFetchThatOutlastsTheExecutorsRegistrationFailsTheTaskInMesosWords() throws IOException {
    agent.close();
    agent =
        Agent.builder()
            .hostname("agent.example")
            .workDirectory(directory)
            .executorRegistrationTimeout(Duration.ofSeconds(2))
            .parallelLaunches(1)
            .start(master);
    try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      master.run(fetching("slow", silence(socket)));
      TaskStatus failed = master.await("slow", TaskState.TASK_FAILED);
      assertThat(failed.getReason())
          .isEqualTo(TaskStatus.Reason.REASON_EXECUTOR_REGISTRATION_TIMEOUT);
      assertThat(failed.getSource()).isEqualTo(TaskStatus.Source.SOURCE_AGENT);
      assertThat(failed.getMessage()).isEqualTo("Executor did not register within 2secs");
      assertThat(failed.hasContainerStatus()).isFalse();
      // The fetch has ended with it: the one place to launch is free again.
      master.run(task("next", "true"));
      master.await("next", TaskState.TASK_FINISHED);
    }
    assertThat(master.states("slow")).containsExactly(TaskState.TASK_FAILED);
  }

  @Test
  void durationsAreWrittenAsMesosWritesThem() {
    assertThat(Statuses.inMesosUnits(Duration.ofMinutes(1))).isEqualTo("1mins");
    assertThat(Statuses.inMesosUnits(Duration.ofSeconds(90))).isEqualTo("1.5mins");
    assertThat(Statuses.inMesosUnits(Duration.ofMinutes(10))).isEqualTo("10mins");
    assertThat(Statuses.inMesosUnits(Duration.ofMillis(200))).isEqualTo("200ms");
    assertThat(Statuses.inMesosUnits(Duration.ofMillis(1500))).isEqualTo("1.5secs");
  }

  @Test
  void whatTheAgentCannotDoIsRefusedWithAReason() {
    master.run(
        task("words", "true")
            .setContainer(
                org.apache.mesos.v1.Protos.ContainerInfo.newBuilder()
                    .setType(org.apache.mesos.v1.Protos.ContainerInfo.Type.DOCKER)
                    .setDocker(
                        org.apache.mesos.v1.Protos.ContainerInfo.DockerInfo.newBuilder()
                            .setImage("busybox"))));
    assertThat(master.await("words", TaskState.TASK_FAILED).getMessage())
        .isEqualTo(
            "Failed to launch container: None of the enabled containerizers (mesos) could create a"
                + " container for the provided TaskInfo/ExecutorInfo message");
  }

  @Test
  void aTaskThatTakesTooLongFails() {
    master.run(
        task("words", "sleep 1000")
            .setMaxCompletionTime(DurationInfo.newBuilder().setNanoseconds(300_000_000)));
    assertThat(master.await("words", TaskState.TASK_FAILED).getReason())
        .isEqualTo(TaskStatus.Reason.REASON_MAX_COMPLETION_TIME_REACHED);
  }

  @Test
  void fiftyTasksStartSideBySide() throws IOException {
    Path arrivals = Files.createDirectory(directory.resolve("arrivals"));
    for (int i = 0; i < 50; i++) {
      master.run(
          task(
              "t" + i,
              "cd "
                  + arrivals
                  + " && touch t"
                  + i
                  + " || exit 1;"
                  + " until set -- * && test $# = 50; do sleep 1; done"));
    }
    Awaitility.await()
        .atMost(FakeMaster.LIMIT.multipliedBy(3))
        .until(() -> Objects.requireNonNull(arrivals.toFile().list()).length == 50);
    for (int i = 0; i < 50; i++) {
      master.await("t" + i, TaskState.TASK_FINISHED);
    }
  }
}
