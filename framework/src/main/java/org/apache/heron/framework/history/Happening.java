package org.apache.heron.framework.history;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One thing that has happened to a container, or to the framework as a whole. Immutable.
 *
 * @param at in whole milliseconds
 * @param attempt of the container that it is about; 0 if about none
 * @param text for people, one line, without the kind; cut to {@value #LONGEST_TEXT} characters
 */
public record Happening(Instant at, Kind kind, int attempt, String text) {
  static final int LONGEST_TEXT = 240;

  /** Time, kind, attempt and lengths, as they lie in a record. */
  private static final int FRAME_BYTES = 20;

  /** What happened. The names are shown to users and stay as they are. */
  public enum Kind {
    /** A copy was sent to an agent. */
    LAUNCHED,
    /** The copy's command runs. */
    RUNNING,
    /** The copy is dead and has failed. */
    FAILED,
    /** The copy is dead through no fault of its own, or because it was asked to be. */
    ENDED,
    /** Mesos cannot say how the copy is. */
    UNREACHABLE,
    /** The copy was asked to die. */
    KILLING,
    /** A copy that stayed out of reach is waited for no longer. */
    GIVEN_UP,
    /** A scheduler process took over. */
    TOOK_OVER,
    /** Mesos gave the framework its id. */
    REGISTERED,
    /** A master has taken the framework with the id it had. */
    SUBSCRIBED,
    /** A master refuses the framework. */
    REFUSED,
    /** A user wants the topology killed. */
    KILL,
    /** A user wants containers restarted. */
    RESTART,
    /** A user wants another plan. */
    UPDATE,
    /** Anything else; also what a later version has written and this one has no word for. */
    NOTE
  }

  /** Cuts time and text to what is kept. */
  public Happening {
    at = at.truncatedTo(ChronoUnit.MILLIS);
    text = line(text);
  }

  private static String line(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    if (line.length() <= LONGEST_TEXT) {
      return line;
    }
    int end = LONGEST_TEXT - 1;
    return line.substring(0, Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end) + "…";
  }

  /** About how many bytes this takes on record. */
  int bytes() {
    return FRAME_BYTES + text.getBytes(StandardCharsets.UTF_8).length;
  }
}
