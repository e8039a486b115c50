package org.apache.heron.executor.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.executor.plane.InstanceCounters;
import org.apache.heron.executor.plane.StreamCounters;
import org.apache.heron.executor.plane.UserMetric;
import org.apache.heron.minicluster.ports.PortBlock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Prometheus finds at the port that whoever started the container has given it. */
class MetricsServerTest {
  private static final String SAMPLE =
      "[a-zA-Z_][a-zA-Z0-9_]*\\{[a-z_]+=\"(?:[^\"\\\\]|\\\\.)*\"(?:,[a-z_]+=\"(?:[^\"\\\\]|\\\\.)*\")*}"
          + " (?:[+-]Inf|NaN|-?[0-9.E-]+)";

  @TempDir private Path directory;
  private Optional<ContainerCounters> counted = Optional.empty();

  @BeforeEach
  void writeTheSinks() throws IOException {
    Files.writeString(
        directory.resolve("sinks.yaml"),
        "sinks: [p]\np: {class: a.b.PrometheusSink, port-file: port_file, path: /metrics}\n");
  }

  private Optional<MetricsServer> start() {
    return MetricsServer.start(
        directory,
        "sinks.yaml",
        InetAddress.getLoopbackAddress(),
        1,
        new Labels("wor\"ds", "nomad/ada/devel"),
        () -> counted);
  }

  private String get(int port) throws Exception {
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                      .timeout(Duration.ofSeconds(20))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/plain; version=0.0.4");
      return response.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw e;
    }
  }

  @Test
  void figuresHaveUpstreamsNamesAndLabels() throws Exception {
    try (PortBlock block = PortBlock.take()) {
      Files.writeString(directory.resolve("port_file"), block.first() + "\n");
      try (MetricsServer server = start().orElseThrow()) {
        assertThat(server.port()).isEqualTo(block.first());
        assertThat(get(server.port()))
            .as("before there is a plan")
            .contains("# TYPE heron_jvm_uptime_secs gauge\nheron_jvm_uptime_secs{");
        counted = Optional.of(container(bolt("count", 3), bolt("count", 4), spout()));

        String text = get(server.port());

        String labels =
            "{topology=\"wor\\\"ds\",component=\"count\",instance_id=\"container_1_count_3\","
                + "cluster_role_env=\"nomad/ada/devel\",component_type=\"bolt\"} ";
        assertThat(text)
            .contains("# TYPE heron_emit_count_default counter\nheron_emit_count_default{")
            .contains("heron_emit_count_default" + labels + "7\n")
            .contains("heron_execute_count_word_default" + labels + "9\n")
            .contains("heron_execute_count_default" + labels + "9\n")
            .contains("# TYPE heron_execute_time_ns_default counter\n")
            .contains("heron_execute_time_ns_default" + labels + "18000000\n")
            .contains("# TYPE heron_execute_latency_default gauge\n")
            .contains("heron_execute_latency_default" + labels + "2000000.0\n")
            .contains("# TYPE heron_seen counter\n")
            .contains("heron_seen" + labels + "40\n")
            .contains("# TYPE heron_own_size gauge\n")
            .contains("heron_own_size" + labels + "-Inf" + "\n")
            .contains("heron_several_a_b" + labels + "2\n")
            .contains("component=\"__stmgr__\",instance_id=\"stmgr-1\"")
            .contains("heron_server_time_spent_back_pressure_initiated{")
            .containsPattern(
                "heron_time_spent_back_pressure_by_compid\\{[^}]*instance_id=\"stmgr-1\"[^}]*"
                    + "metric_instance_id=\"container_1_count_3\"} 25\n")
            .contains("heron_jvm_gc_collection_time_ms{")
            .contains("heron_jvm_process_cpu_load{")
            .contains("heron_complete_latency_default{")
            .doesNotContain("text");
        assertThatItIsWellFormed(text);
      }
    }
  }

  /** Each name's samples together, after its type; no sample twice. */
  private static void assertThatItIsWellFormed(String text) {
    assertThat(text).endsWith("\n");
    List<String> lines = List.of(text.split("\n"));
    assertThat(lines).doesNotHaveDuplicates();
    String family = "";
    for (String line : lines) {
      if (line.startsWith("# TYPE ")) {
        assertThat(line).matches("# TYPE [a-z][a-z0-9_]* (counter|gauge)");
        family = line.split(" ")[2];
      } else {
        assertThat(line).matches(SAMPLE).startsWith(family + "{");
      }
    }
  }

  private static ContainerCounters container(InstanceCounters... instances) {
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
        Map.of("no route", 1L),
        0,
        0,
        List.of(instances));
  }

  private static InstanceCounters bolt(String component, int task) {
    return instance(
        "BOLT",
        component,
        task,
        Map.of(
            "own size",
            sample("own size", Double.NEGATIVE_INFINITY),
            "own-size",
            sample("own-size", Double.NEGATIVE_INFINITY),
            "several",
            new UserMetric(2, List.of(Map.of(), Map.of("several/a b", 2, "c", "text")), Map.of()),
            "seen",
            new UserMetric(2, List.of(Map.of("seen", 10L)), Map.of("seen", 40L)),
            "text",
            sample("text", "text")));
  }

  private static UserMetric sample(String name, Object value) {
    return new UserMetric(1, List.of(Map.of(name, value)), Map.of());
  }

  private static InstanceCounters spout() {
    return instance("SPOUT", "word", 1, Map.of());
  }

  private static InstanceCounters instance(
      String kind, String component, int task, Map<String, UserMetric> metrics) {
    return new InstanceCounters(
        "container_1_" + component + "_" + task,
        component,
        task,
        0,
        kind,
        "RUNNING",
        1,
        Map.of("default", 7L),
        List.of(new StreamCounters("word", "default", 9, 18_000_000, 4, 4, 1_000, 0, 0, 0, 0)),
        0,
        0,
        0,
        0,
        25,
        0,
        0,
        List.of(),
        metrics);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "0", "none", "99999", "80 81"})
  void aFileWithoutAPortStopsNoContainer(String text) throws IOException {
    Files.writeString(directory.resolve("port_file"), text);
    assertThat(start()).isEmpty();
  }

  @Test
  void neitherDoesAMissingFileOrATakenPort() throws IOException {
    assertThat(start()).as("no port file").isEmpty();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.writeString(directory.resolve("port_file"), Integer.toString(taken.getLocalPort()));
      assertThat(start()).as("a taken port").isEmpty();
    }
    Files.writeString(directory.resolve("sinks.yaml"), "sinks: [");
    assertThat(start()).as("a broken file").isEmpty();
    Files.writeString(directory.resolve("sinks.yaml"), "sinks: []\n");
    assertThat(start()).as("no sink").isEmpty();
    Files.delete(directory.resolve("sinks.yaml"));
    assertThat(start()).as("no sinks at all").isEmpty();
  }
}
