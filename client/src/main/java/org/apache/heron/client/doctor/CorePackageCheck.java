package org.apache.heron.client.doctor;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.diagnosis.Finding;

/** Whether the package that containers run from can be read from here, and is one. */
final class CorePackageCheck {
  private static final String CHECK = "core package";
  private static final String EXECUTOR = "heron-core/bin/heron-executor";
  private static final int LIMIT_MILLIS = 10_000;

  private CorePackageCheck() {}

  static Finding run(Config local) {
    String uri = local.string(Key.CORE_PACKAGE_URI);
    String remedy =
        "have "
            + Key.CORE_PACKAGE_URI.text()
            + " (from "
            + local.sourceOf(Key.CORE_PACKAGE_URI)
            + ") name a heron-core.tar.gz";
    try {
      int colon = uri.indexOf("://");
      String scheme = colon < 0 ? "file" : uri.substring(0, colon).toLowerCase(Locale.ROOT);
      return switch (scheme) {
        case "file" -> file(Path.of(colon < 0 ? uri : uri.substring(colon + 3)), remedy);
        case "http", "https" -> http(URI.create(uri), remedy);
        default ->
            Finding.skipped(
                CHECK,
                uri
                    + " cannot be read by this command; see what fetches it with --fetch, where"
                    + " the scheduler is Mesos");
      };
    } catch (IOException | IllegalArgumentException e) {
      return Finding.failed(CHECK, uri + " cannot be read: " + e, remedy);
    }
  }

  private static Finding file(Path file, String remedy) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Finding.failed(CHECK, file + " does not exist", remedy);
    }
    long megabytes = Files.size(file) >> 20;
    return holdsExecutor(file)
        ? Finding.ok(
            CHECK, file + ", " + megabytes + " MB; hosts of containers need it at the same path")
        : Finding.failed(CHECK, file + " holds no " + EXECUTOR, remedy);
  }

  private static boolean holdsExecutor(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
        TarArchiveInputStream tar = new TarArchiveInputStream(new GzipCompressorInputStream(in))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getName().replaceFirst("^\\./", "").equals(EXECUTOR)) {
          return true;
        }
      }
      return false;
    }
  }

  private static Finding http(URI uri, String remedy) throws IOException {
    Answer answer = ask("HEAD", uri);
    if (answer.status() != 200) {
      // A signed link is for GET alone, and some servers know nothing else.
      answer = ask("GET", uri);
    }
    String shown = uri.toString().replaceFirst("\\?.*", "?…").replaceFirst("//[^/@]*@", "//…@");
    return answer.status() == 200
        ? Finding.ok(
            CHECK, shown + (answer.bytes() < 0 ? "" : ", " + (answer.bytes() >> 20) + " MB"))
        : Finding.failed(CHECK, shown + " answers with " + answer.status(), remedy);
  }

  /**
   * What a server says of a file.
   *
   * @param bytes its size; negative if that is not said
   */
  private record Answer(int status, long bytes) {}

  private static Answer ask(String method, URI uri) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setConnectTimeout(LIMIT_MILLIS);
    connection.setReadTimeout(LIMIT_MILLIS);
    connection.setRequestMethod(method);
    try {
      return new Answer(connection.getResponseCode(), connection.getContentLengthLong());
    } finally {
      // Ends the connection instead of reading the rest.
      connection.disconnect();
    }
  }
}
