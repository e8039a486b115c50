package org.apache.heron.minicluster.master;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.heron.minicluster.json.MesosJsonException;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.WebRequest;

/** Principals and secrets, as Mesos' {@code --credentials} file holds them. Immutable. */
final class Credentials {
  private final Map<String, String> secrets;

  private Credentials(Map<String, String> secrets) {
    this.secrets = secrets;
  }

  /**
   * Reads a file: {@code {"credentials": [{"principal": …, "secret": …}]}}, or a line for each with
   * principal and secret.
   *
   * @throws IOException if it cannot be read or is of neither form; the message names the file
   */
  static Credentials read(Path file) throws IOException {
    String text = Files.readString(file);
    Map<String, String> secrets = new LinkedHashMap<>();
    if (text.stripLeading().startsWith("{")) {
      try {
        for (JsonNode each : MesosJson.parse(text).path("credentials")) {
          put(secrets, each.path("principal").asText(), each.path("secret").asText(), file);
        }
      } catch (MesosJsonException e) {
        throw new IOException("credentials file " + file + " is no JSON: " + e.getMessage(), e);
      }
    } else {
      for (String line : text.lines().filter(l -> !l.isBlank()).toList()) {
        String[] words = line.trim().split("\\s+", 2);
        put(secrets, words[0], words.length == 2 ? words[1] : "", file);
      }
    }
    if (secrets.isEmpty()) {
      throw new IOException("credentials file " + file + " holds no credentials");
    }
    return new Credentials(Map.copyOf(secrets));
  }

  private static void put(Map<String, String> secrets, String principal, String secret, Path file)
      throws IOException {
    if (principal.isEmpty() || secret.isEmpty()) {
      throw new IOException(
          "credentials file " + file + " has an entry without principal or secret");
    }
    secrets.put(principal, secret);
  }

  /** The principal who calls; 401 as recorded (authentication.jsonl) if it is none of ours. */
  String authenticate(WebRequest request) {
    return request
        .header("Authorization")
        .flatMap(this::principal)
        .orElseThrow(
            () ->
                new HttpError(
                    401,
                    "401 Unauthorized.",
                    Map.of("WWW-Authenticate", "Basic realm=\"mesos-master-scheduler\"")));
  }

  private Optional<String> principal(String header) {
    if (!header.regionMatches(true, 0, "Basic ", 0, 6)) {
      return Optional.empty();
    }
    String pair;
    try {
      pair =
          new String(
              Base64.getDecoder().decode(header.substring(6).trim()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    int colon = pair.indexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    String principal = pair.substring(0, colon);
    byte[] given = pair.substring(colon + 1).getBytes(StandardCharsets.UTF_8);
    String secret = secrets.get(principal);
    return secret != null && MessageDigest.isEqual(given, secret.getBytes(StandardCharsets.UTF_8))
        ? Optional.of(principal)
        : Optional.empty();
  }
}
