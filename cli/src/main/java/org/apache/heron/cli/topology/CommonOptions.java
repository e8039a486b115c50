package org.apache.heron.cli.topology;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.cli.console.Console;
import org.apache.heron.cli.console.ConsoleLogging;
import org.apache.heron.cli.console.Terminal;
import org.apache.heron.cli.installation.ServiceOptions;
import org.apache.heron.client.remote.ApiServer;
import org.apache.heron.client.runtime.DirectTopology;
import org.apache.heron.client.runtime.RuntimeSession;
import org.apache.heron.client.runtime.SubmittedTopology;
import org.apache.heron.client.settings.HeronHome;
import org.apache.heron.client.settings.Installation;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.spi.config.ConfigProperties;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that every command about a topology takes. */
final class CommonOptions {
  // Said by heron-cli, whose clusters may have a directory of another name.
  private static final String CLUSTER_DIRECTORY = "--cluster-directory";

  @Option(
      names = "--config-path",
      paramLabel = "DIR",
      description = "parent of the clusters' configuration directories (default: <home>/conf)")
  private Path configPath;

  @Option(
      names = CLUSTER_DIRECTORY,
      hidden = true,
      description = "the cluster's own configuration directory, of another name than the cluster's")
  private Path clusterDirectory;

  @Option(
      names = "--config-property",
      paramLabel = "KEY=VALUE",
      description = "set a configuration value over all files; may be repeated")
  private List<String> configProperties = new ArrayList<>();

  @Mixin private ServiceOptions service;

  @Option(names = "--verbose", description = "say everything; show stack traces of errors")
  private boolean verbose;

  @Option(names = "--json", description = "print the result as one line of JSON")
  private boolean json;

  boolean json() {
    return json;
  }

  Console console(CommandLine command) {
    ConsoleLogging.activate(verbose);
    return new Console(command.getOut(), command.getErr(), Terminal.on(Terminal.ERR), verbose);
  }

  /** Where the command is carried out, if not here. */
  Optional<ApiServer> apiServer(TopologyTarget target) {
    return service.of(target.cluster());
  }

  /** What the argument names, for the user who gives the command. */
  TopologyTarget target(String clusterRoleEnv) {
    return TopologyTarget.parse(clusterRoleEnv, user());
  }

  /** The configuration of a command that is carried out here. */
  Settings settings(
      TopologyTarget target, Optional<Path> releaseFile, boolean verboseGc, Console console) {
    return Settings.load(installation(releaseFile), target, switches(verboseGc), console);
  }

  Installation installation(Optional<Path> releaseFile) {
    Installation installation =
        Installation.of(HeronHome.find(), Optional.ofNullable(configPath), releaseFile);
    return clusterDirectory == null ? installation : installation.withOnly(clusterDirectory);
  }

  Settings.Switches switches(boolean verboseGc) {
    return new Settings.Switches(properties(), verbose, verboseGc);
  }

  /** The topology that the command is about, here or there. */
  SubmittedTopology topology(String clusterRoleEnv, String name, Console console) {
    TopologyTarget target = target(clusterRoleEnv);
    Optional<ApiServer> server = apiServer(target);
    return server.isPresent()
        ? server.get().topology(target, name, properties(), console)
        : new DirectTopology(
            RuntimeSession.open(settings(target, Optional.empty(), false, console), name, console));
  }

  Map<String, Object> properties() {
    return ConfigProperties.parse(configProperties);
  }

  boolean verbose() {
    return verbose;
  }

  /** Who gives the command: as Python's getpass finds out, which upstream asks. */
  static String user() {
    for (String variable : new String[] {"LOGNAME", "USER", "LNAME", "USERNAME"}) {
      String name = System.getenv(variable);
      if (name != null && !name.isEmpty()) {
        return name;
      }
    }
    return System.getProperty("user.name");
  }
}
