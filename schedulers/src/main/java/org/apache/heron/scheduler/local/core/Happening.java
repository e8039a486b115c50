package org.apache.heron.scheduler.local.core;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One thing that has happened to a container.
 *
 * @param at in whole milliseconds
 * @param attempt of the container that it is about
 * @param text for people, one line of at most {@value #LONGEST_TEXT} characters; may be empty
 */
public record Happening(Instant at, Kind kind, int attempt, String text) {
  private static final int LONGEST_TEXT = 240;

  /** What happened, in the words of the history of other schedulers. */
  public enum Kind {
    /** A process was started. */
    LAUNCHED,
    /** The process answered. */
    RUNNING,
    /** The process ended, or could not be started, and nobody had asked for it. */
    FAILED,
    /** The process ended because it was asked to. */
    ENDED,
    /** The process was asked to end. */
    KILLING,
    /** A scheduler that was started anew found the process running. */
    TOOK_OVER
  }

  public Happening {
    at = at.truncatedTo(ChronoUnit.MILLIS);
    text = line(text);
  }

  /** The text in one line, cut to a bounded length. */
  static String line(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= LONGEST_TEXT ? line : line.substring(0, LONGEST_TEXT - 1) + "…";
  }
}
