package org.apache.heron.scheduler.nomad.job;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.heron.scheduler.nomad.rest.NomadApi;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.Resource;

/**
 * What the configuration says of every container's job; read once, complete and checked.
 *
 * @param datacenters where containers may run: names, or patterns with asterisks
 * @param megahertz what one core counts for
 * @param image for Docker
 * @param network Docker's mode
 * @param killTimeout between asking a container to end and making it; empty leaves it to Nomad
 * @param manager what container 0 needs
 * @param namespace empty leaves it to Nomad
 * @param region empty leaves it to Nomad
 */
public record JobSettings(
    Driver driver,
    List<String> datacenters,
    int megahertz,
    String image,
    String network,
    int priority,
    List<Constraint> constraints,
    RetryPolicy retries,
    Optional<Duration> killTimeout,
    Optional<MetricsService> metrics,
    Resource manager,
    Optional<String> namespace,
    Optional<String> region,
    boolean keepDirectory) {
  private static final String DRIVER_KEY = "heron.nomad.driver";
  private static final String DATACENTERS_KEY = "heron.nomad.datacenters";
  private static final String FREQUENCY_KEY = "heron.nomad.core.freq.mapping";
  private static final String PRIORITY_KEY = "heron.nomad.priority";
  private static final String KILL_TIMEOUT_KEY = "heron.nomad.kill.timeout.sec";
  private static final String MANAGER_CPU_KEY = "heron.nomad.tmanager.cpu";

  public JobSettings {
    datacenters = List.copyOf(datacenters);
    constraints = List.copyOf(constraints);
  }

  /** How Nomad runs a container. */
  enum Driver {
    /** In an image, by Docker. */
    DOCKER("docker"),
    /** As processes of the node, without isolation. */
    RAW_EXEC("raw_exec");

    private final String text;

    Driver(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /**
   * Reads all there is.
   *
   * @throws org.apache.heron.spi.config.ConfigException naming the first key that is wrong, with
   *     value and file
   */
  public static JobSettings of(Config config) {
    RetryPolicy retries = new RetryPolicy(config);
    retries.check(JsonNodeFactory.instance.objectNode());
    return new JobSettings(
        driver(config),
        datacenters(config),
        between(config, FREQUENCY_KEY, 1000, 1, 1_000_000),
        config.optionalString("heron.executor.docker.image").orElse("apache/heron:latest"),
        config.optionalString("heron.nomad.network.mode").orElse("default"),
        between(config, PRIORITY_KEY, 50, 1, 100),
        Constraint.all(config),
        retries,
        config.get(KILL_TIMEOUT_KEY).isPresent()
            ? Optional.of(config.duration(KILL_TIMEOUT_KEY, ChronoUnit.SECONDS, Duration.ZERO))
            : Optional.empty(),
        MetricsService.of(config),
        manager(config),
        config.optionalString(NomadApi.NAMESPACE_KEY),
        config.optionalString(NomadApi.REGION_KEY),
        config.bool("heron.nomad.keep.working.directory", false));
  }

  private static Driver driver(Config config) {
    String text = config.optionalString(DRIVER_KEY).orElse("docker").strip();
    return Arrays.stream(Driver.values())
        .filter(driver -> driver.text().equals(text.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() -> config.malformed(DRIVER_KEY, text, "docker or raw_exec"));
  }

  private static List<String> datacenters(Config config) {
    Object value = config.get(DATACENTERS_KEY).orElse("dc1");
    List<String> names =
        (value instanceof List<?> list
                ? list.stream().map(String::valueOf)
                : Arrays.stream(String.valueOf(value).split(",")))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList();
    if (names.isEmpty()) {
      throw config.malformed(DATACENTERS_KEY, value, "at least one datacenter, such as dc1");
    }
    return names;
  }

  private static int between(Config config, String key, long whenUnset, int least, int most) {
    long value = config.number(key, whenUnset);
    if (value < least || value > most) {
      throw config.malformed(key, value, "from " + least + " to " + most);
    }
    return (int) value;
  }

  private static Resource manager(Config config) {
    double cpus = config.decimal(MANAGER_CPU_KEY, 0.5);
    if (cpus <= 0) {
      throw config.malformed(MANAGER_CPU_KEY, cpus, "more than 0 cores");
    }
    return new Resource(
        cpus,
        ByteAmount.ofBytes(config.bytes("heron.nomad.tmanager.ram", 512L << 20)),
        ByteAmount.ofBytes(config.bytes("heron.nomad.tmanager.disk", 1L << 30)));
  }

  /** True if containers may run in a datacenter of that name, by Nomad's patterns (since 1.5). */
  public boolean mayRunIn(String datacenter) {
    return datacenters.stream()
        .map(pattern -> "\\Q" + pattern.replace("*", "\\E.*\\Q") + "\\E")
        .anyMatch(datacenter::matches);
  }

  /** Nomad's name of the driver. */
  public String driverName() {
    return driver.text();
  }

  /** What a container of the plan needs, or container 0. */
  public Need need(Optional<ContainerPlan> container) {
    return Need.of(container.map(ContainerPlan::required).orElse(manager), megahertz);
  }
}
