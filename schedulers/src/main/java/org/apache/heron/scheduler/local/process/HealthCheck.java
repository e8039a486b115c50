package org.apache.heron.scheduler.local.process;

import java.time.Duration;

/**
 * How it is looked whether containers are well: as on Mesos, by a GET of {@code /health} of their
 * web shells.
 *
 * @param interval between two looks; zero: nothing is looked at
 * @param timeout of one look
 * @param failures so many in a row make a container unwell; at least 1
 */
public record HealthCheck(Duration interval, Duration timeout, int failures) {
  /** As for Mesos unless configured. */
  public static final HealthCheck DEFAULT =
      new HealthCheck(Duration.ofSeconds(10), Duration.ofSeconds(20), 6);

  boolean wanted() {
    return !interval.isZero();
  }
}
