package org.apache.heron.spi.diagnosis;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * How far this host's clock is from another's, as the {@code Date} of an HTTP answer tells: whole
 * seconds, somewhere between request and answer.
 */
public final class ClockDifference {
  private static final String CHECK = "clock";

  /** Above this, times in logs and histories do not go together any more. */
  private static final Duration TOLERATED = Duration.ofSeconds(5);

  private ClockDifference() {}

  /**
   * Judges it.
   *
   * @param whose {@code the master 10.0.0.1:5050}
   * @param date the header's value, if there was one
   * @param sent when the request was sent, by this host's clock
   * @param received when the answer came
   */
  public static Finding judge(String whose, Optional<String> date, Instant sent, Instant received) {
    Optional<Instant> there = date.flatMap(ClockDifference::parse);
    if (there.isEmpty()) {
      return Finding.skipped(CHECK, whose + " does not tell its time");
    }
    Duration difference = difference(there.get(), sent, received);
    String text =
        "this host's clock and that of "
            + whose
            + " differ by "
            + (difference.toSeconds() == 0 ? "less than a second" : difference.toSeconds() + " s");
    return difference.compareTo(TOLERATED) <= 0
        ? Finding.ok(CHECK, text)
        : Finding.warning(CHECK, text, "run NTP on all hosts of the cluster and on this one");
  }

  /** The least difference that explains the header, which is cut to whole seconds. */
  private static Duration difference(Instant there, Instant sent, Instant received) {
    Instant latest = there.plusSeconds(1);
    if (latest.isBefore(sent)) {
      return Duration.between(latest, sent);
    }
    return there.isAfter(received) ? Duration.between(received, there) : Duration.ZERO;
  }

  private static Optional<Instant> parse(String date) {
    try {
      return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
