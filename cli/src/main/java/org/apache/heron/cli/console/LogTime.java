package org.apache.heron.cli.console;

import java.time.ZonedDateTime;

/**
 * {@code YYYY-mm-dd HH:MM:SS +ZZZZ}; by hand, because a formatter's classes take longer to load.
 */
final class LogTime {
  private LogTime() {}

  static String text(ZonedDateTime time) {
    StringBuilder text = new StringBuilder(25);
    text.append(time.getYear()).append('-');
    two(text, time.getMonthValue()).append('-');
    two(text, time.getDayOfMonth()).append(' ');
    two(text, time.getHour()).append(':');
    two(text, time.getMinute()).append(':');
    two(text, time.getSecond()).append(' ');
    int minutes = time.getOffset().getTotalSeconds() / 60;
    text.append(minutes < 0 ? '-' : '+');
    two(text, Math.abs(minutes) / 60);
    return two(text, Math.abs(minutes) % 60).toString();
  }

  private static StringBuilder two(StringBuilder text, int number) {
    return text.append(number < 10 ? "0" : "").append(number);
  }
}
