package org.apache.heron.downloader;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.heron.spi.config.Config;

/** Fetches from HDFS by Hadoop's client, {@code hadoop fs -get} or {@code hdfs dfs -get}. */
public final class HdfsDownloader implements Downloader {
  private static final String CLIENT_KEY = "heron.uploader.hdfs.client";
  private static final String CONFIG_KEY = "heron.uploader.hdfs.config.directory";
  private static final String LIMIT_KEY = "heron.uploader.hdfs.command.timeout.ms";
  private static final int MOST_OUTPUT = 1 << 20;

  private Config config = Config.of(Map.of());

  /** Created by the name in {@code heron.downloader.registry}. */
  public HdfsDownloader() {}

  @Override
  public void initialize(Config config) {
    this.config = config;
  }

  @Override
  public void download(URI uri, Path file) throws IOException, InterruptedException {
    List<String> command = command(uri, file);
    Duration limit = config.duration(LIMIT_KEY, ChronoUnit.MILLIS, Duration.ofMinutes(10));
    Path output = file.resolveSibling("hadoop.log");
    Process process = start(command, output);
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(
            "'%s' did not end within %d ms (%s)"
                .formatted(String.join(" ", command), limit.toMillis(), LIMIT_KEY));
      }
      if (process.exitValue() != 0) {
        throw new IOException(
            "'%s' ended with status %d: %s"
                .formatted(String.join(" ", command), process.exitValue(), reason(output)));
      }
      if (!Files.isRegularFile(file)) {
        throw new IOException("'" + String.join(" ", command) + "' ended well, but wrote no file");
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Files.deleteIfExists(output);
    }
  }

  private List<String> command(URI uri, Path file) {
    String client = config.optionalString(CLIENT_KEY).orElseGet(HdfsDownloader::usualClient);
    List<String> command = new ArrayList<>(List.of(client));
    config
        .optionalPath(CONFIG_KEY)
        .filter(Files::isDirectory)
        .ifPresent(directory -> command.addAll(List.of("--config", directory.toString())));
    command.add(Path.of(client).endsWith("hdfs") ? "dfs" : "fs");
    command.addAll(List.of("-get", uri.toString(), file.toString()));
    return command;
  }

  private static String usualClient() {
    String home = System.getenv("HADOOP_HOME");
    return home == null || home.isBlank() ? "hadoop" : Path.of(home, "bin", "hadoop").toString();
  }

  private static Process start(List<String> command, Path output) throws IOException {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
          .redirectOutput(output.toFile())
          .start();
    } catch (IOException e) {
      throw new IOException(
          "Hadoop's client '%s' cannot be started: %s; install it or set HADOOP_HOME"
              .formatted(command.get(0), e.getMessage()),
          e);
    }
  }

  /** The last line that is none of a log. */
  private static String reason(Path output) throws IOException {
    byte[] said;
    try (var in = Files.newInputStream(output)) {
      said = in.readNBytes(MOST_OUTPUT);
    }
    return new String(said, StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("at "))
        .filter(line -> !line.matches("\\d{2,4}[/-]\\d{2}[/-]\\d{2} .* (INFO|WARN) .*"))
        .reduce((first, second) -> second)
        .orElse("it says nothing");
  }
}
