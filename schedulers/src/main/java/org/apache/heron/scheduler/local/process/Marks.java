package org.apache.heron.scheduler.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.apache.heron.scheduler.local.core.ProcessMark;
import org.apache.heron.service.launch.Background;

/** Tells processes apart, also after a process id was given anew or the clock was set. */
public final class Marks {
  /** Another one after each start of the machine. */
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private Marks() {}

  /** The mark of a process that has just been started. */
  public static ProcessMark of(ProcessHandle handle) {
    return new ProcessMark(handle.pid(), birth(handle));
  }

  /** The process, if it lives. */
  public static Optional<ProcessHandle> find(ProcessMark mark) {
    return ProcessHandle.of(mark.pid())
        .filter(Background::isAlive)
        .filter(handle -> birth(handle).equals(mark.birth()));
  }

  /** True if the process lives. */
  public static boolean isAlive(ProcessMark mark) {
    return find(mark).isPresent();
  }

  /** True if the process has ended, its parent knows it, and another has its id now. */
  static boolean isReused(ProcessMark mark) {
    return ProcessHandle.of(mark.pid())
        .filter(handle -> !birth(handle).equals(mark.birth()))
        .isPresent();
  }

  private static String birth(ProcessHandle handle) {
    return ProcStat.of(handle.pid())
        .map(stat -> bootId() + ":" + stat.startTicks())
        .orElseGet(() -> handle.info().startInstant().map(Instant::toString).orElse("unknown"));
  }

  private static String bootId() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
