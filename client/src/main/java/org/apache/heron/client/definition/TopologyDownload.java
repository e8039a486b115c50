package org.apache.heron.client.definition;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.heron.client.ClientException;
import org.apache.heron.downloader.FileDownloader;
import org.apache.heron.downloader.fetch.HttpFetch;

/** Fetches a topology file that is given as a URL. */
public final class TopologyDownload {
  private static final Set<String> SCHEMES = Set.of("http", "https", "file");
  private static final HttpFetch FETCH =
      new HttpFetch(
          Duration.ofSeconds(15), Duration.ofSeconds(60), 5, Duration.ofMillis(500), 4L << 30);

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
      copy(uri, scheme, target);
      return isPackage(target) ? open(target, directory.resolve("opened")) : target;
    } catch (IOException e) {
      throw new ClientException("Cannot download topology '" + uri + "': " + e.getMessage(), e);
    }
  }

  private static void copy(URI uri, String scheme, Path target) throws IOException {
    try {
      if (scheme.equals("file")) {
        new FileDownloader().download(uri, target);
      } else {
        FETCH.fetch(uri, HttpFetch.NO_HEADERS, target);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
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
