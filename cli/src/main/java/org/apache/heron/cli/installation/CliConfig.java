package org.apache.heron.cli.installation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.remote.ApiServer.Given;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** A user's own settings for a cluster: {@code ~/.config/heron/<cluster>/cli.yaml}. */
final class CliConfig {
  /** The address of an API server. */
  static final String SERVICE_URL = "service_url";

  /** A file that holds the token for it. */
  static final String SERVICE_TOKEN_FILE = "service_token_file";

  /** All properties that there are. */
  static final Set<String> PROPERTIES = Set.of(SERVICE_URL, SERVICE_TOKEN_FILE);

  private final String cluster;
  private final Path file;

  private CliConfig(String cluster, Path file) {
    this.cluster = cluster;
    this.file = file;
  }

  static CliConfig ofUser(String cluster) {
    Path home = Path.of(System.getProperty("user.home"));
    return new CliConfig(
        cluster, home.resolve(".config/heron").resolve(cluster).resolve("cli.yaml"));
  }

  /** A property, and where it stands. */
  Optional<Given> given(String property) {
    String source =
        property
            + " in "
            + file
            + ", which heron config "
            + cluster
            + " unset "
            + property
            + " removes";
    return Optional.ofNullable(read().get(property)).map(text -> new Given(text, source));
  }

  Map<String, String> read() {
    if (!Files.isRegularFile(file)) {
      // The usual case costs no YAML reader.
      return Map.of();
    }
    try {
      Object content =
          new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
      Map<String, String> values = new TreeMap<>();
      if (content instanceof Map<?, ?> map) {
        map.forEach((key, value) -> values.put(String.valueOf(key), String.valueOf(value)));
      } else if (content != null) {
        throw new ClientException(file + " is not a map of properties; correct or remove it");
      }
      return values;
    } catch (YAMLException e) {
      throw new ClientException(file + " is no valid YAML; correct or remove it", e);
    } catch (IOException e) {
      throw new ClientException("Cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** Sets a property, or removes it; a file without properties is removed. */
  void put(String property, Optional<String> value) {
    Map<String, String> values = new TreeMap<>(read());
    value.ifPresentOrElse(text -> values.put(property, text), () -> values.remove(property));
    try {
      if (values.isEmpty()) {
        Files.deleteIfExists(file);
        return;
      }
      Files.createDirectories(file.getParent());
      Path fresh = file.resolveSibling("cli.yaml.new");
      Files.writeString(fresh, new Yaml().dumpAsMap(values));
      Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new ClientException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
