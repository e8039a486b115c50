package org.apache.heron.executor.prometheus;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.heron.executor.metrics.Figure;
import org.apache.heron.executor.metrics.JvmFigures;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.executor.PrometheusSink;
import org.apache.heron.web.WebResponse;
import org.apache.heron.web.WebServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a container's figures where metrics_sinks.yaml says, as upstream's metrics manager does.
 * Thread-safe.
 */
public final class MetricsServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final WebServer server;

  private MetricsServer(WebServer server) {
    this.server = server;
  }

  /**
   * Serves, if the file switches that on. What is wrong is logged: a topology is worth more than
   * its metrics.
   *
   * @param directory of the container, to which paths are relative
   * @param sinks path of metrics_sinks.yaml
   * @param counters what the data plane has counted; empty while there is none
   */
  public static Optional<MetricsServer> start(
      Path directory,
      String sinks,
      InetAddress bind,
      int container,
      Labels labels,
      Supplier<Optional<ContainerCounters>> counters) {
    Path file = directory.resolve(sinks);
    try {
      if (sinks.isBlank() || !Files.isRegularFile(file)) {
        return Optional.empty();
      }
      Optional<PrometheusSink> sink = PrometheusSink.in(file);
      if (sink.isEmpty()) {
        return Optional.empty();
      }
      int port = port(directory, sink.get());
      Page page = new Page(container, labels);
      WebServer server =
          WebServer.builder()
              .name("metrics")
              .host(bind.getHostAddress())
              .port(port)
              .threads(1)
              .route(
                  "GET",
                  sink.get().path(),
                  (request, response) -> page.send(response, counters.get()))
              .start();
      LOG.info("metrics are served at {}:{}{}", bind.getHostAddress(), port, sink.get().path());
      return Optional.of(new MetricsServer(server));
    } catch (ConfigException | IOException e) {
      LOG.warn("no metrics are served for Prometheus: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private static int port(Path directory, PrometheusSink sink) throws IOException {
    if (sink.port().isPresent()) {
      return sink.port().get();
    }
    Path file = directory.resolve(sink.portFile().orElseThrow());
    try {
      return PrometheusSink.port(file, Files.readString(file, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      throw new IOException("whoever started the container has not written its port to " + file, e);
    }
  }

  /** What is answered. */
  private static final class Page {
    private final Labels labels;
    private final String own;
    private final JvmFigures process = new JvmFigures();
    private final RecentMeans means = new RecentMeans(System::nanoTime);

    Page(int container, Labels labels) {
      this.labels = labels;
      own =
          container == 0
              ? labels.of("__tmanager__", "__tmanager__", "")
              : labels.of(Figure.STREAM_MANAGER, "stmgr-" + container, "");
    }

    synchronized void send(WebResponse response, Optional<ContainerCounters> counters) {
      Exposition exposition = new Exposition(labels, means);
      exposition.add(own, process.read());
      counters.ifPresent(exposition::add);
      means.looked();
      response.send(TYPE, exposition.text().getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The port that is listened on. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
  }
}
