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
 * @param hasEnvironment false if it was started without any, is the kernel's or has ended; true
 *     also while it becomes another program, and cannot show its environment for that moment
 */
record ProcStat(char state, long session, boolean hasEnvironment) {
  // Counted from the field after the name, which is the third.
  private static final int STATE = 0;
  private static final int SESSION = 3;
  private static final int MEMORY = 20;
  private static final int CODE_BEGIN = 23;
  private static final int ENVIRONMENT_BEGIN = 47;
  private static final int ENVIRONMENT_END = 48;

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
      return Optional.of(
          new ProcStat(
              fields[STATE].charAt(0), Long.parseLong(fields[SESSION]), hasEnvironment(fields)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static boolean hasEnvironment(String[] fields) {
    boolean hasMemory = !field(fields, MEMORY).equals("0");
    // The kernel says where the code is last: until then the environment may be of any length.
    boolean isLaidOut = !field(fields, CODE_BEGIN).equals("0");
    boolean isEmpty = field(fields, ENVIRONMENT_BEGIN).equals(field(fields, ENVIRONMENT_END));
    return hasMemory && !(isLaidOut && isEmpty);
  }

  private static String field(String[] fields, int index) {
    return index < fields.length ? fields[index] : "0";
  }

  boolean isZombie() {
    return state == 'Z';
  }
}
