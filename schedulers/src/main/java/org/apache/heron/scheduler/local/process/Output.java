package org.apache.heron.scheduler.local.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The file that a container's processes write their output to, one after the other. It is put aside
 * when it has become long, and once more only the last is kept.
 */
final class Output {
  private static final long LONGEST = 10L << 20;
  private static final int LAST_BYTES = 8_192;

  private final Path file;

  Output(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  /** To be called before a process is started. */
  void turnOver() throws IOException {
    if (Files.exists(file) && Files.size(file) > LONGEST) {
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".1"),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Where the next process' output begins. */
  long length() {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** The last lines that are not blank, from there on; empty if there are none. */
  List<String> lines(long from) {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      long begin = Math.max(from, open.length() - LAST_BYTES);
      if (begin >= open.length()) {
        return List.of();
      }
      byte[] bytes = new byte[(int) (open.length() - begin)];
      open.seek(begin);
      open.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .toList();
    } catch (IOException e) {
      // It is only for the user's information; that there is none is said by its absence.
      return List.of();
    }
  }
}
