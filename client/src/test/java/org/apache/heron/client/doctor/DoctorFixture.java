package org.apache.heron.client.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
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
import org.apache.heron.client.TestHome;
import org.apache.heron.client.TestTopologies;
import org.apache.heron.client.plugin.Plugins;
import org.apache.heron.client.settings.Installation;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.diagnosis.Finding.Verdict;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An installation with a back end that knows what a test has told it, and a doctor for it. */
abstract class DoctorFixture {
  static final Listener NOBODY =
      new Listener() {
        @Override
        public void section(String title) {}

        @Override
        public void found(Finding finding) {}
      };

  @TempDir Path directory;
  TestHome home;
  boolean fetch;
  final Map<String, Object> properties = new HashMap<>();

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

  Path core(String entry) throws IOException {
    Path file = directory.resolve("core-" + entry.hashCode() + ".tar.gz");
    try (OutputStream out = Files.newOutputStream(file);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(new GzipCompressorOutputStream(out))) {
      tar.putArchiveEntry(new TarArchiveEntry(entry));
      tar.closeArchiveEntry();
    }
    return file;
  }

  IStateManager state() {
    Config config = home.settings(properties).local();
    IStateManager state = Plugins.standard().stateManager(config);
    state.initialize(config);
    return state;
  }

  Doctor doctor() {
    return new Doctor(
        new DoctorRequest(
            Installation.of(home.home(), Optional.empty(), Optional.empty()),
            TopologyTarget.parse("test/ada/devel", "ada"),
            new Settings.Switches(properties, false, false),
            TestHome.environment(),
            fetch),
        Plugins.standard());
  }

  Checkup examine() throws InterruptedException {
    try (Doctor doctor = doctor()) {
      return doctor.examine(NOBODY);
    }
  }

  static List<Finding> failures(Checkup checkup) {
    return checkup.entries().stream()
        .map(Checkup.Entry::finding)
        .filter(finding -> finding.verdict() == Verdict.FAILED)
        .toList();
  }

  /** The one thing that is wrong. */
  Finding onlyFailure() throws InterruptedException {
    List<Finding> failures = failures(examine());
    assertThat(failures).hasSize(1).allMatch(finding -> finding.remedy().isPresent());
    return failures.get(0);
  }

  static Finding warning(Checkup checkup, String check) {
    return checkup.entries().stream()
        .map(Checkup.Entry::finding)
        .filter(f -> f.verdict() == Verdict.WARNING && f.check().equals(check))
        .findFirst()
        .orElseThrow();
  }

  void write(String name, String cluster, Instant submitted) {
    write(name, cluster, "ada", submitted);
  }

  void write(String name, String cluster, String role, Instant submitted) {
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
