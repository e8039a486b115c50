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

class OverrideFileTest {
  @TempDir private Path directory;

  @Test
  void trueAndFalseBecomeBooleansAndEverythingElseStaysText() {
    assertThat(
            ConfigProperties.parse(
                List.of("a=True", "b=FALSE", "c=5", "d=", "e=x y", "a2=truely", "c=6")))
        .isEqualTo(Map.of("a", true, "b", false, "c", "6", "d", "", "e", "x y", "a2", "truely"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "=", "=b", " =b", "a=b=c", "a=="})
  void aPropertyWithoutExactlyOneEqualsSignOrWithoutKeyIsRefused(String property) {
    assertThatThrownBy(() -> ConfigProperties.parse(List.of("ok=1", property)))
        .isInstanceOf(ConfigException.class)
        .hasMessage("Invalid config property format (" + property + ") expected key=value");
  }

  @Test
  void whatIsWrittenIsReadBackAsItWas() throws IOException {
    Map<String, Object> values =
        Map.of(
            "text",
                "a \"quoted\" \\ back\nslash\ttab \u0085\u2028\ufeff é 漢 \ud83d\ude00 'x' # : {}",
            "looks.like.a.number", "05",
            "looks.true", "true",
            "flag", true,
            "number", 17,
            "list", List.of("a", 1, List.of()),
            "map", Map.of("k: v", Map.of()),
            "odd key: #", "~",
            "empty", "");
    Path file = directory.resolve(OverrideFile.NAME);
    OverrideFile.write(file, values);
    Config config =
        ConfigLoader.load(
            directory, directory.resolve("none"), Optional.empty(), Optional.of(file));
    assertThat(config.asMap()).containsAllEntriesOf(values);
  }

  @Test
  void thePackageCarriesWhatOnlyTheSubmitterCanExpand() throws IOException {
    Path conf = Files.createDirectories(directory.resolve("conf/mesos"));
    Files.write(
        conf.resolve("scheduler.yaml"),
        List.of(
            "heron.package.core.uri: file://${HERON_DIST}/heron-core.tar.gz",
            "heron.directory.sandbox.java.home: ${JAVA_HOME}"));
    Config raw = ConfigLoader.load(directory, conf, Optional.empty(), Optional.empty());
    Map<String, Object> values =
        OverrideFile.forPackage(raw, ConfigLoader.local(raw), Map.of("x", true));

    Path sandbox = Files.createDirectories(directory.resolve("sandbox"));
    Path inside = Files.createDirectories(sandbox.resolve("heron-conf"));
    Files.copy(conf.resolve("scheduler.yaml"), inside.resolve("scheduler.yaml"));
    OverrideFile.write(inside.resolve(OverrideFile.NAME), values);
    Config cluster = ConfigLoader.cluster(ConfigLoader.loadCluster(sandbox));
    assertThat(cluster.string(Key.CORE_PACKAGE_URI))
        .isEqualTo("file://" + directory + "/dist/heron-core.tar.gz");
    assertThat(cluster.path(Key.HERON_CLUSTER_JAVA_HOME)).isAbsolute();
    assertThat(cluster.bool("x", false)).isTrue();
  }
}
