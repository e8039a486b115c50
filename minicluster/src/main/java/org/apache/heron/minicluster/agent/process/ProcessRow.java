package org.apache.heron.minicluster.agent.process;

import java.util.Optional;

/**
 * A line of the kernel's process table.
 *
 * @param start when it was started, in the kernel's ticks since boot: with the pid it names one
 *     process for as long as the machine is up
 * @param zombie dead, and not yet waited for
 */
record ProcessRow(long pid, long parent, long session, long start, boolean zombie) {

  /** Reads the text of {@code /proc/<pid>/stat} (proc(5)); empty if it is not of that form. */
  static Optional<ProcessRow> parse(String stat) {
    // The second field is the program's name in brackets and may itself hold spaces and brackets.
    int nameEnds = stat.lastIndexOf(')');
    int nameBegins = stat.indexOf(' ');
    if (nameBegins < 1 || nameEnds < nameBegins) {
      return Optional.empty();
    }
    String[] fields = stat.substring(nameEnds + 1).trim().split(" ");
    if (fields.length < 20) {
      return Optional.empty();
    }
    try {
      boolean zombie = fields[0].equals("Z") || fields[0].equals("X");
      return Optional.of(
          new ProcessRow(
              Long.parseLong(stat.substring(0, nameBegins)),
              Long.parseLong(fields[1]),
              Long.parseLong(fields[3]),
              Long.parseLong(fields[19]),
              zombie));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
