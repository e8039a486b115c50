package org.apache.heron.scheduler.nomad.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.heron.spi.config.Config;

/**
 * The service by which Prometheus finds a container's metrics.
 *
 * @param tags beside the container's own
 * @param provider consul or nomad; empty leaves it to Nomad, which takes Consul
 */
record MetricsService(
    Duration interval, Duration timeout, List<String> tags, Optional<String> provider) {
  static final String REGISTER_KEY = "heron.nomad.metrics.service.register";
  static final String PROVIDER_KEY = "heron.nomad.metrics.service.provider";
  private static final int LONGEST_NAME = 63;
  private static final String INTERVAL_KEY = "heron.nomad.metrics.service.check.interval.sec";
  private static final String TIMEOUT_KEY = "heron.nomad.metrics.service.check.timeout.sec";
  private static final String TAGS_KEY = "heron.nomad.metrics.service.additional.tags";

  MetricsService {
    tags = List.copyOf(tags);
  }

  /**
   * Empty if none is to be registered.
   *
   * @throws org.apache.heron.spi.config.ConfigException if a value is none
   */
  static Optional<MetricsService> of(Config config) {
    if (!config.bool(REGISTER_KEY, false)) {
      return Optional.empty();
    }
    Optional<String> provider = config.optionalString(PROVIDER_KEY).map(String::strip);
    provider.ifPresent(
        name -> {
          if (!name.equals("consul") && !name.equals("nomad")) {
            throw config.malformed(PROVIDER_KEY, name, "consul or nomad");
          }
        });
    return Optional.of(
        new MetricsService(
            seconds(config, INTERVAL_KEY, 10),
            seconds(config, TIMEOUT_KEY, 2),
            tags(config),
            provider));
  }

  private static List<String> tags(Config config) {
    String text = config.optionalString(TAGS_KEY).orElse("");
    return Arrays.stream(text.split(",")).map(String::strip).filter(tag -> !tag.isEmpty()).toList();
  }

  // Nomad refuses a check that is made more than once a second.
  private static Duration seconds(Config config, String key, long whenUnset) {
    Duration value = config.duration(key, ChronoUnit.SECONDS, Duration.ofSeconds(whenUnset));
    if (value.isZero()) {
      throw config.malformed(key, 0, "at least 1 second");
    }
    return value;
  }

  /** Upstream's name, as far as Nomad takes it: letters, digits and dashes, 63 at most. */
  private static String name(String topology, int container) {
    String end = "-" + container;
    String begin = "metrics-heron-" + topology.replaceAll("[^A-Za-z0-9-]", "-");
    return begin.substring(0, Math.min(begin.length(), LONGEST_NAME - end.length())) + end;
  }

  void into(ArrayNode services, String topology, int container) {
    ObjectNode service = services.addObject();
    service.put("Name", name(topology, container));
    service.put("PortLabel", ContainerJob.METRICS_PORT);
    provider.ifPresent(name -> service.put("Provider", name));
    ArrayNode all = service.putArray("Tags").add(topology + "-" + container);
    tags.forEach(all::add);
    service
        .putArray("Checks")
        .addObject()
        .put("Name", "metrics")
        .put("Type", "tcp")
        .put("PortLabel", ContainerJob.METRICS_PORT)
        .put("Interval", interval.toNanos())
        .put("Timeout", timeout.toNanos());
  }
}
