package org.apache.heron.service.launch;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.heron.spi.scheduler.SchedulerException;

/** Opens a package, as far as this host can without other programs. */
public final class PackageSource {
  private static final int CONNECT_MILLIS = 10_000;
  private static final int READ_MILLIS = 30_000;

  private PackageSource() {}

  /**
   * Opens the package.
   *
   * @param what it is, for messages
   * @param remedy what to do if its scheme is none that can be read here
   * @throws SchedulerException if it is none
   */
  public static InputStream open(String uri, String what, String remedy) throws IOException {
    if (uri.startsWith("/")) {
      return Files.newInputStream(Path.of(uri));
    }
    URI parsed;
    try {
      parsed = URI.create(uri);
    } catch (IllegalArgumentException e) {
      throw new SchedulerException(what + "'s URI '" + uri + "' is malformed", e);
    }
    String scheme = parsed.getScheme() == null ? "" : parsed.getScheme();
    return switch (scheme) {
      case "file" -> Files.newInputStream(Path.of(parsed.getPath()));
      case "http", "https" -> download(parsed);
      default ->
          throw new SchedulerException(
              what + " is at " + uri + ", which cannot be read here; " + remedy);
    };
  }

  private static InputStream download(URI uri) throws IOException {
    URLConnection connection = uri.toURL().openConnection();
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    return connection.getInputStream();
  }
}
