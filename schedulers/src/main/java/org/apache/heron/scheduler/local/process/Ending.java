package org.apache.heron.scheduler.local.process;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How a process has ended.
 *
 * @param reason one line
 * @param portTaken true if it could not have one of its ports
 */
record Ending(String reason, boolean portTaken) {
  private static final int SIGNALS = 128;
  private static final Map<Integer, String> NAMES =
      Map.of(
          1, "SIGHUP", 2, "SIGINT", 3, "SIGQUIT", 6, "SIGABRT", 7, "SIGBUS", 9, "SIGKILL", 11,
          "SIGSEGV", 15, "SIGTERM");

  /** What the executor's web shell ends it with. */
  private static final int BY_SHELL = 15;

  /** The JDK's and Python's words for EADDRINUSE. */
  private static final String TAKEN = "Address already in use";

  /**
   * @param exit its exit code, or 128 and its signal; empty if it was another scheduler's child
   * @param lines the last of its output
   */
  static Ending of(OptionalInt exit, List<String> lines) {
    String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    String how =
        exit.isEmpty()
            ? "ended; how is not known, since an earlier scheduler had started it"
            : describe(exit.getAsInt());
    boolean taken = lines.stream().anyMatch(line -> line.contains(TAKEN));
    return new Ending(last.isEmpty() ? how : how + ": " + last, taken);
  }

  private static String describe(int exit) {
    if (exit == BY_SHELL) {
      return "ended by its web shell";
    }
    if (exit <= SIGNALS) {
      return "ended with exit code " + exit;
    }
    int signal = exit - SIGNALS;
    return "ended by signal "
        + signal
        + (NAMES.containsKey(signal) ? " (" + NAMES.get(signal) + ")" : "");
  }
}
