package org.apache.heron.scheduler.mesos;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.heron.framework.placement.Policy;
import org.apache.heron.framework.placement.Rules;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;

/** How the configuration wants containers placed. */
final class PlacementSettings {
  private static final String POLICY_KEY = "heron.mesos.placement.policy";
  private static final String REVOCABLE_KEY = "heron.mesos.revocable";
  private static final String GPUS_KEY = "heron.mesos.gpus";
  private static final long FOR_EVER = -1;
  private static final String GANG_KEY = "heron.mesos.gang.wait.ms";
  private static final String LEAD_KEY = "heron.mesos.maintenance.lead.ms";
  private static final int MOST_GPUS = 1024;

  private final Config config;

  PlacementSettings(Config config) {
    this.config = config;
  }

  /**
   * The rules.
   *
   * @throws ConfigException if a value is malformed
   */
  Rules rules() {
    return new Rules(
        new ConstraintReader(config).read(),
        policy(),
        config.bool(REVOCABLE_KEY, false),
        windowLead(),
        gang());
  }

  // Never shorter than the time from which containers move away again.
  private Duration windowLead() {
    Duration usual = Rules.PLAIN.windowLead();
    Duration moving = config.duration(LEAD_KEY, ChronoUnit.MILLIS, usual);
    return moving.compareTo(usual) > 0 ? moving : usual;
  }

  private Policy policy() {
    String name = config.optionalString(POLICY_KEY).orElse(Policy.SPREAD.name()).strip();
    return Arrays.stream(Policy.values())
        .filter(policy -> policy.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                config.malformed(
                    POLICY_KEY,
                    name,
                    "one of "
                        + List.of(Policy.values()).stream()
                            .map(policy -> policy.name().toLowerCase(Locale.ROOT))
                            .toList()));
  }

  private Rules.Gang gang() {
    long millis = config.number(GANG_KEY, FOR_EVER);
    if (millis == FOR_EVER) {
      return Rules.Gang.ALWAYS;
    }
    if (millis < 0) {
      throw config.malformed(
          GANG_KEY, millis, "milliseconds: 0 for no gang, " + FOR_EVER + " for no end of waiting");
    }
    Duration wait = config.duration(GANG_KEY, ChronoUnit.MILLIS, Duration.ZERO);
    return wait.isZero() ? Rules.Gang.NONE : new Rules.Gang(true, Optional.of(wait));
  }

  /**
   * Reads all, so that what is wrong is found before anything is started.
   *
   * @throws ConfigException if a value is malformed
   */
  void check() {
    rules();
    gpus();
  }

  /** Gpus of each container other than container 0. */
  int gpus() {
    long gpus = config.number(GPUS_KEY, 0);
    if (gpus < 0 || gpus > MOST_GPUS) {
      throw config.malformed(GPUS_KEY, gpus, "a whole number from 0 to " + MOST_GPUS);
    }
    return Math.toIntExact(gpus);
  }
}
