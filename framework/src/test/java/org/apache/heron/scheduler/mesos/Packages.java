package org.apache.heron.scheduler.mesos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Makes the packages that containers fetch, small enough for tests. */
final class Packages {
  /** Ends in order on SIGTERM, as an executor does. */
  static final String EXECUTOR =
      """
      #!/bin/sh
      echo "$@" > arguments
      trap 'exit 0' TERM
      while true; do sleep 0.2; done
      """;

  private Packages() {}

  /** A core package whose executor is that script. */
  static Path core(Path directory, String executor) throws IOException {
    return archive(
        directory.resolve("heron-core.tar.gz"), Map.of("heron-core/bin/heron-executor", executor));
  }

  /** A gzipped tar of executable files. */
  static Path archive(Path file, Map<String, String> contents) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(out))) {
      for (Map.Entry<String, String> content : contents.entrySet()) {
        add(tar, content.getKey(), content.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return file;
  }

  static void add(TarArchiveOutputStream tar, String name, byte[] bytes) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(bytes.length);
    entry.setMode(0100755);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }
}
