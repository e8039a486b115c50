package org.apache.heron.framework.task;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.mesos.v1.Protos.DiscoveryInfo;

/**
 * What the configuration says of every container's task. Immutable.
 *
 * @param killGrace between asking a container to end and making it
 * @param environment variables beside those that the scheduler sets; in their order
 * @param labels beside those that the scheduler sets; in their order
 * @param visibility who may find the containers' ports by Mesos' service discovery
 */
public record TaskOptions(
    Duration killGrace,
    HealthCheckOptions health,
    ContainerOptions container,
    Map<String, String> environment,
    Map<String, String> labels,
    DiscoveryInfo.Visibility visibility) {
  private static final String KILL_GRACE_KEY = "heron.mesos.kill.grace.ms";
  private static final String ENVIRONMENT_KEY = "heron.mesos.container.environment";
  private static final String LABELS_KEY = "heron.mesos.container.labels";
  private static final String VISIBILITY_KEY = "heron.mesos.discovery.visibility";
  private static final Set<String> OUR_VARIABLES =
      Set.of("HERON_TOPOLOGY", "HERON_CONTAINER", "HERON_CONTAINER_RAM");

  /** Copies the maps. */
  public TaskOptions {
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  /**
   * Reads them.
   *
   * @throws ConfigException if a value is none; the message names key, value and file
   */
  public static TaskOptions of(Config config) {
    Map<String, String> environment = Listing.pairs(config, ENVIRONMENT_KEY);
    for (String name : environment.keySet()) {
      if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        throw config.malformed(ENVIRONMENT_KEY, name, "named as variables of a shell are");
      }
      if (OUR_VARIABLES.contains(name) || name.startsWith("MESOS_")) {
        throw config.malformed(
            ENVIRONMENT_KEY, name, "another variable: this one is set for each container");
      }
    }
    Map<String, String> labels = Listing.pairs(config, LABELS_KEY);
    for (String name : labels.keySet()) {
      if (name.isEmpty() || name.startsWith("heron.")) {
        throw config.malformed(
            LABELS_KEY, name, "a name that does not begin with heron., as the scheduler's do");
      }
    }
    return new TaskOptions(
        config.duration(KILL_GRACE_KEY, ChronoUnit.MILLIS, Duration.ofSeconds(10)),
        HealthCheckOptions.of(config),
        ContainerOptions.of(config),
        environment,
        labels,
        visibility(config));
  }

  private static DiscoveryInfo.Visibility visibility(Config config) {
    String text = config.optionalString(VISIBILITY_KEY).orElse("cluster").strip();
    try {
      return DiscoveryInfo.Visibility.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw config.malformed(VISIBILITY_KEY, text, "framework, cluster or external");
    }
  }

  /** What is usual, with another grace period. */
  static TaskOptions usual(Duration killGrace) {
    TaskOptions usual = of(Config.of(Map.of()));
    return new TaskOptions(
        killGrace,
        usual.health,
        usual.container,
        usual.environment,
        usual.labels,
        usual.visibility);
  }
}
