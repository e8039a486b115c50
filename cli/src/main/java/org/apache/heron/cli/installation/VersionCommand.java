package org.apache.heron.cli.installation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.heron.cli.console.JsonObject;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.remote.ApiServer;
import org.apache.heron.client.settings.HeronHome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code heron version}. */
@Command(
    name = "version",
    description = "Show what is installed, here or at an API server",
    footer = {
      "",
      "Examples:",
      "  heron version --json",
      "  heron version --service-url http://localhost:9000"
    })
public final class VersionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "cluster",
      description = "of its API server, if one is configured for it")
  private String cluster;

  @Mixin private ServiceOptions service;

  @Option(names = "--json", description = "print one line of JSON")
  private boolean json;

  @Override
  public Integer call() {
    Optional<ApiServer> server = cluster == null ? service.ofOption() : service.of(cluster);
    Map<String, String> values =
        server.isPresent()
            ? server.get().version()
            : release(HeronHome.find().resolve("release.yaml"));
    if (json) {
      JsonObject object = new JsonObject();
      values.forEach(object::put);
      spec.commandLine().getOut().println(object);
    } else {
      values.forEach((key, value) -> spec.commandLine().getOut().println(key + " : " + value));
    }
    return 0;
  }

  /** The file is flat, {@code key : value} per line: no YAML reader has to be loaded for it. */
  static Map<String, String> release(Path file) {
    try {
      Map<String, String> values = new TreeMap<>();
      for (String line : Files.readAllLines(file)) {
        int colon = line.indexOf(':');
        if (colon > 0 && !line.startsWith("#")) {
          values.put(line.substring(0, colon).strip(), unquoted(line.substring(colon + 1).strip()));
        }
      }
      return values;
    } catch (IOException e) {
      throw new ClientException("Required file not found: " + file, e);
    }
  }

  private static String unquoted(String text) {
    boolean quoted =
        text.length() >= 2
            && (text.charAt(0) == '\'' || text.charAt(0) == '"')
            && text.charAt(text.length() - 1) == text.charAt(0);
    return quoted ? text.substring(1, text.length() - 1) : text;
  }
}
