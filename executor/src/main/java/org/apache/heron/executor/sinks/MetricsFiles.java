package org.apache.heron.executor.sinks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.heron.executor.metrics.MetricsReport;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.executor.MetricsSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a container's metrics into files of its directory, one after the other and then over the
 * oldest, as upstream's FileSink does: {@code <filename-output>.metricsmgr-<container>.<number>}.
 * Readers see whole files only. What cannot be written is logged, once until it can again: a
 * topology is worth more than its metrics. Thread-safe.
 */
final class MetricsFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsFiles.class);
  private static final long MOST_FILES = 10_000;
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Duration LONGEST_WRITE = Duration.ofSeconds(2);
  private static final String PERMISSIONS = "r--r--r--";

  private final Path prefix;
  private final int most;
  private final String hostname;
  private final Supplier<Optional<ContainerCounters>> counters;
  private final MetricsReport report;
  private final Clock clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "metrics-files");
            made.setDaemon(true);
            return made;
          });
  private volatile int number;
  private boolean failing;

  private MetricsFiles(
      Path prefix,
      int most,
      String hostname,
      Supplier<Optional<ContainerCounters>> counters,
      Clock clock) {
    this.prefix = prefix;
    this.most = most;
    this.hostname = hostname;
    this.counters = counters;
    this.report = new MetricsReport(hostname, any -> true);
    this.clock = clock;
  }

  /**
   * Writes, as often as the sink says.
   *
   * @throws ConfigException if the sink's settings are none
   */
  static MetricsFiles start(
      MetricsSink sink,
      Path directory,
      int container,
      String hostname,
      Supplier<Optional<ContainerCounters>> counters,
      Clock clock) {
    String name =
        sink.text("filename-output")
            .orElseThrow(
                () ->
                    new ConfigException(
                        "the sink "
                            + sink.id()
                            + " in "
                            + sink.file()
                            + " has no filename-output"));
    Path root = directory.toAbsolutePath().normalize();
    Path prefix = root.resolve(name + ".metricsmgr-" + container).normalize();
    if (!root.equals(prefix.getParent())) {
      throw new ConfigException(
          "filename-output of the sink "
              + sink.id()
              + " in "
              + sink.file()
              + " is '"
              + name
              + "'; it must be the name of a file in the container's directory");
    }
    long period = sink.number("flush-frequency-ms", 100, LONGEST.toMillis());
    int most = (int) sink.number("file-maximum", 1, MOST_FILES);
    MetricsFiles files = new MetricsFiles(prefix, most, hostname, counters, clock);
    files.thread.scheduleWithFixedDelay(files::write, period, period, TimeUnit.MILLISECONDS);
    LOG.info("metrics are written to {}.0 and on", prefix);
    return files;
  }

  private void write() {
    try {
      Optional<ContainerCounters> now = counters.get();
      if (now.isEmpty()) {
        return;
      }
      Instant time = clock.instant();
      write(MetricsJson.of(now.get(), report.next(now.get(), time), hostname, time));
      number = (number + 1) % most;
      failing = false;
    } catch (IOException | RuntimeException e) { // the edge of the thread
      if (!failing) {
        LOG.warn("metrics cannot be written to {}.{}", prefix, number, e);
      }
      failing = true;
    }
  }

  private void write(byte[] json) throws IOException {
    Path file = prefix.resolveSibling(prefix.getFileName() + "." + number);
    Path temporary = prefix.resolveSibling(prefix.getFileName() + ".heron.tmp");
    Files.deleteIfExists(temporary);
    Files.write(temporary, json);
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(PERMISSIONS));
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(LONGEST_WRITE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("metrics are still being written to {}.{}", prefix, number);
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      thread.shutdownNow();
    }
  }
}
