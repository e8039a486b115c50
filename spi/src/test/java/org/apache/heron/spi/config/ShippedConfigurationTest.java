package org.apache.heron.spi.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The conf/ directory of the checkout, as users get it. */
class ShippedConfigurationTest {
  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

  private static Config load(String cluster) {
    return ConfigLoader.local(
        ConfigLoader.load(
                CHECKOUT,
                CHECKOUT.resolve("conf").resolve(cluster),
                Optional.empty(),
                Optional.empty())
            .with(Key.CLUSTER, cluster)
            .with(Key.ROLE, "ada")
            .with(Key.TOPOLOGY_ID, "words-1")
            .with(Key.TOPOLOGY_NAME, "words"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mesos", "local", "localzk", "aurora", "nomad"})
  void everyKeyIsKnownAndEveryTokenHasAValue(String cluster) throws IOException {
    Config config = load(cluster);
    assertThat(ConfigLoader.unknownKeys(config)).isEmpty();
    assertThat(config.asMap().values())
        .noneMatch(value -> value instanceof String text && text.contains("${"));
    for (Key key :
        List.of(
            Key.SCHEDULER_CLASS,
            Key.LAUNCHER_CLASS,
            Key.PACKING_CLASS,
            Key.REPACKING_CLASS,
            Key.UPLOADER_CLASS,
            Key.STATE_MANAGER_CLASS)) {
      assertThat(config.string(key)).startsWith("org.apache.heron.");
    }
    List<YamlFile.Entry> internals =
        YamlFile.read(CHECKOUT.resolve("conf").resolve(cluster).resolve("heron_internals.yaml"));
    assertThat(internals)
        .hasSizeGreaterThan(70)
        .allSatisfy(entry -> assertThat(KeyCatalogue.find(entry.key())).isPresent());
    assertThat(Files.isRegularFile(config.path(Key.METRICS_YAML))).isTrue();
  }

  @Test
  void mesosIsRightForMoreThanOneHost() {
    Config config = load("mesos");
    assertThat(config.string(Key.STATE_MANAGER_CLASS))
        .isEqualTo("org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager");
    assertThat(config.string(Key.STATEMGR_CONNECTION_STRING)).isEqualTo("127.0.0.1:2181");
    assertThat(config.string(Key.STATEMGR_ROOT_PATH)).isEqualTo("/heron");
    assertThat(config.string("heron.mesos.master.uri")).isEqualTo("127.0.0.1:5050");
    assertThat(config.string(Key.CORE_PACKAGE_URI))
        .isEqualTo("file://" + CHECKOUT + "/dist/heron-core.tar.gz");
    assertThat(config.path(Key.HERON_CLUSTER_JAVA_HOME).resolve("bin/java")).exists();
    assertThat(config.bool(Key.SCHEDULER_IS_SERVICE)).isTrue();
    assertThat(config.string("heron.scheduler.mesos.scheduler.working.directory"))
        .isEqualTo(System.getProperty("user.home") + "/.herondata/topologies/mesos/ada/words");
  }

  @Test
  void theSinksAreThoseOfUpstream() throws IOException {
    for (String cluster : List.of("mesos", "nomad")) {
      Path file = CHECKOUT.resolve("conf").resolve(cluster).resolve("metrics_sinks.yaml");
      List<YamlFile.Entry> entries = YamlFile.read(file);
      List<?> sinks = (List<?>) entries.get(0).value();
      assertThat(entries.stream().skip(1).map(YamlFile.Entry::key)).isEqualTo(sinks);
      assertThat(entries.stream().skip(1).map(YamlFile.Entry::value))
          .allSatisfy(sink -> assertThat(((Map<?, ?>) sink).containsKey("class")).isTrue());
    }
  }
}
