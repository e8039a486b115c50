package org.apache.heron.minicluster.agent.fetcher;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Where a URI's bytes come from, decided from its text as Mesos' fetcher does. */
sealed interface Source {
  /** A file of this machine. */
  record LocalFile(Path path) implements Source {}

  /** Something on a web server. */
  record Web(URI uri) implements Source {}

  /** Something that the Hadoop client knows how to get: hdfs, s3, … */
  record Hadoop(String uri) implements Source {}

  /**
   * Reads a URI.
   *
   * @throws FetchException if it is none that can be fetched; the message holds it
   */
  static Source parse(String text) throws FetchException {
    if (text.isBlank()) {
      throw new FetchException("the URI is empty");
    }
    if (text.indexOf('\'') >= 0 || text.indexOf('\\') >= 0) {
      throw new FetchException("Illegal characters in URI");
    }
    int colon = text.indexOf("://");
    if (colon < 0) {
      return localFile(text, text);
    }
    String scheme = text.substring(0, colon).toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "file" -> {
        String rest = text.substring(colon + 3);
        if (rest.startsWith("localhost/")) {
          rest = rest.substring("localhost".length());
        }
        yield localFile(rest, text);
      }
      case "http", "https" -> web(text);
      case "ftp", "ftps" ->
          throw new FetchException(
              "'" + text + "': this agent does not fetch by " + scheme + "; use http or https");
      default -> new Hadoop(text);
    };
  }

  private static Source localFile(String path, String text) throws FetchException {
    if (!path.startsWith("/")) {
      throw new FetchException(
          "'" + text + "' is a relative path; name the file by its absolute path or by a URI");
    }
    try {
      return new LocalFile(Path.of(path));
    } catch (InvalidPathException e) {
      throw new FetchException("'" + text + "' is no path: " + e.getReason(), e);
    }
  }

  private static Source web(String text) throws FetchException {
    try {
      URI uri = new URI(text);
      if (uri.getHost() == null) {
        throw new FetchException("'" + text + "' names no host");
      }
      return new Web(uri);
    } catch (URISyntaxException e) {
      throw new FetchException("'" + text + "' is no URI: " + e.getReason(), e);
    }
  }

  /** The name that what is fetched gets if none is asked for: the URI's last part. */
  static String baseName(String uri) throws FetchException {
    int colon = uri.indexOf("://");
    String path = uri;
    if (colon >= 0) {
      int slash = uri.indexOf('/', colon + 3);
      path = slash < 0 ? "" : uri.substring(slash);
    }
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0) {
      throw new FetchException("'" + uri + "' names no file; give it an output_file");
    }
    return name;
  }

  /**
   * The file in the sandbox that a URI with that {@code output_file} becomes.
   *
   * @throws FetchException if it would be outside
   */
  static Path inside(Path sandbox, String name) throws FetchException {
    Path resolved;
    try {
      resolved = sandbox.resolve(name).normalize();
    } catch (InvalidPathException e) {
      throw new FetchException("'" + name + "' is no file name: " + e.getReason(), e);
    }
    if (Path.of(name).isAbsolute() || !resolved.startsWith(sandbox) || resolved.equals(sandbox)) {
      throw new FetchException("'" + name + "' is outside the sandbox");
    }
    return resolved;
  }

  /** The text that a cache entry is kept under: a user must not read what another fetched. */
  static String cacheKey(Optional<String> user, String uri) {
    return user.orElse("") + '\n' + uri;
  }
}
