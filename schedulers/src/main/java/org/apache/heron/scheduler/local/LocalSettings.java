package org.apache.heron.scheduler.local;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.apache.heron.scheduler.local.core.Timing;
import org.apache.heron.scheduler.local.process.HealthCheck;
import org.apache.heron.spi.config.Config;

/** What the local scheduler reads of the configuration. */
final class LocalSettings {
  /** Where the scheduler works, and beneath it the containers. */
  static final String WORKING_DIRECTORY_KEY = "heron.scheduler.local.working.directory";

  private static final String BACKOFF_FIRST_KEY = "heron.scheduler.local.backoff.min.ms";
  private static final String BACKOFF_LONGEST_KEY = "heron.scheduler.local.backoff.max.ms";
  private static final String BACKOFF_RESET_KEY = "heron.scheduler.local.backoff.reset.ms";
  private static final String GRACE_KEY = "heron.scheduler.local.kill.grace.ms";
  private static final String HEALTH_INTERVAL_KEY =
      "heron.scheduler.local.health.check.interval.ms";
  private static final String HEALTH_TIMEOUT_KEY = "heron.scheduler.local.health.check.timeout.ms";
  private static final String HEALTH_FAILURES_KEY = "heron.scheduler.local.health.check.failures";
  private static final int MOST_FAILURES = 10_000;

  private LocalSettings() {}

  /**
   * How long what is waited for.
   *
   * @throws org.apache.heron.spi.config.ConfigException if a value is no number of milliseconds
   */
  static Timing timing(Config config) {
    Timing usual = Timing.DEFAULT;
    return new Timing(
        millis(config, BACKOFF_FIRST_KEY, usual.backOffFirst()),
        millis(config, BACKOFF_LONGEST_KEY, usual.backOffLongest()),
        millis(config, BACKOFF_RESET_KEY, usual.settledAfter()),
        millis(config, GRACE_KEY, usual.killGrace()),
        usual.answerWithin());
  }

  /**
   * How it is looked whether containers are well.
   *
   * @throws org.apache.heron.spi.config.ConfigException if a value is no such number
   */
  static HealthCheck health(Config config) {
    HealthCheck usual = HealthCheck.DEFAULT;
    Duration timeout = millis(config, HEALTH_TIMEOUT_KEY, usual.timeout());
    if (timeout.isZero()) {
      throw config.malformed(HEALTH_TIMEOUT_KEY, 0, "more than 0");
    }
    long failures = config.number(HEALTH_FAILURES_KEY, usual.failures());
    if (failures < 1 || failures > MOST_FAILURES) {
      throw config.malformed(HEALTH_FAILURES_KEY, failures, "1 to " + MOST_FAILURES);
    }
    return new HealthCheck(
        millis(config, HEALTH_INTERVAL_KEY, usual.interval()), timeout, (int) failures);
  }

  private static Duration millis(Config config, String key, Duration whenUnset) {
    return config.duration(key, ChronoUnit.MILLIS, whenUnset);
  }
}
