package org.apache.heron.scheduler.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.scheduler.local.process.Remains;
import org.apache.heron.scheduler.local.process.Started;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.config.ConfigLoader;
import org.apache.heron.spi.diagnosis.BackEnd;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.diagnosis.Finding.Verdict;
import org.apache.heron.spi.diagnosis.Life;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class LocalBackEndTest {
  @TempDir Path temporary;
  private final Map<String, Object> values = new HashMap<>();
  private Path directory;

  @BeforeEach
  void configure() throws IOException {
    Path root = temporary.toRealPath();
    directory = root.resolve("ada/words");
    Path bin = Files.createDirectories(root.resolve("core/bin"));
    assertThat(Files.createFile(bin.resolve("heron-executor")).toFile().setExecutable(true))
        .isTrue();
    values.put("heron.config.cluster", "local");
    values.put("heron.config.role", "ada");
    values.put("heron.scheduler.local.working.directory", root + "/${ROLE}/${TOPOLOGY}");
    values.put("heron.statemgr.connection.string", "LOCALMODE");
    values.put("heron.package.use_core_uri", false);
    values.put("heron.package.core.directory", root.resolve("core").toString());
  }

  private BackEnd backEnd() {
    Config config = ConfigLoader.local(Config.of(values));
    return new LocalLauncher().backEnd(config, config).orElseThrow();
  }

  private List<Finding> findings() throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    backEnd().check(findings::add);
    return findings;
  }

  private Life life() throws InterruptedException {
    return backEnd().life("words", Optional.of(submittedBy("ada")));
  }

  private static ExecutionState submittedBy(String role) {
    return ExecutionState.newBuilder()
        .setTopologyName("words")
        .setTopologyId("words-1")
        .setCluster("local")
        .setRole(role)
        .setEnviron("devel")
        .build();
  }

  @Test
  void aHostThatHasWhatContainersNeed() throws Exception {
    assertThat(findings()).hasSize(3).allMatch(finding -> finding.verdict() == Verdict.OK);
    assertThat(temporary.resolve("ada")).as("nothing is made by looking").doesNotExist();
  }

  @Test
  void whatIsMissingIsSaidWithARemedy() throws Exception {
    Files.writeString(temporary.resolve("ada"), "in the way");
    values.put("heron.package.core.directory", temporary.resolve("none").toString());
    assertThat(findings())
        .filteredOn(finding -> finding.verdict() == Verdict.FAILED)
        .hasSize(2)
        .allMatch(finding -> finding.remedy().isPresent());
    values.put("heron.package.use_core_uri", "perhaps");
    assertThat(findings())
        .hasSize(3)
        .anyMatch(
            finding ->
                finding.verdict() == Verdict.FAILED && finding.message().contains("'perhaps'"));
    values.put("heron.scheduler.local.kill.grace.ms", "soon");
    assertThatThrownBy(this::backEnd)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("heron.scheduler.local.kill.grace.ms");
  }

  @Test
  void aTopologyLivesAsLongAsOneOfItsProcesses() throws Exception {
    assertThat(life()).isEqualTo(Life.gone("no process of it runs on this host"));
    Files.createDirectories(directory.resolve("container-1"));
    ProcessBuilder builder = new ProcessBuilder("sleep", "600");
    builder.environment().put("HERON_SANDBOX", directory.resolve("container-1").toString());
    Process process = Started.of(builder);
    try {
      assertThat(life()).isEqualTo(Life.running("1 processes of its containers run on this host"));
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(life().state()).isEqualTo(Life.State.GONE);
    ProcessHandle self = ProcessHandle.current();
    Files.writeString(
        directory.resolve("scheduler.pid"),
        self.pid() + " " + self.info().startInstant().orElseThrow().toEpochMilli());
    assertThat(life()).isEqualTo(Life.running("its scheduler is process " + self.pid()));
    Files.writeString(directory.resolve("scheduler.pid"), "rubbish");
    assertThat(life().state()).isEqualTo(Life.State.UNKNOWN);
  }

  /** The scheduler says where its containers are by the kernel's path, which has no links. */
  @Test
  void aTopologyWhoseDirectoryIsReachedThroughALinkLivesAsLong() throws Exception {
    Path link = Files.createSymbolicLink(temporary.resolve("link"), temporary.toRealPath());
    values.put("heron.scheduler.local.working.directory", link + "/${ROLE}/${TOPOLOGY}");
    Files.createDirectories(directory.resolve("container-1"));
    ProcessBuilder builder = new ProcessBuilder("sleep", "600");
    builder.environment().put("HERON_SANDBOX", directory.resolve("container-1").toString());
    Process process = Started.of(builder);
    try {
      assertThat(life()).isEqualTo(Life.running("1 processes of its containers run on this host"));
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(life().state()).isEqualTo(Life.State.GONE);
  }

  @Test
  void whatCannotBeSeenFromHereIsNotTakenForDead() throws Exception {
    assertThat(backEnd().life("words", Optional.of(submittedBy("bob"))).state())
        .isEqualTo(Life.State.UNKNOWN);
    values.put("heron.statemgr.connection.string", "zookeeper.example:2181");
    assertThat(life().state()).as("it may run on another host").isEqualTo(Life.State.UNKNOWN);
    assertThat(life().reason()).contains(directory.toString());
  }

  /** In a container that runs as a user of any number, the JDK calls that user "?". */
  @Test
  void aUserWithoutANameIsToldOfItsOwnDirectory() throws Exception {
    Files.createDirectories(directory);
    String name = System.setProperty("user.name", "?");
    try {
      assertThat(life()).isEqualTo(Life.gone("no process of it runs on this host"));
    } finally {
      System.setProperty("user.name", name);
    }
  }

  @Test
  void whatRunsInAnotherUsersDirectoryIsOnlyKnownToRoot() throws Exception {
    Path others = Path.of("/usr");
    values.put("heron.scheduler.local.working.directory", others.toString());
    Life life = backEnd().life("words-of-root", Optional.empty());
    assertThat(life)
        .isEqualTo(
            Remains.canBeToldOf(0)
                ? Life.gone("no process of it runs on this host")
                : Life.unknown("/usr is another user's, whose processes cannot be seen"));
  }

  @Test
  void containersInAnotherDirectoryAreNotTakenForDead() throws Exception {
    Path other = temporary.toRealPath().resolve("other");
    Process process = LocalLauncherTest.container(other, "words", "words-1");
    try {
      assertThat(life().state()).isEqualTo(Life.State.UNKNOWN);
      assertThat(life().reason()).contains(other + " ").contains("working.directory");
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(life().state()).isEqualTo(Life.State.GONE);
  }

  @Test
  void whatCouldBeStartedAgainIsSaid() throws Exception {
    Files.createDirectories(directory.resolve("heron-conf"));
    Files.writeString(directory.resolve("words.defn"), "definition");
    Files.writeString(directory.resolve("launch.properties"), "topology.id=words-1");
    assertThat(life().reason()).endsWith("; heron scheduler resume would start it again");
  }
}
