package org.apache.heron.downloader;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.downloader.fetch.HttpFetch;
import org.apache.heron.downloader.fetch.OtherRegion;
import org.apache.heron.downloader.fetch.S3Address;
import org.apache.heron.downloader.fetch.S3Credentials;
import org.apache.heron.downloader.fetch.S3Signature;
import org.apache.heron.spi.config.Config;

/**
 * Fetches {@code s3://bucket/key} by http, signed with the credentials that the environment, the
 * AWS configuration files or this machine's role give; without any, unsigned.
 */
public final class S3Downloader implements Downloader {
  private final Map<String, String> environment;
  private Config config = Config.of(Map.of());

  /** Created by the name in {@code heron.downloader.registry}. */
  public S3Downloader() {
    this(System.getenv());
  }

  S3Downloader(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public void initialize(Config config) {
    this.config = config;
  }

  @Override
  public void download(URI uri, Path file) throws IOException, InterruptedException {
    S3Address address =
        S3Address.of(
            uri,
            environment,
            config.optionalString("heron.uploader.s3.uri"),
            config.optionalString("heron.uploader.s3.region"));
    Optional<S3Credentials> credentials = S3Credentials.find(environment);
    try {
      fetch(address, credentials, file);
    } catch (OtherRegion e) {
      // Once: a store that says one region and wants another is not to be asked for ever.
      address = address.in(e.region());
      try {
        fetch(address, credentials, file);
      } catch (IOException again) {
        throw failed(again, address, credentials);
      }
    } catch (IOException e) {
      throw failed(e, address, credentials);
    }
  }

  private static void fetch(S3Address address, Optional<S3Credentials> credentials, Path file)
      throws IOException, InterruptedException {
    HttpFetch.usual()
        .fetch(
            address.uri(),
            target ->
                credentials
                    .map(
                        known ->
                            S3Signature.headers(target, known, address.region(), Instant.now()))
                    .orElse(Map.of()),
            file);
  }

  private static IOException failed(
      IOException cause, S3Address address, Optional<S3Credentials> credentials) {
    return new IOException(
        cause.getMessage()
            + " (asked at "
            + address.uri()
            + " for region "
            + address.region()
            + credentials
                .map(known -> ", with access key " + known.accessKey())
                .orElse(", without credentials")
            + ")",
        cause);
  }
}
