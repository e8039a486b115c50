package org.apache.heron.scheduler.local.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What Linux tells of a process in {@code /proc/<pid>/stat}, see proc(5).
 *
 * @param state one letter; Z for one that has ended and that its parent has not asked for
 * @param session id of the process that began its session
 */
record ProcStat(char state, long session) {
  // Counted from the field after the name, which is the third.
  private static final int STATE = 0;
  private static final int SESSION = 3;

  /** Empty if there is no such process, or the system is not Linux. */
  static Optional<ProcStat> of(long pid) {
    try {
      Path file = Path.of("/proc", Long.toString(pid), "stat");
      return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The name, in parentheses, may hold anything. */
  static Optional<ProcStat> parse(String line) {
    String[] fields = line.substring(line.lastIndexOf(')') + 1).strip().split(" ");
    if (fields.length <= SESSION || fields[STATE].length() != 1) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ProcStat(fields[STATE].charAt(0), Long.parseLong(fields[SESSION])));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  boolean isZombie() {
    return state == 'Z';
  }
}
