package org.apache.heron.cli.installation;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.heron.client.remote.ApiServer;
import org.apache.heron.client.remote.ApiServer.Given;
import org.apache.heron.client.remote.Patience;
import picocli.CommandLine.Option;

/** Which API server carries commands out, if any: as options say, or the user's own settings. */
public final class ServiceOptions {
  @Option(
      names = "--service-url",
      paramLabel = "URL",
      description = "API server that carries the command out (default: property service_url)",
      defaultValue = "")
  private String url;

  @Option(
      names = "--service-token-file",
      paramLabel = "FILE",
      description = "holds the token that it wants (default: property service_token_file)")
  private Path tokenFile;

  @Option(
      names = "--service-timeout",
      paramLabel = "SECONDS",
      description = "how long it may be silent (default: 120)")
  private Integer timeout;

  @Option(
      names = "--without-service",
      hidden = true,
      description = "carry the command out here, whatever property service_url says")
  private boolean without;

  /** For picocli. */
  public ServiceOptions() {}

  /** The API server for a cluster; empty if commands are carried out here. */
  public Optional<ApiServer> of(String cluster) {
    if (without) {
      return Optional.empty();
    }
    CliConfig config = CliConfig.ofUser(cluster);
    if (!url.isBlank()) {
      return Optional.of(server(config, Optional.empty()));
    }
    return config
        .given(CliConfig.SERVICE_URL)
        .filter(given -> !given.text().isBlank())
        .map(given -> server(config, Optional.of(given)));
  }

  /** The API server that an option names. */
  Optional<ApiServer> ofOption() {
    return url.isBlank()
        ? Optional.empty()
        : Optional.of(ApiServer.at(url, Optional.ofNullable(tokenFile), patience()));
  }

  private ApiServer server(CliConfig config, Optional<Given> configured) {
    return ApiServer.at(
        configured.orElseGet(this::byOption),
        tokenByOption().or(() -> config.given(CliConfig.SERVICE_TOKEN_FILE)),
        patience());
  }

  private Given byOption() {
    return new Given(url, "--service-url");
  }

  private Optional<Given> tokenByOption() {
    return Optional.ofNullable(tokenFile)
        .map(file -> new Given(file.toString(), "--service-token-file"));
  }

  private Patience patience() {
    return timeout == null
        ? Patience.USUAL
        : Patience.USUAL.answer(Duration.ofSeconds(Math.max(1, timeout)));
  }
}
