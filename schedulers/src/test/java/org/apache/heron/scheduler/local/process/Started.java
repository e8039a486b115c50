package org.apache.heron.scheduler.local.process;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.awaitility.core.ConditionTimeoutException;

/** Processes that have become their program, however long that takes on a slow machine. */
public final class Started {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Started() {}

  /** One whose environment can be seen. */
  public static Process of(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    try {
      await().atMost(PATIENCE).until(() -> showsEnvironment(process.pid()));
      return process;
    } catch (ConditionTimeoutException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static boolean showsEnvironment(long pid) {
    return new ProcStrings().environment(pid).findAny().isPresent();
  }

  /** Whether a process has become that program. */
  static boolean is(long pid, String program) {
    return new ProcStrings().command(pid).findFirst().filter(program::equals).isPresent()
        && showsEnvironment(pid);
  }
}
