package org.apache.heron.spi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
  private static final Path HOME = Path.of("/usr/local/heron");

  @TempDir private Path directory;

  private Path file(String name, String... lines) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, List.of(lines));
  }

  private Config load() {
    return ConfigLoader.load(HOME, directory, Optional.empty(), Optional.empty());
  }

  @Test
  void laterFilesReplaceEarlierOnesKeyByKey() throws IOException {
    String[] order = {
      "cluster",
      "client",
      "healthmgr",
      "packing",
      "scheduler",
      "statemgr",
      "uploader",
      "downloader",
      "stateful"
    };
    for (int i = 0; i < order.length; i++) {
      file(order[i] + ".yaml", "heron.last: " + order[i], "heron.own." + order[i] + ": " + i);
      Config config = load();
      assertThat(config.string("heron.last")).isEqualTo(order[i]);
      assertThat(config.number("heron.own." + order[i], -1)).isEqualTo(i);
    }
    Path release = file("elsewhere/release.yaml", "heron.last: release");
    Path override = file("elsewhere/override.yaml", "heron.last: override");
    assertThat(
            ConfigLoader.load(HOME, directory, Optional.of(release), Optional.empty())
                .string("heron.last"))
        .isEqualTo("release");
    assertThat(
            ConfigLoader.load(HOME, directory, Optional.of(release), Optional.of(override))
                .string("heron.last"))
        .isEqualTo("override");
  }

  @Test
  void aClusterProcessReadsItsWorkingDirectoryInItsOwnOrder() throws IOException {
    file("heron-conf/client.yaml", "heron.from.client: yes");
    file("heron-conf/packing.yaml", "heron.last: packing");
    file("heron-conf/healthmgr.yaml", "heron.last: healthmgr");
    assertThat(ConfigLoader.loadCluster(directory).string("heron.last")).isEqualTo("healthmgr");
    file("heron-conf/stateful.yaml", "heron.last: stateful");
    file("heron-conf/override.yaml", "heron.last: override");
    Config config = ConfigLoader.loadCluster(directory);
    assertThat(config.string("heron.last")).isEqualTo("override");
    assertThat(config.get("heron.from.client")).isEmpty();
    assertThat(config.string(Key.HERON_HOME)).isEqualTo("./heron-core");
    assertThat(ConfigLoader.cluster(config).string(Key.HERON_CONF)).isEqualTo("./heron-conf");
  }

  @Test
  void missingEmptyAndMisplacedFilesCountAsEmpty() throws IOException {
    file("client.yaml", "# only a comment");
    file("packing.yaml", "");
    Files.createDirectory(directory.resolve("scheduler.yaml"));
    Config config = load();
    assertThat(config.asMap()).containsOnlyKeys("heron.directory.home", "heron.directory.conf");
  }

  @Test
  void localModeHasThisHostsPathsAndClusterModeThoseOfAContainer() {
    Config raw = load().with(Key.CLUSTER, "mesos", "the command line");
    Config local = ConfigLoader.local(raw);
    Config cluster = ConfigLoader.cluster(raw);
    assertThat(local.string(Key.SCHEDULER_JAR))
        .isEqualTo("/usr/local/heron/lib/scheduler/heron-scheduler.jar");
    assertThat(cluster.string(Key.SCHEDULER_JAR))
        .isEqualTo("./heron-core/lib/scheduler/heron-scheduler.jar");
    assertThat(local.path(Key.STATEMGR_YAML)).isEqualTo(directory.resolve("statemgr.yaml"));
    assertThat(cluster.string(Key.STATEMGR_YAML)).isEqualTo("./heron-conf/statemgr.yaml");
    assertThat(cluster.string(Key.EXECUTOR_BINARY)).isEqualTo("./heron-core/bin/heron-executor");
    assertThat(cluster.string(Key.INSTANCE_CLASSPATH)).isEqualTo("./heron-core/lib/instance/*");
    assertThat(raw.string(Key.HERON_LIB)).as("raw stays raw").isEqualTo("${HERON_HOME}/lib");
    assertThat(cluster.sourceOf("heron.config.cluster")).isEqualTo("the command line");
  }

  @Test
  void anErrorNamesTheFileAndLineOfAValueInEveryMode() throws IOException {
    Path file = file("statemgr.yaml", "# state", "heron.a.timeout.ms: soon", "heron.b: 1");
    Config raw = load().with("heron.b", 2);
    for (Config config : List.of(raw, ConfigLoader.local(raw), ConfigLoader.cluster(raw))) {
      assertThatThrownBy(() -> config.number("heron.a.timeout.ms", 1))
          .isInstanceOf(ConfigException.class)
          .hasMessage(
              "heron.a.timeout.ms is 'soon' (from " + file + ":2), but must be a whole number");
    }
  }

  @Test
  void anEmptyValueTakesBackWhatEarlierFilesSet() throws IOException {
    file("client.yaml", "heron.class.uploader: X", "heron.package.use_core_uri: false");
    file("uploader.yaml", "heron.class.uploader:", "heron.package.use_core_uri: ~");
    Config config = load();
    assertThat(config.optionalString(Key.UPLOADER_CLASS)).isEmpty();
    assertThat(config.bool(Key.USE_CORE_PACKAGE_URI)).as("the default").isTrue();
  }

  @Test
  void yamlIsReadAsUpstreamReadsIt() throws IOException {
    file(
        "client.yaml",
        "a.true: True",
        "a.yes: yes",
        "a.number: 5",
        "a.decimal: 2.5",
        "a.text: \"5\"",
        "a.date: 2020-01-02",
        "a.list: [1, b]",
        "a.map: {k: v}",
        "a.twice: 1",
        "a.twice: 2",
        "base: &base {x: 1, y: 2}",
        "7: seven");
    Map<String, Object> values = load().asMap();
    assertThat(values)
        .containsEntry("a.true", true)
        .containsEntry("a.yes", true)
        .containsEntry("a.number", 5)
        .containsEntry("a.decimal", 2.5)
        .containsEntry("a.text", "5")
        .containsEntry("a.date", "2020-01-02")
        .containsEntry("a.list", List.of(1, "b"))
        .containsEntry("a.map", Map.of("k", "v"))
        .containsEntry("a.twice", 2)
        .containsEntry("7", "seven");
  }

  @Test
  void mergeKeysAndAnchorsWork() throws IOException {
    file("client.yaml", "defs: &d {a: 1}", "<<: *d", "list: [*d, *d]");
    assertThat(load().asMap())
        .containsEntry("a", 1)
        .containsEntry("list", List.of(Map.of("a", 1), Map.of("a", 1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: 1\nb: [1, 2",
        "a: 1\n- b",
        "a: 1\n b: 2",
        "a: 1\nb: \"open",
        "a: 1\nb: *nowhere",
        "a: 1\nb: !!java.net.URL [\"http://localhost\"]",
        "a: 1\nb: &x [*x]",
        "a: 1\nb: !!binary aGk=",
        "a: 1\n? [1, 2]\n: 3",
        "a: 1\n---\nb: 2",
        "a: 1\nb:\t- 2\n\t- 3",
        "a: 1\nb: @home",
      })
  void brokenYamlIsNamedWithFileLineAndColumn(String yaml) throws IOException {
    Path file = file("scheduler.yaml", yaml);
    assertThatThrownBy(this::load)
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(file + ", line ")
        .hasMessageContaining(", column ")
        .message()
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"just text", "- a\n- list", "5", "[]"})
  void aFileThatIsNoMapIsRefused(String yaml) throws IOException {
    Path file = file("scheduler.yaml", yaml);
    assertThatThrownBy(this::load)
        .isInstanceOf(ConfigException.class)
        .hasMessage(file + ", line 1, column 1: expected lines of the form 'key: value'");
  }

  @Test
  void filesThatAreTooLargeTooDeepOrNoTextAreRefused() throws IOException {
    Path file = directory.resolve("client.yaml");
    Files.writeString(file, "a: " + "x".repeat(1 << 20));
    assertThatThrownBy(this::load).hasMessageContaining("too large");
    Files.writeString(file, "a: " + "[".repeat(5000));
    assertThatThrownBy(this::load).isInstanceOf(ConfigException.class);
    Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xff, (byte) 0xfe});
    assertThatThrownBy(this::load).hasMessage(file + " is not UTF-8 text");
    Files.writeString(file, "a: \u0000");
    assertThatThrownBy(this::load).hasMessageStartingWith(file + " is not valid YAML");
    StringBuilder bomb = new StringBuilder("a0: &a0 [" + "x, ".repeat(40) + "x]\n");
    for (int i = 1; i < 9; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
    }
    bomb.append("z: [*a8, *a8, *a8, *a8]\n");
    Files.writeString(file, bomb);
    assertThatThrownBy(this::load).isInstanceOf(ConfigException.class);
  }

  @Test
  void aByteOrderMarkIsSkipped() throws IOException {
    Files.writeString(directory.resolve("client.yaml"), "\uFEFFa: 1\n");
    assertThat(load().asMap()).containsEntry("a", 1);
  }

  @Test
  void formerClassNamesAreReadAsPresentOnes() throws IOException {
    file(
        "scheduler.yaml",
        "heron.class.scheduler: com.twitter.heron.scheduler.mesos.MesosScheduler",
        "heron.downloader.registry: {file: com.twitter.heron.downloader.FileDownloader}",
        "heron.class.launcher: com.example.Launcher",
        "heron.text: see com.twitter.heron.x");
    Config config = load();
    assertThat(config.string(Key.SCHEDULER_CLASS))
        .isEqualTo("org.apache.heron.scheduler.mesos.MesosScheduler");
    assertThat(config.get(Key.DOWNLOADER_PROTOCOLS))
        .contains(Map.of("file", "org.apache.heron.downloader.FileDownloader"));
    assertThat(config.string(Key.LAUNCHER_CLASS)).isEqualTo("com.example.Launcher");
    assertThat(config.string("heron.text")).isEqualTo("see com.twitter.heron.x");
  }

  @Test
  void anAliasWinsOverEarlierFilesButNotOverTheRealKeyBesideIt() throws IOException {
    String mesos = "heron.scheduler.mesos.scheduler.working.directory";
    String local = "heron.scheduler.local.working.directory";
    file("scheduler.yaml", mesos + ": /shipped");
    Path override = file("o/override.yaml", "heron.local.working.directory: /mine");
    Config config = ConfigLoader.load(HOME, directory, Optional.empty(), Optional.of(override));
    assertThat(config.string(mesos)).isEqualTo("/mine");
    assertThat(config.string(local)).isEqualTo("/mine");
    assertThat(config.sourceOf(mesos)).isEqualTo("--config-property");
    file("o/override.yaml", "heron.local.working.directory: /mine", mesos + ": /other");
    config = ConfigLoader.load(HOME, directory, Optional.empty(), Optional.of(override));
    assertThat(config.string(mesos)).isEqualTo("/other");
    assertThat(config.string(local)).isEqualTo("/mine");
  }
}
