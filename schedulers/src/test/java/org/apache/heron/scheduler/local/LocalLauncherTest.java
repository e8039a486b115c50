package org.apache.heron.scheduler.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.scheduler.local.process.Started;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigLoader;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.scheduler.LaunchContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.statemgr.localfs.LocalFileSystemStateManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is gone on with here, and what only seems to be gone because it runs elsewhere. */
@EnabledOnOs(OS.LINUX)
class LocalLauncherTest {
  private static final String NAME = "elsewhere";
  private static final String ID = "elsewhere-0001";
  private static final PackingPlan PLAN = new PackingPlan(ID, List.of());

  @TempDir Path temporary;
  private final Map<String, Object> values = new HashMap<>();
  private Path root;
  private IStateManager state;

  @BeforeEach
  void configure() throws IOException {
    root = temporary.toRealPath();
    values.put("heron.config.cluster", "local");
    values.put("heron.config.role", "ada");
    values.put("heron.topology.name", NAME);
    values.put("heron.scheduler.local.working.directory", root + "/${ROLE}/${TOPOLOGY}");
    values.put("heron.statemgr.connection.string", "LOCALMODE");
    values.put("heron.statemgr.root.path", root.resolve("state").toString());
    state = new LocalFileSystemStateManager();
    state.initialize(Config.of(values));
  }

  @AfterEach
  void close() {
    state.close();
  }

  private ILauncher launcher() {
    Config config = ConfigLoader.local(Config.of(values));
    Topology topology =
        Topology.newBuilder().setName(NAME).setId(ID).setState(TopologyState.RUNNING).build();
    ILauncher launcher = new LocalLauncher();
    launcher.initialize(
        new LaunchContext(config, config, topology, LaunchContext.UNKNOWN_PACKAGE, state));
    return launcher;
  }

  /** A process as those of containers are, in a directory that a launcher has made. */
  static Process container(Path directory, String topology, String id) throws IOException {
    Path sandbox = Files.createDirectories(directory.resolve("container-1"));
    Files.writeString(
        directory.resolve("launch.properties"),
        "topology.id="
            + id
            + "\ntopology.binary=a.jar\ntopology.package.uri=file:/a.tar.gz\n"
            + "core.package.uri=file:/core.tar.gz\n");
    ProcessBuilder builder = new ProcessBuilder("sleep", "600");
    builder.environment().put("HERON_TOPOLOGY", topology);
    builder.environment().put("HERON_SANDBOX", sandbox.toString());
    return Started.of(builder);
  }

  private void published() {
    state.put(
        StateKind.SCHEDULER_LOCATION,
        NAME,
        SchedulerLocation.newBuilder()
            .setTopologyName(NAME)
            .setHttpEndpoint("host-7.example:4711")
            .build());
  }

  @Test
  void containersThatRunInAnotherDirectoryAreNamedAndNotTakenForGone() throws Exception {
    Path other = root.resolve("other");
    Process process = container(other, NAME, ID);
    try {
      assertThatThrownBy(() -> launcher().resume(PLAN))
          .isInstanceOf(SchedulerException.class)
          .hasMessageContaining(other + " ")
          .hasMessageContaining(root.resolve("ada").resolve(NAME).toString())
          .hasMessageContaining("heron.scheduler.local.working.directory");
      assertThat(launcher().survivor().orElseThrow()).contains(other.toString());
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(launcher().resume(PLAN)).as("on this host alone, and nothing runs").isFalse();
    assertThat(launcher().survivor()).isEmpty();
  }

  @Test
  void aTopologyOfTheSameNameElsewhereIsAnother() throws Exception {
    Process process = container(root.resolve("other"), NAME, "elsewhere-0002");
    try {
      assertThat(launcher().resume(PLAN)).isFalse();
      assertThat(launcher().survivor()).isEmpty();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void whatMayRunOnAnotherHostIsNotTakenForGone() {
    values.put("heron.statemgr.connection.string", "zookeeper.example:2181");
    assertThat(launcher().resume(PLAN)).as("its submit was cut off").isFalse();
    published();
    assertThatThrownBy(() -> launcher().resume(PLAN))
        .isInstanceOf(SchedulerException.class)
        .hasMessageContaining(root.resolve("ada").resolve(NAME).toString())
        .hasMessageContaining("host-7.example:4711")
        .hasMessageContaining("heron doctor");
    assertThat(launcher().survivor().orElseThrow()).contains("another host");
  }

  @Test
  void stateOfThisHostAloneTellsOfNoOtherHost() {
    published();
    assertThat(launcher().resume(PLAN)).isFalse();
  }

  @Test
  void whatAnotherSubmissionHasLeftHereIsNotGoneOnWith() throws Exception {
    Path directory = root.resolve("ada").resolve(NAME);
    Files.createDirectories(directory.resolve("heron-conf"));
    Files.writeString(directory.resolve(NAME + ".defn"), "definition");
    Process process = container(directory, NAME, "elsewhere-0000");
    try {
      assertThat(launcher().resume(PLAN)).isFalse();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
