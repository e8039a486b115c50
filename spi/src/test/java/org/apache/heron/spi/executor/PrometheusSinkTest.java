package org.apache.heron.spi.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.heron.spi.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusSinkTest {
  private static final String CLASS = "org.apache.heron.metricsmgr.sink.PrometheusSink";

  @TempDir private Path directory;

  private Optional<PrometheusSink> in(String yaml) throws IOException {
    return PrometheusSink.in(Files.writeString(directory.resolve("metrics_sinks.yaml"), yaml));
  }

  private Optional<PrometheusSink> sink(String values) throws IOException {
    return in("sinks: [p]\np: {class: " + CLASS + ", " + values + "}\n");
  }

  @Test
  void theShippedFileNamesAPortFile() {
    assertThat(PrometheusSink.in(Path.of("../conf/nomad/metrics_sinks.yaml")))
        .contains(new PrometheusSink(Optional.empty(), Optional.of("port_file"), "/metrics"));
    assertThat(PrometheusSink.in(Path.of("../conf/mesos/metrics_sinks.yaml"))).isEmpty();
  }

  @Test
  void aPortMayBeFixed() throws IOException {
    assertThat(sink("port: 8080, path: figures"))
        .contains(new PrometheusSink(Optional.of(8080), Optional.empty(), "/figures"));
  }

  @Test
  void aSinkThatIsNotListedIsOff() throws IOException {
    assertThat(in("sinks: [file-sink]\np: {class: " + CLASS + ", port: 1}\n")).isEmpty();
    assertThat(in("p: {class: " + CLASS + ", port: 1}\n")).isEmpty();
    assertThat(in("sinks: p\np: [1]\n")).isEmpty();
    assertThat(in("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "path: /metrics",
        "port: 0",
        "port: 65536",
        "port: many",
        "port: 8080, path: '/{id}'",
        "port: 8080, path: '/a b'"
      })
  void whatIsNoSinkIsSaid(String values) {
    assertThatThrownBy(() -> sink(values))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("metrics_sinks.yaml");
  }
}
