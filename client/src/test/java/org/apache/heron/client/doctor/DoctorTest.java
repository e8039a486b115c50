package org.apache.heron.client.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.heron.client.FakeCluster;
import org.apache.heron.client.FakeScheduler;
import org.apache.heron.client.TestHome;
import org.apache.heron.client.TestTopologies;
import org.apache.heron.client.plugin.Plugins;
import org.apache.heron.client.settings.Installation;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.diagnosis.Finding.Verdict;
import org.apache.heron.spi.diagnosis.Life;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.spi.uploader.IUploader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each check, whole and broken in turn. */
class DoctorTest {
  private static final Listener NOBODY =
      new Listener() {
        @Override
        public void section(String title) {}

        @Override
        public void found(Finding finding) {}
      };

  private static final List<String> SECTIONS =
      List.of("Configuration", "Java", "Shared state", "Scheduler", "Topologies", "Packages");

  @TempDir private Path directory;
  private TestHome home;
  private boolean fetch;
  private final Map<String, Object> properties = new HashMap<>();

  @BeforeEach
  void prepare() throws IOException {
    WatchedLauncher.LIVES.clear();
    WatchedLauncher.RECORDS.clear();
    WatchedLauncher.CLEANED.clear();
    home = new TestHome(directory);
    properties.put("heron.class.launcher", WatchedLauncher.class.getName());
    properties.put("heron.class.scheduler", FakeCluster.Scheduler.class.getName());
    properties.put("heron.package.core.uri", "file://" + core("heron-core/bin/heron-executor"));
    properties.put("heron.directory.sandbox.java.home", System.getProperty("java.home"));
    try (IStateManager state = state()) {
      assertThat(state.list(StateKind.TOPOLOGY)).isEmpty();
    }
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(home.packages())
        .satisfiesAnyOf(
            packages -> assertThat(packages).doesNotExist(),
            packages -> assertThat(packages).isEmptyDirectory());
  }

  private Path core(String entry) throws IOException {
    Path file = directory.resolve("core-" + entry.hashCode() + ".tar.gz");
    try (OutputStream out = Files.newOutputStream(file);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
      tar.putArchiveEntry(new TarArchiveEntry(entry));
      tar.closeArchiveEntry();
    }
    return file;
  }

  private IStateManager state() {
    Config config = home.settings(Map.of()).local();
    IStateManager state = Plugins.standard().stateManager(config);
    state.initialize(config);
    return state;
  }

  private Doctor doctor() {
    return new Doctor(
        new DoctorRequest(
            Installation.of(home.home(), Optional.empty(), Optional.empty()),
            TopologyTarget.parse("test/ada/devel", "ada"),
            new Settings.Switches(properties, false, false),
            TestHome.environment(),
            fetch),
        Plugins.standard());
  }

  private Checkup examine() throws InterruptedException {
    try (Doctor doctor = doctor()) {
      return doctor.examine(NOBODY);
    }
  }

  private static List<Finding> failures(Checkup checkup) {
    return checkup.entries().stream()
        .map(Checkup.Entry::finding)
        .filter(finding -> finding.verdict() == Verdict.FAILED)
        .toList();
  }

  /** The one thing that is wrong. */
  private Finding onlyFailure() throws InterruptedException {
    List<Finding> failures = failures(examine());
    assertThat(failures).hasSize(1).allMatch(finding -> finding.remedy().isPresent());
    return failures.get(0);
  }

