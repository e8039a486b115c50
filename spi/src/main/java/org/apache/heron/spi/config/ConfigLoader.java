package org.apache.heron.spi.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a cluster's configuration files in upstream's order, later files replacing earlier ones key
 * by key.
 *
 * <p>{@link #load} and {@link #loadCluster} give raw configurations, with tokens as they are
 * written. After the values of the command line and the topology have been added with {@link
 * Config#with}, {@link #local} and {@link #cluster} replace the tokens.
 */
public final class ConfigLoader {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigLoader.class);

  private static final List<Key> CLIENT_FILES =
      List.of(
          Key.CLUSTER_YAML,
          Key.CLIENT_YAML,
          Key.HEALTHMGR_YAML,
          Key.PACKING_YAML,
          Key.SCHEDULER_YAML,
          Key.STATEMGR_YAML,
          Key.UPLOADER_YAML,
          Key.DOWNLOADER_YAML,
          Key.STATEFUL_YAML);

  private static final List<Key> CLUSTER_FILES =
      List.of(
          Key.PACKING_YAML,
          Key.HEALTHMGR_YAML,
          Key.SCHEDULER_YAML,
          Key.STATEMGR_YAML,
          Key.UPLOADER_YAML,
          Key.DOWNLOADER_YAML,
          Key.STATEFUL_YAML,
          Key.OVERRIDE_YAML);

  private final Map<String, Object> values = new TreeMap<>();
  private final Map<String, String> sources = new HashMap<>();

  private ConfigLoader() {}

  /**
   * The raw configuration where {@code heron} commands run. A file that does not exist counts as
   * empty.
   *
   * @param heronHome the installation's directory
   * @param configPath the cluster's directory of YAML files, for example {@code conf/mesos}
   * @param releaseFile {@code release.yaml}
   * @param overrideFile the values of {@code --config-property}
   * @throws ConfigException if a file is broken; names file, line and column
   */
  public static Config load(
      Path heronHome, Path configPath, Optional<Path> releaseFile, Optional<Path> overrideFile) {
    ConfigLoader loader = new ConfigLoader();
    String home = heronHome.toAbsolutePath().normalize().toString();
    String conf = configPath.toAbsolutePath().normalize().toString();
    loader.set(Key.HERON_HOME, home, "the installation");
    loader.set(Key.HERON_CONF, conf, "--config-path");
    Config paths = local(loader.config());
    CLIENT_FILES.forEach(key -> loader.merge(paths.path(key)));
    releaseFile.ifPresent(loader::merge);
    // The user has written a flag, and never sees the file that carries it.
    overrideFile.ifPresent(file -> loader.merge(file, line -> "--config-property"));
    return loader.config();
  }

  /**
   * The raw configuration of a scheduler or container process, whose directory holds the unpacked
   * topology package: {@code ./heron-core} and {@code ./heron-conf} with {@code override.yaml}.
   *
   * @param workingDirectory of the process; only used to find the files
   * @throws ConfigException if a file is broken; names file, line and column
   */
  public static Config loadCluster(Path workingDirectory) {
    ConfigLoader loader = new ConfigLoader();
    for (Key key : List.of(Key.HERON_CLUSTER_HOME, Key.HERON_CLUSTER_CONF)) {
      Key target = key == Key.HERON_CLUSTER_HOME ? Key.HERON_HOME : Key.HERON_CONF;
      loader.set(target, (String) key.defaultValue().orElseThrow(), Config.DEFAULT_SOURCE);
    }
    Config paths = local(loader.config());
    CLUSTER_FILES.forEach(
        key -> loader.merge(workingDirectory.resolve(paths.path(key)).normalize()));
    return loader.config();
  }

  /**
   * The raw configuration of these files, in their order. One that does not exist counts as empty.
   *
   * @throws ConfigException if a file is broken; names file, line and column
   */
  public static Config loadFiles(List<Path> files) {
    ConfigLoader loader = new ConfigLoader();
    files.forEach(loader::merge);
    return loader.config();
  }

  /** The configuration with this host's paths: defaults added, tokens replaced. */
  public static Config local(Config raw) {
    return expanded(raw, System::getenv);
  }

  /**
   * The configuration with a container's paths, relative to its working directory: as {@link
   * #local}, with home {@code ./heron-core} and configuration {@code ./heron-conf}.
   */
  public static Config cluster(Config raw) {
    return local(
        raw.with(
                Key.HERON_HOME,
                raw.string(Key.HERON_CLUSTER_HOME),
                raw.sourceOf(Key.HERON_CLUSTER_HOME))
            .with(
                Key.HERON_CONF,
                raw.string(Key.HERON_CLUSTER_CONF),
                raw.sourceOf(Key.HERON_CLUSTER_CONF)));
  }

  static Config expanded(Config raw, UnaryOperator<String> environment) {
    Map<String, Object> values = new TreeMap<>();
    for (Key key : Key.values()) {
      key.defaultValue().ifPresent(value -> values.put(key.text(), value));
    }
    values.putAll(raw.asMap());
    return Config.of(Tokens.expand(values, environment), raw.sources());
  }

  /** The keys that nobody reads, each with the known key that is most like it. */
  public static List<UnknownKey> unknownKeys(Config config) {
    Set<String> policies = new HashSet<>();
    if (config.get("heron.class.health.policies").orElse(null) instanceof List<?> ids) {
      // Each listed policy is a map of its own in the same file.
      ids.forEach(id -> policies.add(String.valueOf(id)));
    }
    return config.asMap().keySet().stream()
        .filter(key -> !policies.contains(key) && KeyCatalogue.find(key).isEmpty())
        .map(key -> new UnknownKey(key, config.sourceOf(key), KeyCatalogue.nearest(key)))
        .toList();
  }

  private void set(Key key, String value, String source) {
    values.put(key.text(), value);
    sources.put(key.text(), source);
  }

  private Config config() {
    return Config.of(values, sources);
  }

  private void merge(Path file) {
    merge(file, line -> file + ":" + line);
  }

  private void merge(Path file, IntFunction<String> sourceOfLine) {
    List<YamlFile.Entry> entries = YamlFile.read(file);
    Set<String> written = new HashSet<>();
    entries.forEach(entry -> written.add(entry.key()));
    for (YamlFile.Entry entry : entries) {
      String source = sourceOfLine.apply(entry.line());
      Object value = FormerNames.present(entry.value());
      if (!java.util.Objects.equals(value, entry.value())) {
        LOG.info("{}: class names of com.twitter.heron are read as org.apache.heron", source);
      }
      put(entry.key(), value, source);
      for (String target : FormerNames.targetsOf(entry.key())) {
        if (!written.contains(target)) {
          LOG.info("{}: {} is read as {}", source, entry.key(), target);
          put(target, value, source);
        }
      }
    }
  }

  /** Sets the value; a null takes back what earlier files set. */
  private void put(String key, Object value, String source) {
    if (value == null) {
      values.remove(key);
      sources.remove(key);
    } else {
      values.put(key, value);
      sources.put(key, source);
    }
  }
}
