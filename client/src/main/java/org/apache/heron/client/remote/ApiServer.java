package org.apache.heron.client.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.runtime.SubmittedTopology;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.spi.topology.TopologyDefinition;

/** An API server as a place where commands are carried out. Thread-safe. */
public final class ApiServer {
  private final ApiConnection connection;

  private ApiServer(ApiConnection connection) {
    this.connection = connection;
  }

  /** The server that the options of a command name; it is not asked yet. */
  public static ApiServer at(String url, Optional<Path> tokenFile, Patience patience) {
    return at(
        new Given(url, "--service-url"),
        tokenFile.map(file -> new Given(file.toString(), "--service-token-file")),
        patience);
  }

  /**
   * The server of that address; it is not asked yet.
   *
   * @param tokenFile holds the token that the server wants, and nothing else
   * @throws ClientException if the address is none, or the file cannot be read
   */
  public static ApiServer at(Given url, Optional<Given> tokenFile, Patience patience) {
    URI address =
        address(url.text())
            .orElseThrow(
                () ->
                    new ClientException(
                        "The API server's address '"
                            + url.text()
                            + "' ("
                            + url.source()
                            + ") must be like http://host:9000"));
    return new ApiServer(new ApiConnection(address, tokenFile.map(ApiServer::token), patience));
  }

  /**
   * What a user has given.
   *
   * @param source the option, or the file and its property, for what is told of it
   */
  public record Given(String text, String source) {}

  /** The address of an API server; empty if the text is none. */
  public static Optional<URI> address(String url) {
    String text = url.strip().replaceAll("/+$", "");
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean web = scheme.equals("http") || scheme.equals("https");
      if (web && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException e) {
      // Who asks says what an address looks like; the parser's words would not help more.
    }
    return Optional.empty();
  }

  private static String token(Given file) {
    try {
      String token = Files.readString(Path.of(file.text())).strip();
      if (!token.isEmpty() && token.chars().allMatch(c -> c > ' ' && c < 127)) {
        return token;
      }
      throw new ClientException(named(file) + " must hold one token and nothing else");
    } catch (IOException | InvalidPathException e) {
      throw new ClientException(named(file) + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static String named(Given tokenFile) {
    return "The token file '" + tokenFile.text() + "' (" + tokenFile.source() + ")";
  }

  /**
   * A topology that is submitted there.
   *
   * @param properties of {@code --config-property}
   */
  public SubmittedTopology topology(
      TopologyTarget target, String name, Map<String, Object> properties, Progress progress) {
    TopologyDefinition.validateName(name);
    return new RemoteTopology(connection, target, name, properties, progress);
  }

  /** For submitting there; the topologies' mains run here. */
  public RemoteSubmitter submitter(Map<String, String> environment, Progress progress) {
    return new RemoteSubmitter(connection, environment, progress);
  }

  /** What is installed there, by key. */
  public Map<String, String> version() {
    JsonNode body = Answers.require(connection, get("/version"));
    Map<String, String> values = new TreeMap<>();
    body.properties().forEach(entry -> values.put(entry.getKey(), entry.getValue().asText()));
    return values;
  }

  private Reply get(String path) {
    return connection.call("GET", path, Optional.empty(), Progress.NONE);
  }
}
