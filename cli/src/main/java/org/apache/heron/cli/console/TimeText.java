package org.apache.heron.cli.console;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** Times and durations for people. */
public final class TimeText {
  private TimeText() {}

  /** {@code 2026-03-01 12:03:04} in this host's time zone; empty for 0. */
  public static String at(long millis) {
    if (millis == 0) {
      return "";
    }
    ZonedDateTime time = Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault());
    return LogTime.text(time).substring(0, 19);
  }

  /** The two largest units: {@code 2 min 10 s}, {@code 3 h 0 min}, {@code 4 d 2 h}. */
  public static String span(Duration span) {
    long seconds = Math.max(0, span.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3_600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    if (seconds < 86_400) {
      return seconds / 3_600 + " h " + seconds % 3_600 / 60 + " min";
    }
    return seconds / 86_400 + " d " + seconds % 86_400 / 3_600 + " h";
  }
}
