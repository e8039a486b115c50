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
    requireLeast(RESTART + "interval.sec", interval);
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
    requireLeast(RESCHEDULE + "delay.sec", delay);
    if (longest.compareTo(delay) < 0) {
      throw config.malformed(
          RESCHEDULE + "max.delay.sec",
          longest.toSeconds(),
          "at least the first delay, " + delay.toSeconds());
    }
    policy
        .put("Unlimited", attempts == 0)
        .put("Attempts", attempts)
        .put("Delay", delay.toNanos())
        .put("DelayFunction", "exponential")
        .put("MaxDelay", longest.toNanos());
    Duration interval = seconds(RESCHEDULE + "interval.sec", Duration.ofHours(1));
    policy.put("Interval", attempts == 0 ? 0 : interval.toNanos());
  }

  private void requireLeast(String key, Duration value) {
    if (value.compareTo(LEAST) < 0) {
      throw config.malformed(
          key, value.toSeconds(), "at least " + LEAST.toSeconds() + " seconds, for Nomad");
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
