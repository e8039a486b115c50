package org.apache.heron.spi.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.heron.spi.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsSinkTest {
  @TempDir private Path directory;

  private List<MetricsSink> in(String yaml) throws IOException {
    return MetricsSink.in(Files.writeString(directory.resolve("metrics_sinks.yaml"), yaml));
  }

  @Test
  void theShippedSinksAreUpstreams() {
    assertThat(MetricsSink.in(Path.of("../conf/nomad/metrics_sinks.yaml")))
        .extracting(MetricsSink::type)
        .containsExactly("FileSink", "TManagerSink", "MetricsCacheSink", "PrometheusSink");
    MetricsSink file = MetricsSink.in(Path.of("../conf/mesos/metrics_sinks.yaml")).get(0);
    assertThat(file.text("filename-output")).contains("metrics.json");
    assertThat(file.number("file-maximum", 1, 100)).isEqualTo(5);
  }

  @Test
  void onlyThoseThatAreListedAreOn() throws IOException {
    assertThat(in("sinks: [b, b, none, text]\na: {class: x.A}\nb: {}\ntext: c\n"))
        .singleElement()
        .satisfies(
            sink -> {
              assertThat(sink.id()).isEqualTo("b");
              assertThat(sink.className()).isEmpty();
              assertThat(sink.type()).isEmpty();
            });
    assertThat(in("sinks: b\nb: {class: x.B}\n")).isEmpty();
    assertThat(in("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "11", "1.5", "many", "99999999999999999999"})
  void whatIsNoNumberIsSaid(String text) throws IOException {
    MetricsSink sink = in("sinks: [a]\na: {count: '" + text + "'}\n").get(0);
    assertThatThrownBy(() -> sink.number("count", 1, 10))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("count of the sink a")
        .hasMessageContaining("metrics_sinks.yaml")
        .hasMessageContaining("from 1 to 10");
  }
}