  private static Finding warning(Checkup checkup, String check) {
    return checkup.entries().stream()
        .map(Checkup.Entry::finding)
        .filter(f -> f.verdict() == Verdict.WARNING && f.check().equals(check))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void allIsWell() throws Exception {
    Checkup checkup = examine();
    assertThat(failures(checkup)).isEmpty();
    assertThat(checkup.healthy()).isTrue();
    assertThat(sections(checkup)).isEqualTo(SECTIONS);
    assertThat(home.stateFiles()).isEmpty();
  }

  private static List<String> sections(Checkup checkup) {
    return checkup.entries().stream().map(Checkup.Entry::section).distinct().toList();
  }

  @ParameterizedTest
  @CsvSource({
    "test.back.end.fails, check, 'many'",
    "test.back.end.fails, fetch, 'many'",
    "heron.class.state.manager, org.example.Nothing, 'org.example.Nothing'",
    "heron.class.launcher, org.example.Nothing, 'org.example.Nothing'",
    "heron.class.uploader, org.example.Nothing, 'org.example.Nothing'",
    "heron.class.uploader, org.apache.heron.client.doctor.DoctorTest$Thrower, 'no such luck'",
    "heron.statemgr.zookeeper.connection.timeout.ms, soon, 'soon'",
    "heron.statemgr.is.tunnel.needed, perhaps, 'perhaps'",
    "heron.scheduler.is.service, perhaps, 'perhaps'",
  })
  void oneWrongValueIsAFindingAndTheOtherChecksAreMade(String key, String value, String words)
      throws Exception {
    fetch = true;
    write("words", "test", Instant.now().minusSeconds(3600));
    properties.put(key, value);
    if (key.contains("tunnel")) {
      properties.put("heron.statemgr.connection.string", "127.0.0.1:1");
    }
    Checkup checkup = examine();
    assertThat(checkup.healthy()).isFalse();
    assertThat(sections(checkup)).isEqualTo(SECTIONS);
    assertThat(failures(checkup))
        .anySatisfy(
            finding -> {
              assertThat(finding.message()).contains(words).doesNotContain("\n");
              assertThat(finding.remedy()).isPresent();
            });
    assertThat(checkup.entries().stream().map(each -> each.finding().check()))
        .contains("uploader", "core package");
  }

  @Test
  void aTopologyWhoseLifeCannotBeAskedIsNotTakenForDead() throws Exception {
    write("words", "test", Instant.now().minusSeconds(3600));
    properties.put("test.back.end.fails", "life");
    Checkup checkup = examine();
    assertThat(checkup.dead()).isEmpty();
    assertThat(checkup.entries().stream().map(each -> each.finding().message()))
        .contains(
            "of words it is not clear whether it runs: test.attempts is 'many', which is no number",
            "0 of 1 topologies are looked after");
  }

  /** A plug-in with a defect. */
  public static final class Thrower implements IUploader {
    /** For reflection. */
    public Thrower() {}

    @Override
    public void initialize(Config config) {
      throw new IllegalStateException("no such luck");
    }

    @Override
    public URI uploadPackage() {
      throw new AssertionError("not initialized");
    }

    @Override
    public boolean undo() {
      return true;
    }

    @Override
    public void delete() {}

    @Override
    public void close() {}
  }

  @Test
  void aBrokenFileEndsIt() throws Exception {
    Files.writeString(home.home().resolve("conf/test/client.yaml"), "a: [\n");
    Checkup checkup = examine();
    assertThat(checkup.entries()).hasSize(1);
    assertThat(checkup.entries().get(0).finding().message()).contains("client.yaml");
  }

  @Test
  void keysAndFilesThatNobodyReadsAreSaid() throws Exception {
    Files.writeString(home.home().resolve("conf/test/shceduler.yaml"), "a: 1\n");
    properties.put("heron.statemgr.root.paht", "/x");
    Checkup checkup = examine();
    assertThat(warning(checkup, "files").message()).endsWith("shceduler.yaml is read by nobody");
    Finding key = warning(checkup, "keys");
    assertThat(key.message())
        .isEqualTo("heron.statemgr.root.paht (from --config-property) is read by nobody");
    assertThat(key.remedy()).contains("write heron.statemgr.root.path, if that is meant");
  }

  @Test
  void aClassThatIsNotThereIsSaid() throws Exception {
    properties.put("heron.class.packing.algorithm", "org.example.Nothing");
    Finding finding = onlyFailure();
    assertThat(finding.check()).isEqualTo("classes");
    assertThat(finding.message()).contains("org.example.Nothing", "there is no such class");
    assertThat(finding.remedy().orElseThrow()).startsWith("set heron.class.packing.algorithm in ");
  }

  @Test
  void aJavaThatIsNotInContainersIsSaid() throws Exception {
    properties.put("heron.directory.sandbox.java.home", "/no/java");
    assertThat(warning(examine(), "java").message()).contains("/no/java");
  }

  @Test
  void sharedStateThatCannotBeReachedIsSaid() throws Exception {
    properties.put(
        "heron.class.state.manager",
        "org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager");
    properties.put("heron.statemgr.zookeeper.connection.timeout.ms", "500");
    Checkup checkup;
    // Bound, so that nobody else listens there.
    try (Socket closed = new Socket()) {
      closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      String address = "127.0.0.1:" + closed.getLocalPort();
      properties.put("heron.statemgr.connection.string", address);
      checkup = examine();
      assertThat(warning(checkup, "zookeeper").message())
          .isEqualTo(address + " takes no connections");
    }
    Finding finding = failures(checkup).get(0);
    assertThat(finding.check()).isEqualTo("state");
    assertThat(finding.remedy().orElseThrow()).startsWith("start ZooKeeper, or correct ");
  }

  @Test
  void aTunnelThatLeadsNowhereIsSaid() throws Exception {
    properties.put(
        "heron.class.state.manager",
        "org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager");
    properties.put("heron.statemgr.connection.string", "zookeeper.invalid:2181");
    properties.put("heron.statemgr.is.tunnel.needed", true);
    properties.put("heron.statemgr.tunnel.host", "gate.invalid");
    properties.put("heron.statemgr.tunnel.connection.retry.count", 1);
    properties.put("heron.statemgr.tunnel.verify.count", 1);
    Finding finding = failures(examine()).get(0);
    assertThat(finding.message()).contains("'gate.invalid'", "zookeeper.invalid:2181");
    assertThat(finding.remedy().orElseThrow())
        .startsWith("see that ssh gate.invalid gets there without asking anything, or correct ");
  }

  @Test
  void directoriesThatNobodyCreatesAreSaid() throws Exception {
    properties.put("heron.statemgr.root.path", directory.resolve("elsewhere").toString());
    assertThat(examine().healthy()).isTrue();
    assertThat(directory.resolve("elsewhere")).doesNotExist();
    properties.put("heron.statemgr.localfs.is.initialize.file.tree", false);
    assertThat(onlyFailure().message()).startsWith("reached, but there is no ");
  }

  @Test
  void aBackEndThatIsNotConfiguredIsSaid() throws Exception {
    properties.put("test.back.end.misconfigured", true);
    assertThat(onlyFailure().message()).isEqualTo("test.master is not set");
  }

  @Test
  void aCorePackageThatIsNoneIsSaid() throws Exception {
    properties.put("heron.package.core.uri", "file://" + core("readme"));
    assertThat(onlyFailure().message()).endsWith("holds no heron-core/bin/heron-executor");
    properties.put("heron.package.core.uri", "file:///nothing/heron-core.tar.gz");
    assertThat(onlyFailure().message()).isEqualTo("/nothing/heron-core.tar.gz does not exist");
    Path rubbish = Files.writeString(directory.resolve("rubbish.tar.gz"), "rubbish");
    properties.put("heron.package.core.uri", "file://" + rubbish);
    assertThat(onlyFailure().message()).contains(rubbish + " cannot be read");
  }

  @Test
  void anUploaderThatCannotWriteIsSaid() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    properties.put("heron.uploader.localfs.file.system.directory", file + "/packages");
    Finding finding = onlyFailure();
    assertThat(finding.check()).isEqualTo("uploader");
    assertThat(finding.remedy().orElseThrow()).startsWith("correct uploader.yaml in ");
  }

