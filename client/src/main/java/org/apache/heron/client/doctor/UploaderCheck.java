package org.apache.heron.client.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.plugin.Plugins;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.client.submit.TemporaryFiles;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.uploader.IUploader;
import org.apache.heron.spi.uploader.UploaderException;

/** Uploads a few bytes under a name of their own, reads them where that can be, takes them back. */
final class UploaderCheck {
  private static final String CHECK = "uploader";
  private static final Duration UNDO_PATIENCE = Duration.ofSeconds(30);
  private static final int LIMIT_MILLIS = 10_000;

  private final Settings settings;
  private final Consumer<Finding> findings;

  UploaderCheck(Settings settings, Consumer<Finding> findings) {
    this.settings = settings;
    this.findings = findings;
  }

  /**
   * Looks.
   *
   * @throws InterruptedException if the JVM is ending; what was uploaded is taken back
   */
  void run(Plugins plugins) throws InterruptedException {
    try {
      TemporaryFiles.use(
          "heron-doctor",
          UNDO_PATIENCE,
          (directory, cancellation) -> {
            run(plugins, directory);
            cancellation.check();
            return directory;
          });
    } catch (ClientException e) {
      findings.accept(Finding.failed(CHECK, e.getMessage(), "make room there"));
    }
  }

  private void run(Plugins plugins, Path directory) {
    String name = "heron-doctor-" + UUID.randomUUID();
    byte[] content = name.getBytes(StandardCharsets.UTF_8);
    try {
      Path file = Files.write(directory.resolve("heron-doctor.tar.gz"), content);
      Config config =
          settings
              .with(Key.TOPOLOGY_NAME, name)
              .with(Key.TOPOLOGY_PACKAGE_FILE, file.toString())
              .local();
      roundTrip(plugins, config, content);
    } catch (IOException e) {
      findings.accept(
          Finding.failed(
              CHECK, "no temporary file can be written: " + e, "make room in " + directory));
    } catch (UploaderException | ConfigException | ClientException e) {
      findings.accept(
          Finding.failed(
              CHECK, e.getMessage(), "correct uploader.yaml in " + settings.clusterDirectory()));
    }
  }

  private void roundTrip(Plugins plugins, Config config, byte[] content) {
    try (IUploader uploader = plugins.uploader(config)) {
      uploader.initialize(config);
      URI uri = uploader.uploadPackage();
      boolean undone = false;
      try {
        Finding read = read(uri, content);
        undone = undo(uploader);
        findings.accept(
            undone
                ? read
                : Finding.warning(
                    CHECK,
                    "uploaded to " + uri + ", but it could not be taken back",
                    "remove it by hand; see whether this user may delete there"));
      } finally {
        if (!undone) {
          undo(uploader);
        }
      }
    }
  }

  /** Taking back must not be stopped by the interrupt that began it. */
  private static boolean undo(IUploader uploader) {
    boolean interrupted = Thread.interrupted();
    try {
      return uploader.undo();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Finding read(URI uri, byte[] content) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("file") && !scheme.equals("http") && !scheme.equals("https")) {
      return Finding.ok(CHECK, "uploaded to " + uri + " and taken back; not read, being no file");
    }
    try {
      URLConnection connection = uri.toURL().openConnection();
      connection.setConnectTimeout(LIMIT_MILLIS);
      connection.setReadTimeout(LIMIT_MILLIS);
      connection.setUseCaches(false);
      try (InputStream in = connection.getInputStream()) {
        return Arrays.equals(content, in.readNBytes(content.length + 1))
            ? Finding.ok(CHECK, "uploaded to " + uri + ", read, and taken back")
            : Finding.failed(
                CHECK,
                "what was uploaded to " + uri + " is not what is read there",
                "see whether the upload's and the download's address are of the same store");
      }
    } catch (IOException e) {
      return Finding.failed(
          CHECK,
          "uploaded, but " + uri + " cannot be read: " + e,
          "have the uploader name an address that hosts of containers can read");
    }
  }
}
