package org.apache.heron.minicluster.agent.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Names one process for as long as the machine is up.
 *
 * @param pid the process id, which the kernel gives again some time
 * @param start its start in ticks since boot, which tells the new owner of a pid from the old
 */
public record ProcessId(long pid, long start) {
  private static final String BOOT = boot();

  private static String boot() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).trim();
    } catch (IOException e) {
      return "-"; // no Linux: there the start is a time and needs no boot beside it
    }
  }

  /** The process that has that pid now. */
  public static Optional<ProcessId> of(long pid) {
    return ProcessTable.find(pid).map(row -> new ProcessId(row.pid(), row.start()));
  }

  /** True while this very process runs; a zombie does not. */
  public boolean isAlive() {
    return ProcessTable.find(pid).filter(row -> row.start() == start && !row.zombie()).isPresent();
  }

  /** {@code pid start boot}, as {@link #parse} reads it. */
  public String text() {
    return pid + " " + start + " " + BOOT;
  }

  /**
   * Reads {@link #text}; empty if it is not of that form, or from before the machine was booted.
   */
  public static Optional<ProcessId> parse(String text) {
    String[] parts = text.trim().split(" ");
    try {
      return parts.length == 3 && parts[2].equals(BOOT)
          ? Optional.of(new ProcessId(Long.parseLong(parts[0]), Long.parseLong(parts[1])))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