  @Test
  void aDeadTopologyIsFoundAndRemovedOnRequest() throws Exception {
    write("words", "test", "bob", Instant.now().minusSeconds(3600));
    WatchedLauncher.RECORDS.add("words");
    Files.createDirectories(home.packages());
    Files.writeString(home.packages().resolve("words-bob-tag-0.tar.gz"), "its package");
    try (Doctor doctor = doctor()) {
      Checkup checkup = doctor.examine(NOBODY);
      assertThat(checkup.dead()).hasSize(1);
      assertThat(checkup.dead().get(0).left())
          .containsExactly("topologies", "executionstate", "frameworks");
      Finding failure = failures(checkup).get(0);
      assertThat(failure.message())
          .isEqualTo(
              "of words there is only topologies, executionstate, frameworks left: nothing runs");
      assertThat(failure.remedy()).contains("heron doctor test/ada/devel --fix removes it");
      assertThat(home.stateFiles()).hasSize(2);

      assertThat(doctor.remove(checkup.dead().get(0)))
          .isEqualTo(Finding.ok("repair", "removed what was left of words"));
    }
    assertThat(home.stateFiles()).isEmpty();
    assertThat(WatchedLauncher.RECORDS).isEmpty();
    assertThat(WatchedLauncher.CLEANED).containsExactly("bob/words");
    assertThat(home.packages()).doesNotExist();
    assertThat(examine().healthy()).isTrue();
  }

  @Test
  void whatCannotBeRemovedIsSaidAndTheNameIsFreeNevertheless() throws Exception {
    write("words", "test", "../../elsewhere", Instant.now().minusSeconds(3600));
    try (Doctor doctor = doctor()) {
      Checkup checkup = doctor.examine(NOBODY);
      Finding repair = doctor.remove(checkup.dead().get(0));
      assertThat(repair.verdict()).isEqualTo(Verdict.WARNING);
      assertThat(repair.message())
          .startsWith("removed what was left of words, but ")
          .contains("'../../elsewhere' cannot be a name");
      assertThat(checkup.healthy()).isFalse();
      assertThat(checkup.healthy(List.of(repair))).isTrue();
    }
    assertThat(WatchedLauncher.CLEANED).isEmpty();
    assertThat(home.stateFiles()).isEmpty();
  }

  @Test
  void aLockThatIsAllThatIsLeftIsFoundAndRemovedOnRequest() throws Exception {
    Path lock = home.state().resolve("locks/gone__updateTopology");
    Files.writeString(lock, "main");
    try (Doctor doctor = doctor()) {
      Checkup checkup = doctor.examine(NOBODY);
      assertThat(checkup.healthy()).as("it is in nobody's way").isTrue();
      assertThat(warning(checkup, "topology").message())
          .isEqualTo("of gone there is only locks left: nothing runs");
      Finding repair = doctor.remove(checkup.dead().get(0));
      assertThat(repair.verdict()).isEqualTo(Verdict.OK);
      assertThat(checkup.healthy(List.of(repair))).isTrue();
    }
    assertThat(home.stateFiles()).isEmpty();
  }

