package org.apache.heron.minicluster.agent.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * The machine's processes: from {@code /proc} where there is one, else what the JDK knows (which
 * has no sessions and no environments). Thread-safe.
 */
final class ProcessTable {
  private static final Path PROC = Path.of("/proc");
  private static final boolean HAS_PROC = Files.isReadable(PROC.resolve("self/stat"));

  private ProcessTable() {}

  /** All processes that live now, in no order. */
  static List<ProcessRow> read() {
    List<ProcessRow> rows = new ArrayList<>();
    if (!HAS_PROC) {
      ProcessHandle.allProcesses().forEach(handle -> rows.add(row(handle)));
      return rows;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path entry : entries) {
        stat(entry).ifPresent(rows::add);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("cannot list " + PROC, e);
    }
    return rows;
  }

  /** The process of that id, if there is one (a zombie counts). */
  static Optional<ProcessRow> find(long pid) {
    return HAS_PROC
        ? stat(PROC.resolve(Long.toString(pid)))
        : ProcessHandle.of(pid).map(ProcessTable::row);
  }

  /**
   * Tells whether a process was started with a {@code NAME=value}; each environment is read once,
   * so one teller serves many questions about one moment. For one thread.
   */
  static BiPredicate<Long, String> environments() {
    Map<Long, String> read = new HashMap<>();
    return (pid, variable) -> holds(read.computeIfAbsent(pid, ProcessTable::environment), variable);
  }

  private static String environment(long pid) {
    if (!HAS_PROC) {
      return "";
    }
    // One that is gone meanwhile, or another user's, is none of ours.
    return read(PROC.resolve(pid + "/environ")).orElse("");
  }

  private static boolean holds(String environment, String variable) {
    String wanted =
        new String(variable.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    int at = environment.indexOf(wanted);
    while (at >= 0) {
      int end = at + wanted.length();
      boolean begins = at == 0 || environment.charAt(at - 1) == '\0';
      if (begins && (end == environment.length() || environment.charAt(end) == '\0')) {
        return true;
      }
      at = environment.indexOf(wanted, at + 1);
    }
    return false;
  }

  /** User and system time in seconds; empty if the process is gone or there is no {@code /proc}. */
  static Optional<double[]> cpuSeconds(long pid) {
    return read(PROC.resolve(pid + "/stat"))
        .map(stat -> stat.substring(stat.lastIndexOf(')') + 1).trim().split(" "))
        .filter(fields -> fields.length > 12)
        .map(
            fields ->
                new double[] {
                  Long.parseLong(fields[11]) / 100.0, Long.parseLong(fields[12]) / 100.0
                });
  }

  /** Resident memory in bytes; 0 if unknown. */
  static long residentBytes(long pid) {
    return read(PROC.resolve(pid + "/statm"))
        .map(statm -> statm.trim().split(" "))
        .filter(fields -> fields.length > 1)
        .map(fields -> Long.parseLong(fields[1]) * 4096)
        .orElse(0L);
  }

  private static Optional<ProcessRow> stat(Path process) {
    return read(process.resolve("stat")).flatMap(ProcessRow::parse);
  }

  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return Optional.empty(); // a process may end between listing and reading
    }
  }

  private static ProcessRow row(ProcessHandle handle) {
    return new ProcessRow(
        handle.pid(),
        handle.parent().map(ProcessHandle::pid).orElse(0L),
        -1,
        handle.info().startInstant().map(instant -> instant.toEpochMilli()).orElse(0L),
        !handle.isAlive());
  }
}
