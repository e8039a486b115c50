package org.apache.heron.minicluster.agent.process;

import java.util.Map;
import java.util.Optional;

/**
 * How a command ended.
 *
 * @param signal true if a signal ended it; {@code value} is then the signal's number
 * @param value the exit status or the signal
 */
public record ExitStatus(boolean signal, int value) {
  private static final int SIGNALLED = 128;
  private static final int LAST_SIGNAL = 64;
  private static final int SIGINT = 2;
  private static final int SIGPIPE = 13;

  /** What strsignal(3) says on Linux; Mesos' messages hold these words. */
  private static final Map<Integer, String> SIGNAL_NAMES =
      Map.ofEntries(
          Map.entry(1, "Hangup"),
          Map.entry(2, "Interrupt"),
          Map.entry(3, "Quit"),
          Map.entry(4, "Illegal instruction"),
          Map.entry(5, "Trace/breakpoint trap"),
          Map.entry(6, "Aborted"),
          Map.entry(7, "Bus error"),
          Map.entry(8, "Floating point exception"),
          Map.entry(9, "Killed"),
          Map.entry(10, "User defined signal 1"),
          Map.entry(11, "Segmentation fault"),
          Map.entry(12, "User defined signal 2"),
          Map.entry(13, "Broken pipe"),
          Map.entry(14, "Alarm clock"),
          Map.entry(15, "Terminated"),
          Map.entry(16, "Stack fault"),
          Map.entry(24, "CPU time limit exceeded"),
          Map.entry(25, "File size limit exceeded"),
          Map.entry(31, "Bad system call"));

  /**
   * Reads what a shell left behind.
   *
   * @param status the shell's {@code $?}
   * @param remarks what it wrote on its own standard error: it names the signal that ended a
   *     command, which tells {@code kill -TERM} from {@code exit 143}; of SIGINT and SIGPIPE shells
   *     say nothing
   * @return empty if the status is no number
   */
  static Optional<ExitStatus> of(String status, String remarks) {
    int code;
    try {
      code = Integer.parseInt(status.trim());
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
    int number = code - SIGNALLED;
    boolean signal =
        number > 0
            && number <= LAST_SIGNAL
            && (!remarks.isBlank() || number == SIGINT || number == SIGPIPE);
    return Optional.of(signal ? new ExitStatus(true, number) : new ExitStatus(false, code));
  }

  /** True if it exited with status 0. */
  public boolean succeeded() {
    return !signal && value == 0;
  }

  /** Mesos' words (recordings task-failures, subscribe-and-finish). */
  public String message() {
    return signal
        ? "Command terminated with signal "
            + SIGNAL_NAMES.getOrDefault(value, "Unknown signal " + value)
        : "Command exited with status " + value;
  }
}
