package org.apache.heron.uploader.store;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.apache.heron.spi.config.Config;

/**
 * How long a store over the network is waited for.
 *
 * @param connect until it accepts a connection
 * @param silence until it says something, or takes something
 */
public record StoreTimes(Duration connect, Duration silence) {
  private static final String CONNECT_KEY = "heron.uploader.connect.timeout.ms";
  private static final String SILENCE_KEY = "heron.uploader.timeout.ms";

  /** As the configuration says. */
  public static StoreTimes of(Config config) {
    return new StoreTimes(time(config, CONNECT_KEY, 10_000), time(config, SILENCE_KEY, 60_000));
  }

  private static Duration time(Config config, String key, int usualMillis) {
    Duration time = config.duration(key, ChronoUnit.MILLIS, Duration.ofMillis(usualMillis));
    if (time.isZero() || time.compareTo(Duration.ofDays(1)) > 0) {
      throw config.malformed(key, time.toMillis(), "between 1 and 86400000");
    }
    return time;
  }

  /** What to say of a store that exceeds {@link #silence}. */
  public String silenceText() {
    return "nothing moved for " + silence.toMillis() + " ms (" + SILENCE_KEY + ")";
  }

  /** What to say of a store that exceeds {@link #connect}. */
  public String connectText() {
    return "no connection within " + connect.toMillis() + " ms (" + CONNECT_KEY + ")";
  }
}
