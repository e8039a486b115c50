package org.apache.heron.cli.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigLoader;

/**
 * The configuration of a demonstration, in its own directory. Neither the installation's, which may
 * be that of a cluster in use, nor the user's own settings have a part in it.
 */
final class DemoSettings {
  private static final String CLUSTER = "mesos";
  private static final List<String> FILES =
      List.of(
          "heron_internals.yaml",
          "metrics_sinks.yaml",
          "packing.yaml",
          "scheduler.yaml",
          "statemgr.yaml",
          "uploader.yaml");

  private final Path directory;
  private final Map<String, String> places;

  private DemoSettings(Path directory, Map<String, String> places) {
    this.directory = directory;
    this.places = places;
  }

  /**
   * Writes the files.
   *
   * @param master {@code host:port}
   * @param zookeeper {@code host:port}
   */
  static DemoSettings write(Path directory, String master, String zookeeper) throws IOException {
    Path conf = Files.createDirectories(directory.resolve("conf").resolve(CLUSTER));
    for (String name : FILES) {
      try (InputStream shipped = DemoSettings.class.getResourceAsStream("demo/" + name)) {
        if (shipped == null) {
          throw new IOException("demo/" + name + " is not on the class path");
        }
        Files.copy(shipped, conf.resolve(name));
      }
    }
    return new DemoSettings(
        directory,
        Map.of(
            "heron.mesos.master.uri",
            master,
            "heron.statemgr.connection.string",
            zookeeper,
            "heron.scheduler.mesos.scheduler.working.directory",
            directory.resolve("scheduler").toString(),
            "heron.uploader.localfs.file.system.directory",
            directory.resolve("packages").toString()));
  }

  /** A command about the demonstration's topologies, with the words that come after the target. */
  String[] command(String name, List<String> words) {
    List<String> all = new ArrayList<>(List.of(name, target()));
    all.addAll(words);
    all.addAll(List.of("--config-path", directory.resolve("conf").toString(), "--without-service"));
    places.forEach((key, value) -> all.addAll(List.of("--config-property", key + "=" + value)));
    return all.toArray(String[]::new);
  }

  private static String target() {
    return CLUSTER + "/" + System.getProperty("user.name");
  }

  /** What it takes to open the shared state that the commands write. */
  Config state() {
    Config config =
        ConfigLoader.loadFiles(
            List.of(directory.resolve("conf").resolve(CLUSTER).resolve("statemgr.yaml")));
    for (Map.Entry<String, String> place : places.entrySet()) {
      config = config.with(place.getKey(), place.getValue(), "heron demo");
    }
    return ConfigLoader.local(config);
  }
}