  @Test
  void whatHasComeToLifeSinceIsNotRemoved() throws Exception {
    write("words", "test", Instant.now().minusSeconds(3600));
    try (Doctor doctor = doctor()) {
      Checkup checkup = doctor.examine(NOBODY);
      WatchedLauncher.LIVES.put("words", Life.running("tasks"));
      assertThat(doctor.remove(checkup.dead().get(0)).verdict()).isEqualTo(Verdict.SKIPPED);
      WatchedLauncher.LIVES.clear();
      try (IStateManager state = state();
          IStateManager.Lock submit =
              state
                  .lock("words", "submitTopology", java.time.Duration.ofSeconds(5))
                  .orElseThrow()) {
        assertThat(submit).isNotNull();
        assertThat(doctor.remove(checkup.dead().get(0)).message())
            .contains("is being submitted just now");
      }
    }
    assertThat(home.stateFiles()).contains("topologies/words", "executionstate/words");
  }

  @Test
  void livingTopologiesAreNeverOffered() throws Exception {
    write("orphan", "test", Instant.now().minusSeconds(3600));
    WatchedLauncher.LIVES.put("orphan", Life.running("3 tasks"));
    write("unclear", "test", Instant.now().minusSeconds(3600));
    WatchedLauncher.LIVES.put("unclear", Life.unknown("no master"));
    write("young", "test", Instant.now());
    write("foreign", "other", Instant.now().minusSeconds(3600));
    write("alive", "test", Instant.now().minusSeconds(3600));
    try (ServerSocket scheduler = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        IStateManager state = state()) {
      state.put(
          StateKind.SCHEDULER_LOCATION,
          "alive",
          SchedulerLocation.newBuilder()
              .setTopologyName("alive")
              .setHttpEndpoint("127.0.0.1:" + scheduler.getLocalPort())
              .build());
      Checkup checkup = examine();
      assertThat(checkup.dead()).isEmpty();
      assertThat(warning(checkup, "topology").message())
          .isEqualTo("orphan runs without a scheduler: 3 tasks");
      assertThat(warning(checkup, "topology").remedy().orElseThrow())
          .startsWith("heron scheduler resume test/ada/devel orphan");
      assertThat(checkup.entries().stream().map(e -> e.finding().message()))
          .contains("1 of 5 topologies are looked after");
    }
  }

  // The location of a scheduler that was killed outlives it; its port was given to another's.
  @Test
  void aSchedulerOfAnotherTopologyIsNoSignOfLife() throws Exception {
    write("dead", "test", Instant.now().minusSeconds(3600));
    try (FakeScheduler other = new FakeScheduler();
        IStateManager state = state()) {
      other.say(FakeScheduler.statusOf("counts", "counts-id", "RUNNING", ""));
      state.put(
          StateKind.SCHEDULER_LOCATION,
          "dead",
          SchedulerLocation.newBuilder()
              .setTopologyName("dead")
              .setHttpEndpoint(other.endpoint())
              .build());
      assertThat(examine().dead()).extracting(DeadTopology::name).containsExactly("dead");
      other.say(FakeScheduler.statusOf("dead", "dead-id", "RUNNING", ""));
      assertThat(examine().dead()).isEmpty();
    }
  }

  @Test
  void aNodeThatCannotBeReadIsNotTakenForDead() throws Exception {
    Files.createDirectories(home.state().resolve("executionstate"));
    Files.writeString(home.state().resolve("executionstate/words"), "rubbish, not a message");
    Checkup checkup = examine();
    assertThat(checkup.dead()).isEmpty();
    assertThat(checkup.entries().stream().map(e -> e.finding().message()))
        .anyMatch(
            message -> message.startsWith("of words it is not clear whether it runs: its nodes"));
  }

  private void write(String name, String cluster, Instant submitted) {
    write(name, cluster, "ada", submitted);
  }

  private void write(String name, String cluster, String role, Instant submitted) {
    try (IStateManager state = state()) {
      state.put(StateKind.TOPOLOGY, name, TestTopologies.words(name, 1));
      state.put(
          StateKind.EXECUTION_STATE,
          name,
          ExecutionState.newBuilder()
              .setTopologyName(name)
              .setTopologyId(name + "-id")
              .setSubmissionTime(submitted.getEpochSecond())
              .setSubmissionUser("ada")
              .setCluster(cluster)
              .setRole(role)
              .setEnviron("devel")
              .build());
    }
  }
}
