package org.apache.heron.cli.installation;

import java.util.Optional;

/** The API server that the user has configured for a cluster. */
public final class ServiceUrl {
  private ServiceUrl() {}

  /** Its URL, without a slash at the end. */
  public static Optional<String> of(String cluster) {
    return CliConfig.ofUser(cluster)
        .get(CliConfig.SERVICE_URL)
        .filter(url -> !url.isBlank())
        .map(url -> url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
  }
}
