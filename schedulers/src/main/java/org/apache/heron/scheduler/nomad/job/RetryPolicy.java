package org.apache.heron.scheduler.nomad.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.heron.spi.config.Config;

/**
 * What Nomad does with a container that ends by itself: it starts it again on the same node
 * (restart), and later elsewhere (reschedule). What is not configured is left to Nomad as long as
 * nothing of the same policy is.
 */
record RetryPolicy(Config config) {
  private static final String RESTART = "heron.nomad.restart.";
  private static final String RESCHEDULE = "heron.nomad.reschedule.";
  private static final List<String> RESTART_KEYS =
      List.of(
          RESTART + "attempts", RESTART + "interval.sec", RESTART + "delay.sec", RESTART + "mode");
  private static final List<String> RESCHEDULE_KEYS =
      List.of(
          RESCHEDULE + "attempts",
          RESCHEDULE + "interval.sec",
          RESCHEDULE + "delay.sec",
          RESCHEDULE + "max.delay.sec");
  private static final Duration LEAST = Duration.ofSeconds(5);
  private static final Duration LEAST_RESCHEDULE_INTERVAL = Duration.ofSeconds(15);

  /** Writes the policies into a task group; the values that are unset are Nomad's for services. */
  void into(ObjectNode group) {
    if (isAnySet(RESTART_KEYS)) {
      restart(group.putObject("RestartPolicy"));
    }
    if (isAnySet(RESCHEDULE_KEYS)) {
      reschedule(group.putObject("ReschedulePolicy"));
    }
  }

  /**
   * Reads all, so that what is wrong is said before anything is registered.
   *
   * @throws org.apache.heron.spi.config.ConfigException if a value is none, or Nomad would refuse
   *     it
   */
  void check(ObjectNode scratch) {
    into(scratch);
  }

  private boolean isAnySet(List<String> keys) {
    return keys.stream().anyMatch(key -> config.get(key).isPresent());
  }

  private void restart(ObjectNode policy) {
    long attempts = count(RESTART + "attempts", 2);
    Duration interval = seconds(RESTART + "interval.sec", Duration.ofMinutes(30));
    Duration delay = seconds(RESTART + "delay.sec", Duration.ofSeconds(15));
    String mode = config.optionalString(RESTART + "mode").orElse("fail").strip();
    if (!mode.equals("fail") && !mode.equals("delay")) {
      throw config.malformed(RESTART + "mode", mode, "fail or delay");
    }
    if (attempts == 0 && mode.equals("delay")) {
      // Nomad (RestartPolicy.Validate) calls it ambiguous, and refuses the job.
      throw config.malformed(
          RESTART + "attempts", 0, "at least 1 where the mode is delay, or the mode fail");
    }
    requireLeast(RESTART + "interval.sec", interval, LEAST);
    // As Nomad does, which would refuse the job with all its containers.
    if (delay.multipliedBy(attempts).compareTo(interval) > 0) {
      throw config.malformed(
          RESTART + "attempts",
          attempts,
          "so few that they fit in "
              + interval.toSeconds()
              + " s with a delay of "
              + delay.toSeconds()
              + " s each");
    }
    policy
        .put("Attempts", attempts)
        .put("Interval", interval.toNanos())
        .put("Delay", delay.toNanos())
        .put("Mode", mode);
  }

  private void reschedule(ObjectNode policy) {
    long attempts = count(RESCHEDULE + "attempts", 0);
    Duration delay = seconds(RESCHEDULE + "delay.sec", Duration.ofSeconds(30));
    Duration longest = seconds(RESCHEDULE + "max.delay.sec", Duration.ofHours(1));
    requireLeast(RESCHEDULE + "delay.sec", delay, LEAST);
    if (longest.compareTo(delay) < 0) {
      throw config.malformed(
          RESCHEDULE + "max.delay.sec",
          longest.toSeconds(),
          "at least the first delay, " + delay.toSeconds());
    }
    Duration interval = seconds(RESCHEDULE + "interval.sec", Duration.ofHours(1));
    if (attempts > 0) {
      requireLeast(RESCHEDULE + "interval.sec", interval, LEAST_RESCHEDULE_INTERVAL);
      requireFit(attempts, delay, longest, interval);
    }
    policy
        .put("Unlimited", attempts == 0)
        .put("Attempts", attempts)
        .put("Delay", delay.toNanos())
        .put("DelayFunction", "exponential")
        .put("MaxDelay", longest.toNanos());
    policy.put("Interval", attempts == 0 ? 0 : interval.toNanos());
  }

  /**
   * As ReschedulePolicy.viableAttempts of Nomad counts them: the last pause alone while they
   * double, and the sum of the longest ones from there on, must be less than the interval.
   */
  private void requireFit(long attempts, Duration delay, Duration longest, Duration interval) {
    long fit = 0;
    Duration next = delay;
    Duration waited = Duration.ZERO;
    while (fit < attempts) {
      boolean doubles = next.compareTo(longest) <= 0;
      waited = doubles ? next : waited.plus(longest);
      next = doubles ? next.multipliedBy(2) : next;
      if (waited.compareTo(interval) >= 0) {
        throw config.malformed(
            RESCHEDULE + "attempts",
            attempts,
            "so few that Nomad can make them in "
                + interval.toSeconds()
                + " s ("
                + RESCHEDULE
                + "interval.sec), where "
                + fit
                + " fit, or 0 for no limit");
      }
      fit++;
    }
  }

  private void requireLeast(String key, Duration value, Duration least) {
    if (value.compareTo(least) < 0) {
      throw config.malformed(
          key, value.toSeconds(), "at least " + least.toSeconds() + " seconds, for Nomad");
    }
  }

  private long count(String key, long whenUnset) {
    long count = config.number(key, whenUnset);
    if (count < 0 || count > Integer.MAX_VALUE) {
      throw config.malformed(key, count, "a number from 0");
    }
    return count;
  }

  private Duration seconds(String key, Duration whenUnset) {
    return config.duration(key, ChronoUnit.SECONDS, whenUnset);
  }
}
