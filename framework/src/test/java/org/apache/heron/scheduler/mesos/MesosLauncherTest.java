package org.apache.heron.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.heron.minicluster.MiniCluster;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.scheduler.Scheduler.KillTopologyRequest;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerResponse;
import org.apache.heron.proto.system.Common.StatusCode;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigLoader;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.scheduler.LaunchContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.statemgr.StateManagers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scheduler as a process of its own, from launch over kill -9 and resume to the end. */
class MesosLauncherTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final PackingPlan PLAN = Words.plan(2, 0.2);

  @TempDir private Path directory;
  private MiniCluster cluster;
  private Map<String, Object> yaml;
  private IStateManager state;
  private MesosLauncher launcher;
  private Path working;

  @BeforeEach
  void start() throws IOException {
    cluster =
        MiniCluster.builder()
            .directory(directory.resolve("cluster"))
            .allocationInterval(Duration.ofMillis(200))
            .agents(2)
            .start();
    working = directory.resolve("working");
    yaml = new LinkedHashMap<>();
    yaml.put("heron.class.scheduler", "org.apache.heron.scheduler.mesos.MesosScheduler");
    yaml.put(
        "heron.class.state.manager",
        "org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager");
    yaml.put("heron.statemgr.connection.string", cluster.zooKeeper().connectString());
    yaml.put("heron.statemgr.root.path", "/heron");
    // Long enough that none ends because the machine is busy.
    yaml.put("heron.statemgr.zookeeper.session.timeout.ms", 30_000);
    yaml.put("heron.mesos.master.uri", cluster.masterUri());
    yaml.put("heron.mesos.tmanager.cpu", 0.1);
    yaml.put("heron.mesos.tmanager.ram", 64L << 20);
    yaml.put("heron.mesos.tmanager.disk", 64L << 20);
    yaml.put("heron.directory.sandbox.java.home", System.getProperty("java.home"));
    Packages.core(directory, Packages.EXECUTOR);
    state = StateManagers.open(local());
    state.create(StateKind.PACKING_PLAN, Words.NAME, PackingPlanProtos.toProto(PLAN));
  }

  @AfterEach
  void stop() {
    if (launcher != null) {
      launcher.cleanUp();
      launcher.close();
    }
    state.close();
    cluster.close();
  }

  private Config local() {
    Map<String, Object> all = new HashMap<>(yaml);
    all.put("heron.config.cluster", "mesos");
    all.put("heron.config.role", System.getProperty("user.name"));
    all.put("heron.config.environ", "default");
    all.put("heron.topology.binary.file", "words.jar");
    all.put("heron.topology.package.file", directory.resolve("topology.tar.gz").toString());
    all.put("heron.scheduler.mesos.scheduler.working.directory", working.toString());
    all.put("heron.package.core.uri", directory.resolve("heron-core.tar.gz").toUri().toString());
    return ConfigLoader.local(Config.of(all));
  }

  private MesosLauncher launcherOf(Topology topology) throws IOException {
    return launcherOf(topology, local());
  }

  private MesosLauncher launcherOf(Topology topology, Config local) throws IOException {
    Path file = directory.resolve("topology.tar.gz");
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(
            new java.util.zip.GZIPOutputStream(Files.newOutputStream(file)))) {
      Packages.add(tar, "words.defn", topology.toByteArray());
      Packages.add(tar, "words.jar", new byte[] {1});
      Packages.add(
          tar,
          "heron-conf/release.yaml",
          "heron.build.version: '1.2.3'\n".getBytes(StandardCharsets.UTF_8));
      Packages.add(tar, "./heron-conf/scheduler.yaml", text().getBytes(StandardCharsets.UTF_8));
    }
    MesosLauncher made = new MesosLauncher();
    made.initialize(new LaunchContext(local, local, topology, file.toUri(), state));
    return made;
  }

  private String text() {
    return yaml.entrySet().stream()
        .map(entry -> entry.getKey() + ": \"" + entry.getValue() + "\"\n")
        .collect(Collectors.joining());
  }

  @Test
  void aSchedulerIsLaunchedKilledHardResumedElsewhereAndEndsWithoutTrace() throws Exception {
    launcher = launcherOf(Words.topology("words-id"));
    launcher.launch(PLAN);
    SchedulerStatus before = awaitAllRunning();
    assertThat(launcher.schedulerLog()).contains(working.resolve("scheduler.log"));
    assertThat(Files.readString(working.resolve("scheduler.log"))).contains("registered with");

    assertThat(get("/api/v1/version")).contains("\"1.2.3\"");
    ProcessHandle first = process();
    assertThatThrownBy(() -> launcher.launch(PLAN))
        .isInstanceOf(SchedulerException.class)
        .hasMessageContaining("runs already in " + working);
    first.destroyForcibly();
    first.onExit().join();

    // On another host nothing of the working directory is there.
    assertThat(working.resolve("words.jar")).exists();
    working = directory.resolve("other-host");
    launcher.close();
    launcher = launcherOf(Words.topology("words-id"));
    assertThat(launcher.resume(PLAN)).isTrue();
    await().atMost(LIMIT).until(() -> !status().master().isEmpty());
    SchedulerStatus after = awaitAllRunning();
    assertThat(after.frameworkId()).isEqualTo(before.frameworkId());
    assertThat(after.containers().stream().map(SchedulerStatus.Container::taskId))
        .isEqualTo(before.containers().stream().map(SchedulerStatus.Container::taskId).toList());

    assertThat(kill().getStatus().getStatus()).isEqualTo(StatusCode.OK);
    launcher.cleanUp();
    assertThat(working).doesNotExist();
    assertThat(cluster.leader().frameworks()).isEmpty();
    assertThat(state.exists(StateKind.SCHEDULER_LOCATION, Words.NAME)).isFalse();
    assertThat(launcher.resume(PLAN)).isFalse();
  }

  @Test
  void standbysFollowALeaderThatIsKilledAndOneThatIsPausedWhichThenWritesNothing()
      throws Exception {
    // A leader that is paused is followed when its session ends.
    yaml.put("heron.statemgr.zookeeper.session.timeout.ms", 4_000);
    launcher = launcherOf(Words.topology("words-id"));
    launcher.launch(PLAN);
    SchedulerStatus before = awaitAllRunning();
    ProcessHandle first = process();
    String firstEndpoint = endpoint();
    assertThat(launcher.standBy()).contains("stands by; its log is " + working + ".standby-1");
    first.destroyForcibly();
    first.onExit().join();
    awaitAnotherThan(firstEndpoint);
    assertSame(before, awaitAllRunning());

    // The first one's directory is free again.
    String second = endpoint();
    assertThat(launcher.standBy()).contains(working.resolve("scheduler.log").toString());
    ProcessHandle paused = process(Path.of(working + ".standby-1"));
    signal(paused, "STOP");
    try {
      awaitAnotherThan(second);
      assertSame(before, awaitAllRunning());
    } finally {
      signal(paused, "CONT");
    }
    await().atMost(LIMIT).until(() -> get(second, "/api/v1/status").contains("STANDING_BY"));
    assertThat(endpoint()).isNotEqualTo(second);
    assertSame(before, awaitAllRunning());

    assertThat(kill().getStatus().getStatus()).isEqualTo(StatusCode.OK);
    paused.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    launcher.cleanUp();
    assertThat(Path.of(working + ".standby-1")).doesNotExist();
    assertThat(working).doesNotExist();
    assertThat(cluster.leader().frameworks()).isEmpty();
  }

  // Between two leaders there may be a moment without one.
  private void awaitAnotherThan(String endpoint) {
    await().atMost(LIMIT).ignoreExceptions().until(() -> !endpoint().equals(endpoint));
  }

  private static void signal(ProcessHandle process, String signal) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  private static void assertSame(SchedulerStatus before, SchedulerStatus after) {
    assertThat(after.frameworkId()).isEqualTo(before.frameworkId());
    assertThat(after.containers().stream().map(SchedulerStatus.Container::taskId))
        .isEqualTo(before.containers().stream().map(SchedulerStatus.Container::taskId).toList());
  }

  @Test
  void aRefusedLaunchLeavesTheSchedulerOfAnotherSubmissionAlone() throws Exception {
    launcher = launcherOf(Words.topology("words-id"));
    launcher.launch(PLAN);
    Config elsewhere = local().with("heron.statemgr.root.path", "/heron-of-another-cluster");
    try (MesosLauncher other = launcherOf(Words.topology("another-id"), elsewhere)) {
      assertThatThrownBy(() -> other.launch(PLAN))
          .isInstanceOf(SchedulerException.class)
          .hasMessageContaining("runs already in " + working);
      // What a submit does that failed.
      other.cleanUp();
    }
    assertThat(process().isAlive()).isTrue();
    assertThat(working.resolve("words.defn")).exists();
    assertThat(kill().getStatus().getStatus()).isEqualTo(StatusCode.OK);
  }

  @Test
  void aSchedulerWithWrongArgumentsSaysWhichAndNotHowItIsUsed() throws Exception {
    launcher = launcherOf(Words.topology("words-id"), local().with("heron.config.role", " "));
    assertThatThrownBy(() -> launcher.launch(PLAN))
        .isInstanceOf(SchedulerException.class)
        .hasMessageContaining("missing argument --role");
    assertThat(working).doesNotExist();
  }

  @Test
  void aSchedulerThatCannotStartSaysWhyAndLeavesNothing() throws Exception {
    state.delete(StateKind.PACKING_PLAN, Words.NAME);
    launcher = launcherOf(Words.topology("words-id"));
    assertThatThrownBy(() -> launcher.launch(PLAN))
        .isInstanceOf(SchedulerException.class)
        .hasMessageContaining("there is no packing plan of it in shared state");
    assertThat(working).doesNotExist();
  }

  @Test
  void aSchedulerIsThereBeforeMesosIs() throws Exception {
    yaml.put("heron.mesos.master.uri", "127.0.0.1:1");
    launcher = launcherOf(Words.topology("words-id"));
    launcher.launch(PLAN);
    await().atMost(LIMIT).until(() -> status().problem().contains("127.0.0.1:1"));
    assertThat(status().phase()).isEqualTo(SchedulerStatus.Phase.REGISTERING);
    assertThat(kill().getStatus().getStatus()).isEqualTo(StatusCode.OK);
    launcher.cleanUp();
    assertThat(working).doesNotExist();
  }

  @Test
  void filesOfOthersAreNeverTouched() throws Exception {
    Files.createDirectories(working);
    Files.writeString(working.resolve("precious"), "data");
    launcher = launcherOf(Words.topology("words-id"));
    assertThatThrownBy(() -> launcher.launch(PLAN))
        .isInstanceOf(SchedulerException.class)
        .hasMessageContaining("not a scheduler's");
    launcher.cleanUp();
    assertThat(working.resolve("precious")).hasContent("data");
  }

  private ProcessHandle process() throws IOException {
    return process(working);
  }

  private static ProcessHandle process(Path directory) throws IOException {
    String pid = Files.readString(directory.resolve("scheduler.pid")).split(" ")[0];
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  private String endpoint() {
    return state
        .get(StateKind.SCHEDULER_LOCATION, Words.NAME)
        .map(SchedulerLocation::getHttpEndpoint)
        .orElseThrow();
  }

  private SchedulerStatus status() throws Exception {
    return new ObjectMapper().readValue(get("/api/v1/status"), SchedulerStatus.class);
  }

  private String get(String path) throws Exception {
    return get(endpoint(), path);
  }

  private static String get(String endpoint, String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + endpoint + path)).build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private SchedulerStatus awaitAllRunning() throws Exception {
    await().atMost(LIMIT).ignoreExceptions().until(() -> status().allRunning());
    return status();
  }

  private SchedulerResponse kill() throws Exception {
    byte[] body =
        KillTopologyRequest.newBuilder().setTopologyName(Words.NAME).build().toByteArray();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + endpoint() + "/kill"))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return SchedulerResponse.parseFrom(
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
  }
}
