package org.apache.heron.scheduler.local.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What Linux tells of this process in {@code /proc/self/status}, see proc(5).
 *
 * @param user number of the user as whom it may look at files and at other processes, see
 *     ptrace(2); unsigned
 */
record ProcStatus(int user) {
  private static final Path FILE = Path.of("/proc/self/status");
  private static final String USERS = "Uid:";

  /** The real, the effective and the saved one come before. */
  private static final int OF_FILES = 3;

  /** Empty if the system is not Linux. */
  static Optional<ProcStatus> read() {
    try {
      return parse(Files.readString(FILE, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static Optional<ProcStatus> parse(String text) {
    return text.lines().filter(line -> line.startsWith(USERS)).findFirst().flatMap(ProcStatus::of);
  }

  private static Optional<ProcStatus> of(String line) {
    String[] users = line.substring(USERS.length()).strip().split("\\s+");
    if (users.length <= OF_FILES) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ProcStatus(Integer.parseUnsignedInt(users[OF_FILES])));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Whether this process sees the environments of a user's: root sees all. */
  boolean sees(int other) {
    return user == 0 || user == other;
  }
}
