package org.apache.heron.framework.core;

import java.time.Duration;

/**
 * How running containers are replaced on purpose.
 *
 * @param budget how many at a time, at least 1
 * @param lead how long before an agent's maintenance its containers begin to move elsewhere
 * @param patience how long a replaced container may take to run again, before a rolling restart is
 *     given up, or another container takes its turn
 */
public record Disruption(int budget, Duration lead, Duration patience) {
  /** What is right unless configured. */
  public static final Disruption DEFAULT =
      new Disruption(1, Duration.ofMinutes(10), Duration.ofMinutes(10));

  public Disruption {
    if (budget < 1) {
      throw new IllegalArgumentException("a disruption budget of " + budget + " moves nothing");
    }
  }
}
