package org.apache.heron.executor.sinks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.executor.MetricsSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What metrics_sinks.yaml switches on, as far as no other room does it. What is switched on and
 * done by nobody here is said, once for each class. Thread-safe.
 */
public final class Sinks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sinks.class);

  /** Done elsewhere: by the metrics server, and by whoever keeps the container registered. */
  private static final Set<String> ELSEWHERE =
      Set.of("PrometheusSink", "TManagerSink", "TMasterSink");

  private final List<MetricsFiles> files;

  private Sinks(List<MetricsFiles> files) {
    this.files = files;
  }

  /**
   * Starts them.
   *
   * @param directory of the container, to which paths are relative
   * @param file path of metrics_sinks.yaml
   * @param hostname under which the container is known
   * @param counters what the data plane has counted; empty while there is none
   */
  public static Sinks start(
      Path directory,
      String file,
      int container,
      String hostname,
      Supplier<Optional<ContainerCounters>> counters) {
    List<MetricsFiles> files = new ArrayList<>();
    Set<String> said = new HashSet<>();
    for (MetricsSink sink : read(directory.resolve(file))) {
      if (sink.type().equals("FileSink")) {
        try {
          files.add(
              MetricsFiles.start(
                  sink, directory, container, hostname, counters, Clock.systemUTC()));
        } catch (ConfigException e) {
          LOG.warn("no metrics are written to files: {}", e.getMessage());
        }
      } else if (!ELSEWHERE.contains(sink.type()) && said.add(sink.className())) {
        tellUnserved(sink);
      }
    }
    return new Sinks(files);
  }

  private static List<MetricsSink> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    try {
      return MetricsSink.in(file);
    } catch (ConfigException e) {
      LOG.warn("no metrics go anywhere but to the topology manager: {}", e.getMessage());
      return List.of();
    }
  }

  private static void tellUnserved(MetricsSink sink) {
    if (sink.type().equals("MetricsCacheSink")) {
      // shipped, and nothing is lost
      LOG.info("there is no metrics cache: the topology manager has the metrics");
      return;
    }
    LOG.warn(
        "{} switches the sink {} on, but its class '{}' is none that this core serves: metrics do"
            + " not go there. It serves PrometheusSink and FileSink.",
        sink.file().getFileName(),
        sink.id(),
        sink.className());
  }

  @Override
  public void close() {
    files.forEach(MetricsFiles::close);
  }
}
