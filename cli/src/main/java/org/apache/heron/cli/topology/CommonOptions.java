package org.apache.heron.cli.topology;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.heron.cli.console.Console;
import org.apache.heron.cli.console.ConsoleLogging;
import org.apache.heron.cli.console.Terminal;
import org.apache.heron.cli.installation.HeronHome;
import org.apache.heron.cli.installation.ServiceUrl;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.settings.Installation;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.spi.config.ConfigProperties;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Options that every command about a topology takes. */
final class CommonOptions {
  @Option(
      names = "--config-path",
      paramLabel = "DIR",
      description = "parent of the clusters' configuration directories (default: <home>/conf)")
  private Path configPath;

  @Option(
      names = "--config-property",
      paramLabel = "KEY=VALUE",
      description = "set a configuration value over all files; may be repeated")
  private List<String> configProperties = new ArrayList<>();

  @Option(
      names = "--service-url",
      paramLabel = "URL",
      description = "API server to send the command to",
      defaultValue = "")
  private String serviceUrl;

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

  /** The command's configuration. */
  Settings settings(
      String clusterRoleEnv, Optional<Path> releaseFile, boolean verboseGc, Console console) {
    TopologyTarget target = TopologyTarget.parse(clusterRoleEnv, user());
    requireDirectMode(target.cluster());
    Installation installation =
        Installation.of(HeronHome.find(), Optional.ofNullable(configPath), releaseFile);
    Settings.Switches switches =
        new Settings.Switches(ConfigProperties.parse(configProperties), verbose, verboseGc);
    return Settings.load(installation, target, switches, console);
  }

  private void requireDirectMode(String cluster) {
    if (!serviceUrl.isEmpty()) {
      throw new ClientException(
          "--service-url "
              + serviceUrl
              + ": commands are carried out here, without an API server; leave the option out");
    }
    ServiceUrl.of(cluster)
        .ifPresent(
            url -> {
              throw new ClientException(
                  "Cluster '"
                      + cluster
                      + "' is configured for the API server "
                      + url
                      + ", but commands are carried out here; heron config "
                      + cluster
                      + " unset service_url");
            });
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
