package org.apache.heron.scheduler.local.process;

import java.util.Optional;
import org.apache.heron.scheduler.local.core.ProcessMark;
import org.apache.heron.spi.process.LivingProcess;

/** Tells processes apart, also after a process id was given anew or the clock was set. */
public final class Marks {
  private Marks() {}

  /** The mark of a process that has just been started. */
  public static ProcessMark of(ProcessHandle handle) {
    return new ProcessMark(handle.pid(), LivingProcess.birth(handle));
  }

  /** The process, if it lives. */
  public static Optional<ProcessHandle> find(ProcessMark mark) {
    return LivingProcess.find(mark.pid(), mark.birth());
  }

  /** True if the process lives. */
  public static boolean isAlive(ProcessMark mark) {
    return find(mark).isPresent();
  }

  /** True if the process has ended, its parent knows it, and another has its id now. */
  static boolean isReused(ProcessMark mark) {
    return ProcessHandle.of(mark.pid())
        .filter(handle -> !LivingProcess.birth(handle).equals(mark.birth()))
        .isPresent();
  }
}
