package org.apache.heron.executor.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One entry of a directory.
 *
 * @param formatted as {@code ls -l} shows it
 */
record FileStat(String name, boolean directory, long size, String modified, String formatted) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
          .withZone(ZoneId.systemDefault());

  /** A directory's entries by name; those that vanish meanwhile are left out. */
  static List<FileStat> list(Path directory) throws IOException {
    List<FileStat> stats = new ArrayList<>();
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.sorted().toList()) {
        try {
          stats.add(of(entry));
        } catch (NoSuchFileException e) {
          // Logs roll while they are looked at.
        }
      }
    }
    return stats;
  }

  private static FileStat of(Path file) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    String modified = TIME.format(attributes.lastModifiedTime().toInstant());
    String kind = attributes.isDirectory() ? "d" : attributes.isSymbolicLink() ? "l" : "-";
    String formatted =
        String.format(
            Locale.ROOT,
            "%s%s %8s %8s %12d %s %s",
            kind,
            PosixFilePermissions.toString(attributes.permissions()),
            attributes.owner().getName(),
            attributes.group().getName(),
            attributes.size(),
            modified,
            file.getFileName());
    return new FileStat(
        file.getFileName().toString(),
        Files.isDirectory(file),
        attributes.size(),
        modified,
        formatted);
  }
}
