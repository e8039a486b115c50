package org.apache.heron.scheduler.aurora;

import java.time.Duration;

/** What came of one call of Aurora's client. */
sealed interface ClientRun {
  /** What it wrote, on standard output and standard error. */
  String out();

  String err();

  /**
   * It ended by itself.
   *
   * @param code 0 if all is well; the others are the client's own (cli/__init__.py), and 2 of its
   *     parser of arguments
   */
  record Ended(int code, String out, String err) implements ClientRun {
    boolean ok() {
      return code == 0;
    }
  }

  /** It was ended when its time was up. */
  record TimedOut(Duration limit, String out, String err) implements ClientRun {}

  /**
   * It could not be started.
   *
   * @param reason one line
   */
  record NotStarted(String reason) implements ClientRun {
    @Override
    public String out() {
      return "";
    }

    @Override
    public String err() {
      return "";
    }
  }
}
