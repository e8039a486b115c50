package org.apache.heron.executor.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.executor.flags.ExecutorFlags;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.config.ConfigLoader;
import org.apache.heron.spi.config.Key;

/**
 * The configuration of a container: the state manager's file, heron_internals.yaml and
 * override.yaml, in this order, and what the flags say instead.
 */
record Settings(Config config) {

  /**
   * @throws ConfigException if a file is missing or broken
   */
  static Settings read(ExecutorFlags flags, Path directory) {
    List<Path> files =
        List.of(
            directory.resolve(flags.state().configFile()),
            directory.resolve(flags.files().internals()),
            directory.resolve(flags.files().override()));
    for (Path file : files) {
      if (!Files.isReadable(file)) {
        throw new ConfigException(
            file + " is missing or not readable; it belongs to the topology package");
      }
    }
    Config raw =
        ConfigLoader.loadFiles(files)
            .with(Key.CLUSTER, flags.cluster())
            .with(Key.ROLE, flags.role())
            .with(Key.ENVIRON, flags.environment())
            .with(Key.TOPOLOGY_NAME, flags.topology().name())
            .with(Key.TOPOLOGY_ID, flags.topology().id())
            .with(Key.STATEMGR_CONNECTION_STRING, flags.state().connection())
            .with(Key.STATEMGR_ROOT_PATH, flags.state().root());
    return new Settings(ConfigLoader.cluster(raw));
  }

  /** All values, for those who look for keys of their own. */
  Map<String, Object> values() {
    return config.asMap();
  }

  String logDirectory() {
    return config.optionalString("heron.logging.directory").orElse("log-files");
  }

  long maxLogBytes() {
    return positive("heron.logging.maximum.size.mb", 100) << 20;
  }

  int maxLogFiles() {
    return (int) Math.min(100, positive("heron.logging.maximum.files", 5));
  }

  Optional<String> bindHost() {
    return config.optionalString(ContainerAddress.BIND_KEY);
  }

  Duration memberTimeout() {
    return Duration.ofSeconds(positive("heron.tmanager.stmgr.state.timeout.sec", 60));
  }

  Duration heartbeat() {
    return Duration.ofSeconds(positive("heron.streammgr.tmanager.heartbeat.interval.sec", 10));
  }

  /** How long a container may try in vain to register before it counts as ill. */
  Duration healthGrace() {
    return Duration.ofSeconds(positive("heron.executor.health.grace.sec", 300));
  }

  Duration report() {
    return Duration.ofSeconds(positive("heron.metrics.export.interval.sec", 60));
  }

  int establishRetries() {
    return (int) positive("heron.tmanager.establish.retry.times", 30);
  }

  Duration establishInterval() {
    return Duration.ofSeconds(positive("heron.tmanager.establish.retry.interval.sec", 1));
  }

  /** Bytes of the largest message between containers and the topology manager. */
  int maxPacket() {
    return megabytes("heron.tmanager.network.server.options.maximum.packet.mb", 16);
  }

  /**
   * Bytes of the largest message from the topology manager: a plan of a topology with 10,000
   * containers is larger than upstream's limit of 10 MB for stream managers.
   */
  int maxPlan() {
    return Math.max(256 << 20, megabytes("heron.streammgr.network.options.maximum.packet.mb", 10));
  }

  int historyMinutes() {
    return (int)
        Math.min(100_000, positive("heron.tmanager.metrics.collector.maximum.interval.min", 180));
  }

  int maxExceptions() {
    return (int)
        Math.min(100_000, positive("heron.tmanager.metrics.collector.maximum.exception", 256));
  }

  private int megabytes(String key, long whenUnset) {
    return (int) Math.min(1024, positive(key, whenUnset)) << 20;
  }

  private long positive(String key, long whenUnset) {
    long value = config.number(key, whenUnset);
    if (value < 1) {
      throw config.malformed(key, value, "at least 1");
    }
    return value;
  }
}
