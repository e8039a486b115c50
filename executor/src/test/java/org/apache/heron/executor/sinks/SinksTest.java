package org.apache.heron.executor.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.heron.executor.LogLines;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.executor.plane.InstanceCounters;
import org.apache.heron.executor.plane.InstanceCounters.ExceptionReport;
import org.apache.heron.executor.plane.StreamCounters;
import org.apache.heron.executor.plane.UserMetric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What metrics_sinks.yaml asks for, and what is said of what it asks for in vain. */
class SinksTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String FILE_SINK =
      "class: org.apache.heron.metricsmgr.sink.FileSink, flush-frequency-ms: 100,"
          + " filename-output: metrics.json, file-maximum: 2";

  @TempDir private Path directory;
  private volatile Optional<ContainerCounters> counted = Optional.of(container());

  private Sinks start(String yaml) throws IOException {
    Files.writeString(directory.resolve("sinks.yaml"), yaml);
    return Sinks.start(directory, "sinks.yaml", 1, "node7", () -> counted);
  }

  private static ContainerCounters container() {
    InstanceCounters bolt =
        new InstanceCounters(
            "container_1_count_3",
            "count",
            3,
            0,
            "BOLT",
            "RUNNING",
            1,
            Map.of("default", 7L),
            List.of(new StreamCounters("word", "default", 10, 20_000_000, 0, 0, 0, 0, 0, 0, 0)),
            0,
            0,
            0,
            0,
            0,
            0,
            1,
            List.of(new ExceptionReport(1_000, 2_000, 4, "boom", "java.lang.Error: boom")),
            Map.of(
                "size",
                new UserMetric(2, List.of(Map.of("size", 1.5), Map.of("size", 2.5)), Map.of())));
    return new ContainerCounters(
        1,
        "stmgr-1",
        "words-1",
        "RUNNING",
        1,
        false,
        List.of(),
        0,
        Map.of(),
        Map.of(),
        0,
        0,
        List.of(bolt));
  }

  @Test
  void metricsAreWrittenIntoFilesAsUpstreamWritesThem() throws IOException {
    Path first = directory.resolve("metrics.json.metricsmgr-1.0");
    Path second = directory.resolve("metrics.json.metricsmgr-1.1");
    // a file of an earlier life may not be written to
    Files.writeString(first, "old");
    Files.setPosixFilePermissions(first, PosixFilePermissions.fromString("r--r--r--"));
    try (Sinks sinks = start("sinks: [f]\nf: {" + FILE_SINK + "}\n")) {
      assertThat(sinks).isNotNull();
      await().atMost(PATIENCE).until(() -> Files.exists(second));
      counted = Optional.empty(); // the two stay as they are
      JsonNode records = new JsonMapper().readTree(Files.readString(second));
      assertThat(records.isArray()).isTrue();
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(Files.readString(first)).startsWith("["));
      assertThat(Files.getPosixFilePermissions(first))
          .isEqualTo(PosixFilePermissions.fromString("r--r--r--"));
      try (Stream<Path> all = Files.list(directory)) {
        assertThat(all.map(path -> path.getFileName().toString()))
            .contains("metrics.json.metricsmgr-1.0", "metrics.json.metricsmgr-1.1")
            .doesNotContain("metrics.json.metricsmgr-1.2");
      }
    }
  }

  @Test
  void aRecordIsOfOneInstance() throws IOException {
    Path first = directory.resolve("metrics.json.metricsmgr-1.0");
    String once = FILE_SINK.replace("file-maximum: 2", "file-maximum: 9999");
    try (Sinks sinks = start("sinks: [f]\nf: {" + once + "}\n")) {
      assertThat(sinks).isNotNull();
      await().atMost(PATIENCE).until(() -> Files.exists(first));
    }
    JsonNode records = new JsonMapper().readTree(Files.readString(first));
    JsonNode stmgr = records.get(0);
    assertThat(stmgr.get("source").asText()).isEqualTo("node7:0/__stmgr__/stmgr-1");
    JsonNode bolt = records.get(1);
    assertThat(bolt.get("source").asText()).isEqualTo("node7:3/count/container_1_count_3");
    assertThat(bolt.get("context").asText()).isEqualTo("default");
    assertThat(bolt.get("timestamp").asLong()).isPositive();
    assertThat(bolt.get("metrics").get("__execute-latency/default").asText())
        .isEqualTo("2000000.0");
    assertThat(bolt.get("metrics").get("__execute-time-ns/default").asText()).isEqualTo("20000000");
    assertThat(bolt.get("metrics").get("size").asText()).isEqualTo("1.5");
    JsonNode exception = bolt.get("exceptions").get(0);
    assertThat(exception.get("firstTime").asText()).isEqualTo("1970-01-01T00:00:01Z");
    assertThat(exception.get("lastTime").asText()).isEqualTo("1970-01-01T00:00:02Z");
    assertThat(exception.get("stackTrace").asText()).isEqualTo("java.lang.Error: boom");
    assertThat(exception.get("count").asInt()).isEqualTo(4);
    assertThat(records.get(2).get("metrics").get("size").asText())
        .as("another sample")
        .isEqualTo("2.5");
    assertThat(records.get(2).get("exceptions")).isEmpty();
    assertThat(records).hasSize(3);
  }

  @Test
  void aFileThatCannotBeWrittenIsSaidOnceAndTriedAgain() throws IOException {
    Path first = Files.createDirectories(directory.resolve("metrics.json.metricsmgr-1.0/full"));
    try (LogLines log = LogLines.of(MetricsFiles.class);
        Sinks sinks = start("sinks: [f]\nf: {" + FILE_SINK + "}\n")) {
      assertThat(sinks).isNotNull();
      await().atMost(PATIENCE).until(() -> !log.lines().isEmpty());
      Files.delete(first);
      Files.delete(first.getParent());
      await().atMost(PATIENCE).until(() -> Files.isRegularFile(first.getParent()));
      assertThat(log.lines())
          .singleElement()
          .satisfies(line -> assertThat(line).contains("metrics.json.metricsmgr-1.0"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flush-frequency-ms: 0",
        "flush-frequency-ms: often",
        "file-maximum: 0",
        "file-maximum: -1",
        "filename-output: ../out",
        "filename-output: /tmp/out",
        "filename-output: a/b",
        "filename-output: ''"
      })
  void whatIsNoFileSinkIsSaid(String wrong) throws IOException {
    String key = wrong.substring(0, wrong.indexOf(':'));
    String settings = FILE_SINK.replaceAll(key + ": [^,]+", wrong);
    try (LogLines log = LogLines.of(Sinks.class);
        Sinks sinks = start("sinks: [f]\nf: {" + settings + "}\n")) {
      assertThat(sinks).isNotNull();
      assertThat(log.lines())
          .singleElement()
          .satisfies(line -> assertThat(line).contains("no metrics are written").contains(key));
    }
  }

  @Test
  void aClassThatNobodyServesIsSaidOnce() throws IOException {
    String yaml =
        """
        sinks: [web, more, graphite, prometheus, tmanager, cache]
        web: {class: org.apache.heron.metricsmgr.sink.WebSink, port: 1}
        more: {class: org.apache.heron.metricsmgr.sink.WebSink, port: 2}
        graphite: {class: org.apache.heron.metricsmgr.sink.GraphiteSink}
        off: {class: org.apache.heron.metricsmgr.sink.InfluxDBSink}
        prometheus: {class: org.apache.heron.metricsmgr.sink.PrometheusSink, port: 3}
        tmanager: {class: org.apache.heron.metricsmgr.sink.tmanager.TManagerSink}
        cache: {class: org.apache.heron.metricsmgr.sink.metricscache.MetricsCacheSink}
        """;
    try (LogLines log = LogLines.of(Sinks.class);
        Sinks sinks = start(yaml)) {
      assertThat(sinks).isNotNull();
      assertThat(log.lines()).hasSize(2);
      assertThat(log.lines().get(0)).contains("sink web").contains("WebSink");
      assertThat(log.lines().get(1)).contains("sink graphite").contains("GraphiteSink");
    }
  }

  @Test
  void aFileThatIsBrokenOrMissingStopsNoContainer() throws IOException {
    try (LogLines log = LogLines.of(Sinks.class);
        Sinks sinks = start("sinks: [")) {
      assertThat(sinks).isNotNull();
      assertThat(log.lines()).hasSize(1);
    }
    try (LogLines log = LogLines.of(Sinks.class);
        Sinks sinks = Sinks.start(directory, "none.yaml", 1, "node7", () -> counted)) {
      assertThat(sinks).isNotNull();
      assertThat(log.lines()).isEmpty();
    }
  }
}
