package org.apache.heron.downloader.fetch;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;

/**
 * Where an object is asked for.
 *
 * @param region for which requests are signed
 */
public record S3Address(URI uri, String region) {
  /** Upstream's, and so the uploader's, where nothing says which. */
  private static final String DEFAULT_REGION = "us-west-2";

  /**
   * The address of {@code s3://bucket/key}.
   *
   * @param environment {@code AWS_REGION}, {@code AWS_ENDPOINT_URL_S3} and the like
   * @param endpoint of a store other than Amazon's, if the environment names none
   * @param region if the environment names none
   * @throws IOException if it names no object
   */
  public static S3Address of(
      URI object,
      Map<String, String> environment,
      Optional<String> endpoint,
      Optional<String> region)
      throws IOException {
    String bucket = object.getAuthority();
    String key = object.getPath();
    if (bucket == null || !bucket.matches("[A-Za-z0-9._-]+") || key == null || key.length() < 2) {
      throw new IOException("it is not s3://bucket/key");
    }
    String signed =
        first(environment, "AWS_REGION", "AWS_DEFAULT_REGION")
            .or(() -> region)
            .orElse(DEFAULT_REGION);
    Optional<String> store =
        first(environment, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL").or(() -> endpoint);
    try {
      if (store.isPresent()) {
        URI base = new URI(store.get().replaceAll("/+$", ""));
        if (base.getHost() == null) {
          throw new IOException("the store's address '" + store.get() + "' is no URI");
        }
        return new S3Address(URI.create(base + "/" + bucket + encoded(key)), signed);
      }
    } catch (URISyntaxException e) {
      throw new IOException("the store's address '" + store.get() + "' is no URI", e);
    }
    String amazon = amazon(signed);
    // A name with dots in it is no single label, which certificates are made for.
    String text =
        bucket.contains(".")
            ? "https://" + amazon + "/" + bucket + encoded(key)
            : "https://" + bucket + "." + amazon + encoded(key);
    return new S3Address(URI.create(text), signed);
  }

  /** The same object where the store says that its bucket is. */
  public S3Address in(String wanted) {
    String host = uri.getRawAuthority().replace(amazon(region), amazon(wanted));
    return new S3Address(URI.create(uri.getScheme() + "://" + host + uri.getRawPath()), wanted);
  }

  private static String amazon(String region) {
    return "s3." + region + ".amazonaws.com";
  }

  private static Optional<String> first(Map<String, String> environment, String... names) {
    for (String name : names) {
      String value = environment.get(name);
      if (value != null && !value.isBlank()) {
        return Optional.of(value.trim());
      }
    }
    return Optional.empty();
  }

  private static String encoded(String path) {
    return S3Signature.encode(path).replace("%2F", "/");
  }
}
