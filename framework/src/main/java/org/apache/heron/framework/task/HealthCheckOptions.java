package org.apache.heron.framework.task;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.mesos.v1.Protos.HealthCheck;

/**
 * How Mesos looks whether a container is alive: its executor asks the container's own web shell,
 * which every Heron core has, and kills a container that does not answer.
 *
 * @param kind by what
 * @param grace from the start; failures in it do not count until the first success. Both packages
 *     are unpacked by then, but a container on a busy machine may take long to start its JVM
 * @param interval between two looks
 * @param timeout of one look
 * @param failures so many in a row kill the container; at least 1
 */
record HealthCheckOptions(
    Kind kind, Duration grace, Duration interval, Duration timeout, int failures) {
  static final String PREFIX = "heron.mesos.health.check.";
  private static final String TYPE_KEY = PREFIX + "type";
  private static final String FAILURES_KEY = PREFIX + "failures";
  private static final String PATH = "/health";
  private static final int MOST_FAILURES = 10_000;

  /** What a look is. */
  enum Kind {
    /** A GET of {@code /health} on the shell's port, answered with 200 to 399. */
    HTTP,
    /** A connection to the shell's port. */
    TCP,
    /** Nothing is looked at. */
    NONE
  }

  /**
   * Reads the keys {@code heron.mesos.health.check.…}.
   *
   * @throws ConfigException if one is no such value; the message names key, value and file
   */
  static HealthCheckOptions of(Config config) {
    long failures = config.number(FAILURES_KEY, 6);
    if (failures < 1 || failures > MOST_FAILURES) {
      throw config.malformed(FAILURES_KEY, failures, "1 to " + MOST_FAILURES);
    }
    return new HealthCheckOptions(
        kind(config),
        config.duration(PREFIX + "grace.ms", ChronoUnit.MILLIS, Duration.ofMinutes(5)),
        positive(config, "interval.ms", Duration.ofSeconds(10)),
        positive(config, "timeout.ms", Duration.ofSeconds(20)),
        (int) failures);
  }

  private static Kind kind(Config config) {
    String text = config.optionalString(TYPE_KEY).orElse("http").strip();
    for (Kind kind : Kind.values()) {
      if (kind.name().equalsIgnoreCase(text)) {
        return kind;
      }
    }
    throw config.malformed(TYPE_KEY, text, "http, tcp or none");
  }

  private static Duration positive(Config config, String name, Duration whenUnset) {
    Duration duration = config.duration(PREFIX + name, ChronoUnit.MILLIS, whenUnset);
    if (duration.isZero()) {
      throw config.malformed(PREFIX + name, 0, "more than 0");
    }
    return duration;
  }

  /** The check of a container whose shell has that port; empty if none is wanted. */
  Optional<HealthCheck> toProto(int shellPort) {
    HealthCheck.Builder check =
        HealthCheck.newBuilder()
            .setDelaySeconds(0)
            .setGracePeriodSeconds(seconds(grace))
            .setIntervalSeconds(seconds(interval))
            .setTimeoutSeconds(seconds(timeout))
            .setConsecutiveFailures(failures);
    return switch (kind) {
      case HTTP ->
          Optional.of(
              check
                  .setType(HealthCheck.Type.HTTP)
                  .setHttp(
                      HealthCheck.HTTPCheckInfo.newBuilder()
                          .setScheme("http")
                          .setPort(shellPort)
                          .setPath(PATH))
                  .build());
      case TCP ->
          Optional.of(
              check
                  .setType(HealthCheck.Type.TCP)
                  .setTcp(HealthCheck.TCPCheckInfo.newBuilder().setPort(shellPort))
                  .build());
      case NONE -> Optional.empty();
    };
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  /** For people. */
  @Override
  public String toString() {
    return kind == Kind.NONE
        ? "no health check"
        : kind.name().toLowerCase(Locale.ROOT) + " check each " + interval.toMillis() + " ms";
  }
}
