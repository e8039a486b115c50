package org.apache.heron.downloader.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who asks for an object.
 *
 * @param sessionToken of credentials that hold for a while
 */
public record S3Credentials(String accessKey, String secretKey, Optional<String> sessionToken) {
  private static final int MILLIS = 1000;
  private static final String ROLE_PATH = "/latest/meta-data/iam/security-credentials/";

  /**
   * In the order of Amazon's own clients: variables of the environment, the profile in the
   * credentials file, the role of the container, the role of the machine. Empty if there are none.
   *
   * @throws IOException if a profile is named that is not there
   */
  public static Optional<S3Credentials> find(Map<String, String> environment) throws IOException {
    String access = environment.get("AWS_ACCESS_KEY_ID");
    String secret = environment.get("AWS_SECRET_ACCESS_KEY");
    if (access != null && secret != null) {
      return Optional.of(
          new S3Credentials(
              access, secret, Optional.ofNullable(environment.get("AWS_SESSION_TOKEN"))));
    }
    Optional<S3Credentials> profile = profile(environment);
    return profile.isPresent() ? profile : role(environment);
  }

  private static Optional<S3Credentials> profile(Map<String, String> environment)
      throws IOException {
    Path file =
        Path.of(
            environment.getOrDefault(
                "AWS_SHARED_CREDENTIALS_FILE",
                Path.of(System.getProperty("user.home"), ".aws", "credentials").toString()));
    String name = environment.get("AWS_PROFILE");
    if (!Files.isReadable(file)) {
      if (name != null) {
        throw new IOException("AWS_PROFILE is '" + name + "', but there is no file " + file);
      }
      return Optional.empty();
    }
    Optional<S3Credentials> found = inFile(Files.readString(file), name == null ? "default" : name);
    if (found.isEmpty() && name != null) {
      throw new IOException("AWS_PROFILE is '" + name + "', but " + file + " has no keys for it");
    }
    return found;
  }

  static Optional<S3Credentials> inFile(String text, String profile) {
    String access = null;
    String secret = null;
    String token = null;
    boolean here = false;
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.startsWith("[")) {
        here = line.replaceAll("[\\[\\]]", "").strip().equals(profile);
      } else if (here && line.contains("=") && !line.startsWith("#")) {
        String value = line.substring(line.indexOf('=') + 1).strip();
        switch (line.substring(0, line.indexOf('=')).strip()) {
          case "aws_access_key_id" -> access = value;
          case "aws_secret_access_key" -> secret = value;
          case "aws_session_token" -> token = value;
          default -> {
            // Other settings of the profile.
          }
        }
      }
    }
    return access == null || secret == null
        ? Optional.empty()
        : Optional.of(new S3Credentials(access, secret, Optional.ofNullable(token)));
  }

  /**
   * Asked of addresses that only a machine or container of Amazon's has; elsewhere nobody answers.
   */
  private static Optional<S3Credentials> role(Map<String, String> environment) {
    try {
      String relative = environment.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
      if (relative != null) {
        return parse(call("GET", "http://169.254.170.2" + relative, Map.of()));
      }
      if ("true".equalsIgnoreCase(environment.get("AWS_EC2_METADATA_DISABLED"))) {
        return Optional.empty();
      }
      String base =
          environment.getOrDefault("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254");
      String token =
          call(
              "PUT",
              base + "/latest/api/token",
              Map.of("X-aws-ec2-metadata-token-ttl-seconds", "300"));
      Map<String, String> session = Map.of("X-aws-ec2-metadata-token", token);
      String role = call("GET", base + ROLE_PATH, session).lines().findFirst().orElse("");
      return parse(call("GET", base + ROLE_PATH + role, session));
    } catch (IOException e) {
      // This machine has no role, as most have none.
      return Optional.empty();
    }
  }

  static Optional<S3Credentials> parse(String json) {
    Optional<String> access = field(json, "AccessKeyId");
    Optional<String> secret = field(json, "SecretAccessKey");
    return access.isEmpty() || secret.isEmpty()
        ? Optional.empty()
        : Optional.of(new S3Credentials(access.get(), secret.get(), field(json, "Token")));
  }

  private static Optional<String> field(String json, String name) {
    Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"\\\\]+)\"").matcher(json);
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  private static String call(String method, String uri, Map<String, String> headers)
      throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(uri).toURL().openConnection(java.net.Proxy.NO_PROXY);
    connection.setConnectTimeout(MILLIS);
    connection.setReadTimeout(MILLIS);
    connection.setRequestMethod(method);
    headers.forEach(connection::setRequestProperty);
    try (InputStream in = connection.getInputStream()) {
      return new String(in.readNBytes(1 << 16), StandardCharsets.UTF_8);
    } finally {
      connection.disconnect();
    }
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "access key " + accessKey;
  }
}
