package org.apache.heron.client.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.plugin.Plugins;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.config.ConfigLoader;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.config.UnknownKey;
import org.apache.heron.spi.diagnosis.Finding;

/** Files that nobody reads, keys that nobody reads, classes that cannot be made. */
final class ConfigurationCheck {
  /** Read by a command, or by a container process. */
  private static final Set<String> READ =
      Set.of(
          "cluster.yaml",
          "client.yaml",
          "healthmgr.yaml",
          "packing.yaml",
          "scheduler.yaml",
          "statemgr.yaml",
          "uploader.yaml",
          "downloader.yaml",
          "stateful.yaml",
          "override.yaml",
          "release.yaml",
          "heron_internals.yaml",
          "metrics_sinks.yaml");

  private final Settings settings;
  private final Consumer<Finding> findings;

  ConfigurationCheck(Settings settings, Consumer<Finding> findings) {
    this.settings = settings;
    this.findings = findings;
  }

  void run(Plugins plugins) {
    files(settings.clusterDirectory());
    keys();
    Config local = settings.local();
    boolean all = plugin(local, Key.STATE_MANAGER_CLASS, plugins::stateManager);
    all &= plugin(local, Key.LAUNCHER_CLASS, plugins::launcher);
    all &= plugin(local, Key.SCHEDULER_CLASS, plugins::scheduler);
    all &= plugin(local, Key.UPLOADER_CLASS, plugins::uploader);
    all &= plugin(local, Key.PACKING_CLASS, plugins::packing);
    all &= plugin(local, Key.REPACKING_CLASS, plugins::repacking);
    if (all) {
      findings.accept(
          Finding.ok("classes", "state manager, launcher, scheduler, uploader and packings"));
    }
  }

  private void files(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      List<String> names = entries.map(file -> file.getFileName().toString()).sorted().toList();
      List<String> yaml = names.stream().filter(ConfigurationCheck::isYaml).toList();
      findings.accept(Finding.ok("files", yaml.size() + " files in " + directory));
      for (String name : yaml) {
        if (!READ.contains(name)) {
          findings.accept(
              Finding.warning(
                  "files",
                  directory.resolve(name) + " is read by nobody",
                  "rename it to one of "
                      + String.join(", ", READ.stream().sorted().toList())
                      + ", or remove it"));
        }
      }
    } catch (IOException e) {
      findings.accept(
          Finding.failed("files", "cannot list " + directory + ": " + e, "let this user read it"));
    }
  }

  private static boolean isYaml(String name) {
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  private void keys() {
    List<UnknownKey> unknown = ConfigLoader.unknownKeys(settings.raw());
    if (unknown.isEmpty()) {
      findings.accept(
          Finding.ok("keys", "all " + settings.raw().asMap().size() + " keys are known"));
    }
    for (UnknownKey key : unknown) {
      findings.accept(
          Finding.warning(
              "keys",
              key.key() + " (from " + key.source() + ") is read by nobody",
              key.nearest()
                  .map(nearest -> "write " + nearest + ", if that is meant")
                  .orElse("remove it")));
    }
  }

  /** Instances hold nothing before they are initialized, so they are not closed. */
  private boolean plugin(Config config, Key key, Consumer<Config> make) {
    try {
      make.accept(config);
      return true;
    } catch (ClientException | ConfigException e) {
      findings.accept(
          Finding.failed(
              "classes",
              e.getMessage(),
              "set " + key.text() + " in " + settings.clusterDirectory() + " to a class that is"));
      return false;
    }
  }
}
