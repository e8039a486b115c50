package org.apache.heron.uploader.s3;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.uploader.UploadProgress;
import org.apache.heron.uploader.store.SecretFile;

/**
 * The keys of this uploader.
 *
 * @param objectKey of the package
 * @param previousKey of what it replaces
 * @param endpoint of a store other than Amazon's
 * @param partBytes size of a part, and the largest package that is sent whole
 */
record S3Settings(
    String bucket,
    String objectKey,
    String previousKey,
    Login login,
    Optional<String> region,
    Optional<URI> endpoint,
    Optional<URI> proxy,
    Download download,
    Duration presigned,
    long partBytes) {
  static final String BUCKET = "heron.uploader.s3.bucket";
  static final String PREFIX = "heron.uploader.s3.path_prefix";
  static final String ACCESS = "heron.uploader.s3.access_key";
  static final String SECRET = "heron.uploader.s3.secret_key";
  static final String SECRET_FILE = "heron.uploader.s3.secret_key.file";
  static final String PROFILE = "heron.uploader.s3.aws_profile";
  static final String REGION = "heron.uploader.s3.region";
  static final String ENDPOINT = "heron.uploader.s3.uri";
  static final String PROXY = "heron.uploader.s3.proxy_uri";
  static final String DOWNLOAD = "heron.uploader.s3.download.uri";
  static final String HOURS = "heron.uploader.s3.presigned.hours";
  static final String PART = "heron.uploader.s3.multipart.bytes";

  /** The file name of the packages that this project makes; a kill has no package at hand. */
  private static final String USUAL_NAME = "topology.tar.gz";

  private static final long LEAST_PART = 5L << 20;
  private static final long LARGEST_PART = 1L << 30;

  /** What containers fetch the package from. */
  enum Download {
    /** The object's address by http, for buckets that containers may read without credentials. */
    HTTPS,
    /** {@code s3://bucket/key}, for containers that have credentials and a client. */
    S3,
    /** An address by http with a signature, which holds for a while. */
    PRESIGNED
  }

  /** Who uploads. */
  sealed interface Login {
    /** By a pair of keys. */
    record Keys(String access, String secret) implements Login {
      @Override
      public String toString() {
        return "access key " + access;
      }
    }

    /** By a profile of the AWS configuration files. */
    record Profile(String name) implements Login {
      @Override
      public String toString() {
        return "profile '" + name + "'";
      }
    }

    /** As the environment has it: variables, files, the role of this machine. */
    record Environment() implements Login {
      @Override
      public String toString() {
        return "the credentials of the environment";
      }
    }
  }

  static S3Settings of(Config config, UploadProgress progress) {
    String bucket = plain(config, BUCKET, config.string(BUCKET));
    if (!bucket.matches("[A-Za-z0-9][A-Za-z0-9._-]{1,254}")) {
      throw config.malformed(BUCKET, bucket, "the name of a bucket");
    }
    String folder = folder(config);
    String name =
        config
            .optionalString(Key.TOPOLOGY_PACKAGE_FILE)
            .map(file -> file.substring(file.lastIndexOf('/') + 1))
            .orElse(USUAL_NAME);
    return new S3Settings(
        bucket,
        folder + name,
        folder + "previous_" + name,
        login(config, progress),
        text(config, REGION),
        text(config, ENDPOINT).map(uri -> web(config, ENDPOINT, uri)),
        text(config, PROXY).map(uri -> web(config, PROXY, uri)),
        download(config),
        presigned(config),
        partBytes(config));
  }

  /** Upstream's: {@code <prefix>/<topology>/}, without empty parts. */
  private static String folder(Config config) {
    String prefix =
        Arrays.stream(config.optionalString(PREFIX).orElse("/").trim().split("/"))
            .filter(part -> !part.isEmpty())
            .map(part -> part + "/")
            .collect(Collectors.joining());
    return prefix + config.string(Key.TOPOLOGY_NAME) + "/";
  }

  private static Login login(Config config, UploadProgress progress) {
    Optional<String> access = text(config, ACCESS);
    Optional<String> secret = text(config, SECRET);
    Optional<String> inFile = SecretFile.read(config, SECRET_FILE, progress);
    Optional<String> profile = text(config, PROFILE);
    if (secret.isPresent() && inFile.isPresent()) {
      throw config.malformed(SECRET_FILE, config.string(SECRET_FILE), "unset beside " + SECRET);
    }
    boolean keys = access.isPresent() || secret.isPresent() || inFile.isPresent();
    if (profile.isPresent()) {
      if (keys) {
        throw config.malformed(
            PROFILE, profile.get(), "unset beside " + ACCESS + " or " + SECRET + ": one of both");
      }
      return new Login.Profile(profile.get());
    }
    if (!keys) {
      return new Login.Environment();
    }
    if (access.isEmpty()) {
      throw config.malformed(ACCESS, "", "set, because a secret key is");
    }
    if (secret.isEmpty() && inFile.isEmpty()) {
      throw config.malformed(SECRET, "", "set, because " + ACCESS + " is; or " + SECRET_FILE);
    }
    if (secret.isPresent()) {
      progress.notice(
          "The secret key stands in "
              + config.sourceOf(SECRET)
              + ", which goes into every topology package; put it into a file and name that in "
              + SECRET_FILE
              + ", or use "
              + PROFILE);
    }
    return new Login.Keys(access.get(), secret.or(() -> inFile).orElseThrow());
  }

  private static Download download(Config config) {
    String text = text(config, DOWNLOAD).orElse("https");
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "https" -> Download.HTTPS;
      case "s3" -> Download.S3;
      case "presigned" -> Download.PRESIGNED;
      default -> throw config.malformed(DOWNLOAD, text, "https, s3 or presigned");
    };
  }

  private static Duration presigned(Config config) {
    long hours = config.number(HOURS, 168);
    if (hours < 1 || hours > 168) {
      throw config.malformed(HOURS, hours, "between 1 and 168: signatures hold a week at most");
    }
    return Duration.ofHours(hours);
  }

  private static long partBytes(Config config) {
    long bytes = config.bytes(PART, 8L << 20);
    if (bytes < LEAST_PART || bytes > LARGEST_PART) {
      throw config.malformed(PART, bytes, "between " + LEAST_PART + " and " + LARGEST_PART);
    }
    return bytes;
  }

  private static URI web(Config config, String key, String text) {
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Said below, without the text: a proxy's has a password in it.
    }
    throw config.malformed(key, key.equals(PROXY) ? "…" : text, "like http://host:port");
  }

  private static Optional<String> text(Config config, String key) {
    return config
        .optionalString(key)
        .map(String::trim)
        .filter(text -> !text.isEmpty())
        .map(text -> plain(config, key, text));
  }

  /** As the file is shipped, with {@code <s3_bucket>} and the like in it. */
  private static String plain(Config config, String key, String text) {
    String trimmed = text.trim();
    if (trimmed.startsWith("<") && trimmed.endsWith(">")) {
      throw config.malformed(key, trimmed, "set: the file has an example there");
    }
    return trimmed;
  }
}
