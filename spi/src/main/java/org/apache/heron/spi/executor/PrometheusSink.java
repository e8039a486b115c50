package org.apache.heron.spi.executor;

import java.nio.file.Path;
import java.util.Optional;
import org.apache.heron.spi.config.ConfigException;

/**
 * Where metrics_sinks.yaml has a container serve its metrics for Prometheus. Exactly one of port
 * and file is there.
 *
 * @param port a fixed one
 * @param portFile relative to the container's directory: whoever starts the container writes there
 *     which port it is
 * @param path begins with a slash
 */
public record PrometheusSink(Optional<Integer> port, Optional<String> portFile, String path) {
  private static final String TYPE = "PrometheusSink";
  private static final String DEFAULT_PATH = "/metrics";

  /**
   * The sink that the file switches on; empty if there is none.
   *
   * @throws ConfigException if the file cannot be read, or the sink's values are none
   */
  public static Optional<PrometheusSink> in(Path file) {
    return MetricsSink.in(file).stream()
        .filter(sink -> sink.type().equals(TYPE))
        .map(PrometheusSink::of)
        .findFirst();
  }

  private static PrometheusSink of(MetricsSink sink) {
    Path file = sink.file();
    Optional<String> portFile = sink.text("port-file");
    Optional<Integer> port =
        portFile.isPresent() ? Optional.empty() : sink.text("port").map(t -> port(file, t));
    if (port.isEmpty() && portFile.isEmpty()) {
      throw new ConfigException(
          "the Prometheus sink in " + file + " has neither a port nor a port-file");
    }
    String path = sink.text("path").orElse(DEFAULT_PATH);
    if (!path.matches("/?[A-Za-z0-9._~/-]+")) {
      throw new ConfigException(
          "the path '" + path + "' of the Prometheus sink in " + file + " is none");
    }
    return new PrometheusSink(port, portFile, path.startsWith("/") ? path : "/" + path);
  }

  /**
   * A port's number.
   *
   * @param source where the text is from
   * @throws ConfigException if it is none
   */
  public static int port(Path source, String text) {
    String digits = text.strip();
    int number = digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : 0;
    if (number < 1 || number > 65_535) {
      throw new ConfigException(
          "the port '" + digits + "' for Prometheus in " + source + " is none");
    }
    return number;
  }
}
