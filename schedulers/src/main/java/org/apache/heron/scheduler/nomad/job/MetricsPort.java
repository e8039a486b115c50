package org.apache.heron.scheduler.nomad.job;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigLoader;
import org.apache.heron.spi.config.Key;

/** The file from which a container's Prometheus sink reads on which port it is to listen. */
final class MetricsPort {
  private static final String SINK = ".PrometheusSink";

  private MetricsPort() {}

  /**
   * The {@code port-file} of the sink in metrics_sinks.yaml; empty if there is no such sink, or it
   * has a fixed port.
   */
  static Optional<String> file(Config local) {
    Path sinks = local.path(Key.METRICS_YAML);
    Map<String, Object> values = ConfigLoader.loadFiles(List.of(sinks)).asMap();
    return values.values().stream()
        .filter(Map.class::isInstance)
        .map(sink -> (Map<?, ?>) sink)
        .filter(sink -> String.valueOf(sink.get("class")).endsWith(SINK))
        .map(sink -> sink.get("port-file"))
        .filter(file -> file != null && !file.toString().isBlank())
        .map(String::valueOf)
        .findFirst();
  }
}
