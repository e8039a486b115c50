package org.apache.heron.cli.console;

import java.io.PrintWriter;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.apache.heron.client.progress.Progress;

/**
 * Standard output and error of one command. Log lines have upstream's form, {@code [date time zone]
 * [LEVEL]: message}; on a terminal the present stage is one line that is written over. Thread-safe.
 */
public final class Console implements Progress {
  private static final String CLEAR_LINE = "\r\u001b[K";
  private static final String RESET = "\u001b[0m";

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean terminal;
  private final boolean verbose;
  private String stage = "";
  private boolean stageShown;

  /**
   * @param terminal true if a person looks at standard error
   * @param verbose true if stages and stack traces are wanted in full
   */
  public Console(PrintWriter out, PrintWriter err, boolean terminal, boolean verbose) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.verbose = verbose;
  }

  @Override
  public synchronized void stage(String text) {
    if (text.isEmpty()) {
      clearStage();
    }
    if (text.equals(stage)) {
      return;
    }
    stage = text;
    if (terminal) {
      err.print(CLEAR_LINE + text);
      err.flush();
      stageShown = true;
    } else {
      log("INFO", "", text);
    }
  }

  /** Ends the line of the present stage. */
  public synchronized void clearStage() {
    if (stageShown) {
      err.print(CLEAR_LINE);
      err.flush();
      stageShown = false;
    }
    stage = "";
  }

  @Override
  public synchronized void info(String line) {
    log("INFO", "\u001b[32m", line);
  }

  @Override
  public synchronized void warn(String line) {
    log("WARN", "\u001b[33m", line);
  }

  /** Why the command failed. */
  public synchronized void error(String line) {
    log("ERROR", "\u001b[31m", line);
  }

  @Override
  public synchronized void programOutput(String line) {
    log("INFO", "\u001b[32m", line);
  }

  @Override
  public synchronized void programError(String line) {
    hideStage();
    err.println(line);
    showStage();
  }

  /** The stack trace, if it is wanted. */
  public synchronized void trace(Throwable thrown) {
    if (verbose) {
      hideStage();
      thrown.printStackTrace(err);
      err.flush();
    }
  }

  /** A result: to standard output, without any decoration. */
  public synchronized void result(String text) {
    hideStage();
    out.println(text);
    out.flush();
  }

  private void log(String level, String color, String message) {
    hideStage();
    String shown =
        terminal && !color.isEmpty() ? color + "[" + level + "]" + RESET : "[" + level + "]";
    err.println(
        "["
            + LogTime.text(ZonedDateTime.now(ZoneId.systemDefault()))
            + "] "
            + shown
            + ": "
            + message);
    err.flush();
    showStage();
  }

  private void hideStage() {
    if (stageShown) {
      err.print(CLEAR_LINE);
    }
  }

  private void showStage() {
    if (stageShown) {
      err.print(stage);
      err.flush();
    }
  }
}
