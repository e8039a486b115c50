package org.apache.heron.client.definition;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.heron.client.ClientException;

/** Fetches a topology file that is given as a URL. */
public final class TopologyDownload {
  private static final Set<String> SCHEMES = Set.of("http", "https", "file");
  private static final Duration CONNECT = Duration.ofSeconds(15);
  private static final Duration READ = Duration.ofSeconds(60);
  private static final long MOST_BYTES = 4L << 30;

  private TopologyDownload() {}

  /** The URI that the text is, if it is one: it has a scheme. */
  public static Optional<URI> uriOf(String text) {
    if (!text.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*")) {
      return Optional.empty();
    }
    try {
      return Optional.of(new URI(text));
    } catch (URISyntaxException e) {
      throw new ClientException("Topology URL '" + text + "' is malformed: " + e.getMessage(), e);
    }
  }

  /**
   * Downloads into the directory. A gzipped archive that is a topology package (with {@code
   * heron-conf} or a definition) is opened, and the topology file in it is taken.
   *
   * @throws ClientException if it cannot be had, or is larger than 4 GiB
   */
  public static Path fetch(URI uri, Path directory) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (!SCHEMES.contains(scheme)) {
      throw new ClientException(
          "Cannot download topology '" + uri + "': only http, https and file are supported");
    }
    Path name = uri.getPath() == null ? null : Path.of(uri.getPath()).getFileName();
    if (name == null || name.toString().equals("..")) {
      throw new ClientException("Topology URL '" + uri + "' does not end in a file name");
    }
    Path target = directory.resolve(name.toString());
    try {
      Files.createDirectories(directory);
      copy(uri, target);
      return isPackage(target) ? open(target, directory.resolve("opened")) : target;
    } catch (IOException e) {
      throw new ClientException("Cannot download topology '" + uri + "': " + e.getMessage(), e);
    }
  }

  private static void copy(URI uri, Path target) throws IOException {
    URLConnection connection = uri.toURL().openConnection();
    connection.setConnectTimeout((int) CONNECT.toMillis());
    connection.setReadTimeout((int) READ.toMillis());
    if (connection instanceof HttpURLConnection http && http.getResponseCode() != 200) {
      http.disconnect();
      throw new IOException("the server answers " + http.getResponseCode());
    }
    try (InputStream in = connection.getInputStream();
        OutputStream out = Files.newOutputStream(target)) {
      byte[] buffer = new byte[1 << 16];
      long bytes = 0;
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        bytes += n;
        if (bytes > MOST_BYTES) {
          throw new IOException("it is larger than " + MOST_BYTES + " bytes");
        }
        out.write(buffer, 0, n);
      }
    }
  }

  private static boolean isPackage(Path file) {
    if (!file.toString().endsWith(".tar.gz")) {
      return false;
    }
    return TarListing.names(file).anyMatch(TopologyDownload::marksPackage);
  }

  private static boolean marksPackage(String name) {
    String plain = name.startsWith("./") ? name.substring(2) : name;
    return plain.startsWith("heron-conf/") || (plain.endsWith(".defn") && !plain.contains("/"));
  }

  private static Path open(Path file, Path directory) throws IOException {
    Files.createDirectories(directory);
    TarExtractor.extract(file, true, directory);
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(path -> path.toString().matches(".*\\.(jar|tar|tar\\.gz|tgz|pex|dylib|so)"))
          .sorted()
          .findFirst()
          .orElseThrow(
              () -> new IOException("the package holds no .jar .tar .tar.gz .pex .dylib .so file"));
    }
  }
}
