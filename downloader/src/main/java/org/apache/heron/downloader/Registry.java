package org.apache.heron.downloader;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;

/**
 * Which class fetches which URI schemes: what {@code heron.downloader.registry} says, and this
 * project's own for the schemes that it leaves out.
 */
final class Registry {
  private static final Map<String, String> OWN =
      Map.of(
          "file", FileDownloader.class.getName(),
          "http", HttpDownloader.class.getName(),
          "https", HttpDownloader.class.getName(),
          "hdfs", HdfsDownloader.class.getName(),
          "s3", S3Downloader.class.getName(),
          "s3a", S3Downloader.class.getName());

  private final Config config;

  Registry(Config config) {
    this.config = config;
  }

  /**
   * A downloader for the scheme.
   *
   * @throws IOException if there is none, or its class is none
   */
  Downloader downloader(String scheme) throws IOException {
    Map<String, String> classes = classes();
    String className = classes.get(scheme.toLowerCase(Locale.ROOT));
    if (className == null) {
      throw new IOException(
          "nothing is known of the scheme '%s'; known are %s"
              .formatted(scheme, String.join(", ", classes.keySet())));
    }
    Downloader downloader = create(scheme, className);
    downloader.initialize(config);
    return downloader;
  }

  private Map<String, String> classes() {
    Map<String, String> classes = new TreeMap<>(OWN);
    Optional<Object> configured = config.get(Key.DOWNLOADER_PROTOCOLS);
    if (configured.isPresent()) {
      if (!(configured.get() instanceof Map<?, ?> map)) {
        throw config.malformed(
            Key.DOWNLOADER_PROTOCOLS.text(), configured.get(), "a map of scheme to class");
      }
      map.forEach((key, value) -> classes.put(String.valueOf(key), String.valueOf(value)));
    }
    return classes;
  }

  private static Downloader create(String scheme, String className) throws IOException {
    try {
      // Names of upstream's first years.
      String current = className.replaceFirst("^com\\.twitter\\.heron\\.", "org.apache.heron.");
      return Class.forName(current)
          .asSubclass(Downloader.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new IOException(
          "the class '%s' of scheme '%s' (%s) cannot be used: %s"
              .formatted(className, scheme, Key.DOWNLOADER_PROTOCOLS.text(), e),
          e);
    }
  }
}
