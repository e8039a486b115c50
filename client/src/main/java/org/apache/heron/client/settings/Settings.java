package org.apache.heron.client.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigLoader;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.config.OverrideFile;
import org.apache.heron.spi.config.UnknownKey;

/**
 * The configuration of one command; immutable.
 *
 * @param properties of {@code --config-property}
 * @param raw merged, with tokens as they are written
 */
public record Settings(
    Installation installation, TopologyTarget target, Map<String, Object> properties, Config raw) {
  private static final String COMMAND_LINE = "the command line";

  /**
   * What a command line adds to the files.
   *
   * @param properties of {@code --config-property}
   */
  public record Switches(Map<String, Object> properties, boolean verbose, boolean verboseGc) {
    public Switches {
      properties = Map.copyOf(properties);
    }
  }

  /**
   * Reads the cluster's files, and warns about keys that nobody reads.
   *
   * @throws ClientException if the cluster is not known, or the argument lacks a required part
   * @throws org.apache.heron.spi.config.ConfigException if a file is broken
   */
  public static Settings load(
      Installation installation, TopologyTarget target, Switches switches, Progress progress) {
    Path directory = installation.clusterDirectory(target.cluster());
    progress.info("Using cluster definition in " + directory);
    Config raw = merged(installation, directory, switches.properties());
    requireParts(raw, target);
    for (UnknownKey unknown : ConfigLoader.unknownKeys(raw)) {
      progress.warn(unknown.toString());
    }
    raw =
        raw.with(Key.CLUSTER, target.cluster(), COMMAND_LINE)
            .with(Key.ROLE, target.role(), COMMAND_LINE)
            .with(Key.ENVIRON, target.environ(), COMMAND_LINE)
            .with(Key.SUBMIT_USER, target.user(), COMMAND_LINE)
            .with(Key.VERBOSE, switches.verbose(), COMMAND_LINE)
            .with(Key.VERBOSE_GC, switches.verboseGc(), COMMAND_LINE);
    return new Settings(installation, target, switches.properties(), raw);
  }

  private static Config merged(
      Installation installation, Path directory, Map<String, Object> properties) {
    if (properties.isEmpty()) {
      return ConfigLoader.load(
          installation.home(),
          directory,
          Optional.of(installation.releaseFile()),
          Optional.empty());
    }
    try {
      // A file, so that properties are read by the same rules as all the other values.
      Path override = Files.createTempFile("heron-override", ".yaml");
      try {
        OverrideFile.write(override, properties);
        return ConfigLoader.load(
            installation.home(),
            directory,
            Optional.of(installation.releaseFile()),
            Optional.of(override));
      } finally {
        Files.deleteIfExists(override);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write a temporary file: " + e.getMessage(), e);
    }
  }

  private static void requireParts(Config raw, TopologyTarget target) {
    require(raw, "heron.config.is.role.required", "role", target.role());
    require(raw, "heron.config.is.env.required", "env", target.environ());
  }

  private static void require(Config raw, String key, String part, String value) {
    if (raw.bool(key, false) && value.isEmpty()) {
      throw new ClientException(
          "Argument cluster/[role]/[env] is not correct: "
              + part
              + " required but not provided ("
              + key
              + " is set in "
              + raw.sourceOf(key)
              + ")");
    }
  }

  /** These settings with one value more. */
  public Settings with(Key key, Object value) {
    return new Settings(installation, target, properties, raw.with(key, value, COMMAND_LINE));
  }

  /** With this host's paths. */
  public Config local() {
    return ConfigLoader.local(raw);
  }

  /** With paths relative to a container's sandbox. */
  public Config cluster() {
    return ConfigLoader.cluster(raw);
  }

  /** The cluster's directory of files. */
  public Path clusterDirectory() {
    return installation.clusterDirectory(target.cluster());
  }
}
