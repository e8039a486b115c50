package org.apache.heron.cli.installation;

import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.heron.client.remote.ApiServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code heron config}. */
@Command(
    name = "config",
    description = "Show or change your own settings for a cluster",
    footer = {
      "",
      "Properties: service_url, the address of an API server that carries out the commands for the",
      "cluster; service_token_file, a file that holds the token which it wants.",
      "",
      "Examples:",
      "  heron config mesos list",
      "  heron config mesos set service_url http://localhost:9000",
      "  heron config mesos set service_token_file /home/ada/.heron-token",
      "  heron config mesos unset service_url"
    })
public final class ConfigCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "cluster", description = "its name")
  private String cluster;

  @Parameters(index = "1", paramLabel = "action", description = "list, set or unset")
  private String action;

  @Parameters(index = "2", arity = "0..1", paramLabel = "property")
  private String property;

  @Parameters(index = "3", arity = "0..1", paramLabel = "value")
  private String value;

  @Override
  public Integer call() {
    if (cluster.contains("/") || cluster.equals("..") || cluster.equals(".")) {
      throw new ParameterException(spec.commandLine(), "'" + cluster + "' is no cluster's name");
    }
    PrintWriter out = spec.commandLine().getOut();
    CliConfig config = CliConfig.ofUser(cluster);
    switch (action) {
      case "list" -> list(out, config);
      case "set" -> {
        require(property != null && value != null, "set needs a property and a value");
        require(
            !property.equals(CliConfig.SERVICE_URL) || ApiServer.address(value).isPresent(),
            "service_url must be like http://host:9000, and not '" + value + "'");
        change(out, config, Optional.of(value), "Updated");
      }
      case "unset" -> {
        require(property != null && value == null, "unset needs a property and nothing more");
        change(out, config, Optional.empty(), "Cleared");
      }
      default ->
          throw new ParameterException(
              spec.commandLine(), "Unknown action '" + action + "', expected list, set or unset");
    }
    return 0;
  }

  private void require(boolean right, String message) {
    if (!right) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  private void list(PrintWriter out, CliConfig config) {
    Map<String, String> values = config.read();
    if (values.isEmpty()) {
      out.println("No config for cluster " + cluster);
    }
    values.forEach((key, text) -> out.println(key + " = " + text));
  }

  /** As upstream, an unknown property is told of, and is no failure. */
  private void change(PrintWriter out, CliConfig config, Optional<String> text, String done) {
    if (!CliConfig.PROPERTIES.contains(property)) {
      out.println("Error: Unknown property [" + property + "] for cluster " + cluster);
      return;
    }
    config.put(property, text);
    out.println(done + " property [" + property + "] for cluster " + cluster);
  }
}
