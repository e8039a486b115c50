package org.apache.heron.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.heron.framework.history.History;
import org.apache.heron.framework.storage.FrameworkRecord;
import org.apache.heron.framework.storage.Goal;
import org.apache.heron.minicluster.zookeeper.EmbeddedZooKeeper;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.service.launch.LaunchRecord;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.statemgr.StateManagers;
import org.apache.zookeeper.ZKUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands whose ZooKeeper is at a host that only ssh reaches. */
class TunnelledCommandsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path directory;
  private final List<ProcessHandle> started = new ArrayList<>();
  private EmbeddedZooKeeper zooKeeper;
  private CuratorFramework direct;
  private IStateManager state;
  private FakeScheduler scheduler;
  private TestHome home;
  private Path said;

  @BeforeEach
  void start() throws IOException {
    zooKeeper = EmbeddedZooKeeper.start(directory.resolve("zookeeper"), 0);
    TunnelFixture.ssh(directory.resolve("bin"), zooKeeper.port());
    home = new TestHome(directory);
    said = directory.resolve("said");
    Map<String, Object> straight = new HashMap<>(TunnelFixture.settings());
    straight.put("heron.statemgr.connection.string", zooKeeper.connectString());
    straight.put("heron.statemgr.is.tunnel.needed", false);
    state = StateManagers.open(home.settings(straight).local());
    direct = CuratorFrameworkFactory.newClient(zooKeeper.connectString(), new RetryOneTime(1000));
    direct.start();
    scheduler = new FakeScheduler();
  }

  @AfterEach
  void stop() throws IOException {
    started.forEach(ProcessHandle::destroyForcibly);
    scheduler.close();
    direct.close();
    state.close();
    zooKeeper.close();
  }

  /** In a session of its own, as on a terminal: what is sent to its group reaches no other. */
  private Process run(String command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            "setsid",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dcom.google.protobuf.use_unsafe_pre22_gencode",
            "-cp",
            System.getProperty("java.class.path"),
            TunnelledMain.class.getName(),
            command,
            directory.toString());
    builder.environment().put("PATH", TunnelFixture.path(directory.resolve("bin")));
    Process process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    started.add(process.toHandle());
    return process;
  }

  private String ended(Process process) throws Exception {
    List<ProcessHandle> all = process.descendants().toList();
    started.addAll(all);
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    for (ProcessHandle ssh : all) {
      ssh.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    return Files.readString(said);
  }

  // Ctrl-C reaches all of a terminal's foreground processes; SIGTERM stands for it, which no
  // shell's background ignores.
  @ParameterizedTest
  @ValueSource(strings = {"", "-"})
  void aSubmitThatIsCutOffTakesBackAllThatItHasBegun(String group) throws Exception {
    Process process = run("submit");
    await()
        .atMost(PATIENCE)
        .until(() -> !process.isAlive() || Files.readString(said).contains(TunnelledMain.LAUNCHED));
    assertThat(Files.readString(said)).contains(TunnelledMain.LAUNCHED);
    scheduler.say(
        FakeScheduler.status("RUNNING", "", FakeScheduler.task(0, "STAGING", "words-0-1")));
    scheduler.publish(state, "words");
    List<ProcessHandle> all = process.descendants().toList();
    assertThat(all).as("ssh").isNotEmpty();
    started.addAll(all);
    new ProcessBuilder("kill", "-TERM", "--", group + process.pid()).start().waitFor();
    assertThat(ended(process)).doesNotContain("gave up", "Cannot remove", "\tat ");
    for (ProcessHandle ssh : all) {
      ssh.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    assertThat(scheduler.requests()).anyMatch(request -> request.startsWith("/kill"));
    assertThat(nodes()).noneMatch(path -> path.contains("words"));
    assertThat(home.packages()).doesNotExist();
  }

  @Test
  void aKillOnMesosEndsTheTopologyAndLeavesNoNode() throws Exception {
    state.put(StateKind.TOPOLOGY, "words", TestTopologies.words("words", 1));
    node(
        "/heron/frameworks/words/launch",
        new LaunchRecord("words-0001", "words.jar", "file:///words.tar.gz", "file:///core.tar.gz")
            .toText()
            .getBytes(StandardCharsets.UTF_8));
    scheduler.say(
        FakeScheduler.status("RUNNING", "", FakeScheduler.task(0, "RUNNING", "words-0-1")));
    scheduler.publish(state, "words");
    Process process = run("kill");
    String output = ended(process);
    assertThat(process.exitValue()).as(output).isZero();
    assertThat(scheduler.requests()).anyMatch(request -> request.startsWith("/kill"));
    assertThat(nodes()).noneMatch(path -> path.contains("words"));
  }

  @Test
  void theRecordedHistoryOnMesosIsReadWhereSharedStateIs() throws Exception {
    state.put(StateKind.TOPOLOGY, "words", TestTopologies.words("words", 1));
    state.put(StateKind.EXECUTION_STATE, "words", execution());
    frameworkRecord();
    Process process = run("history");
    String output = ended(process);
    assertThat(process.exitValue()).as(output).isZero();
    assertThat(output).contains("the records in ZooKeeper zookeeper.invalid:2181");
  }

  @Test
  void theDoctorFindsWhatIsOnlyOnRecordOnMesos() throws Exception {
    frameworkRecord();
    Process process = run("doctor");
    String output = ended(process);
    assertThat(process.exitValue()).as(output).isZero();
    assertThat(output).contains("of words it is not clear whether it runs: the Mesos master");
  }

  private static ExecutionState execution() {
    return ExecutionState.newBuilder()
        .setTopologyName("words")
        .setTopologyId("words-0001")
        .setSubmissionTime(1)
        .setSubmissionUser("ada")
        .setCluster("test")
        .setRole("ada")
        .setEnviron("devel")
        .build();
  }

  private void frameworkRecord() throws Exception {
    node(
        "/heron/frameworks/words",
        new FrameworkRecord(
                "words",
                "words-0001",
                Optional.of("framework-of-words"),
                Optional.empty(),
                Goal.RUN,
                Instant.now(),
                0,
                History.NONE)
            .toProto()
            .toByteArray());
  }

  private void node(String path, byte[] data) throws Exception {
    direct.create().creatingParentsIfNeeded().forPath(path, data);
  }

  /** All that is in ZooKeeper, by path. */
  private List<String> nodes() throws Exception {
    return ZKUtil.listSubTreeBFS(direct.getZookeeperClient().getZooKeeper(), "/heron");
  }
}
