package org.apache.heron.client.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
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

  /**
   * The server of that address; it is not asked yet.
   *
   * @param url as the user gave it
   * @param tokenFile holds the token that the server wants, and nothing else
   * @throws ClientException if the address is none, or the file cannot be read
   */
  public static ApiServer at(String url, Optional<Path> tokenFile, Patience patience) {
    return new ApiServer(
        new ApiConnection(address(url), tokenFile.map(ApiServer::token), patience));
  }

  private static URI address(String url) {
    String text = url.strip().replaceAll("/+$", "");
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean web = scheme.equals("http") || scheme.equals("https");
      if (web && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Said below; the parser's words would not help more.
    }
    throw new ClientException(
        "The API server's address '"
            + url
            + "' (--service-url or service_url) must be like http://host:9000");
  }

  private static String token(Path file) {
    try {
      String token = Files.readString(file).strip();
      if (!token.isEmpty() && token.chars().allMatch(c -> c > ' ' && c < 127)) {
        return token;
      }
      throw new ClientException(
          "The token file '" + file + "' must hold one token and nothing else");
    } catch (IOException e) {
      throw new ClientException(
          "The token file '"
              + file
              + "' (--service-token-file or service_token_file) cannot be read: "
              + e.getMessage(),
          e);
    }
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
