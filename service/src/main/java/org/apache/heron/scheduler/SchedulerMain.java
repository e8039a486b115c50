package org.apache.heron.scheduler;

import java.nio.file.Path;
import org.apache.heron.service.arguments.SchedulerArguments;
import org.apache.heron.service.process.SchedulerProcess;

/**
 * The process that schedules one topology. Its working directory holds the unpacked topology
 * package. Exit code 0 after a kill or {@code --help}, 1 when it cannot start or go on, 2 for wrong
 * arguments; what is wrong is the last line on stderr.
 */
public final class SchedulerMain {
  private SchedulerMain() {}

  /** Runs until the topology is killed. */
  public static void main(String[] args) {
    int code = run(args);
    // Libraries' threads must not keep a process alive whose work is done.
    System.exit(code);
  }

  private static int run(String[] args) {
    SchedulerArguments arguments;
    try {
      arguments = SchedulerArguments.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(SchedulerArguments.USAGE);
      // Last, because that is the line that a launcher shows.
      System.err.println("the scheduler's arguments are wrong: " + e.getMessage());
      return 2;
    }
    if (arguments.help()) {
      System.out.println(SchedulerArguments.USAGE);
      return 0;
    }
    return new SchedulerProcess(arguments, Path.of("").toAbsolutePath()).run();
  }
}
