package org.apache.heron.scheduler.mesos;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.heron.framework.core.Disruption;
import org.apache.heron.framework.core.Timing;
import org.apache.heron.framework.driver.Credential;
import org.apache.heron.framework.driver.DriverOptions;
import org.apache.heron.framework.driver.MasterUri;
import org.apache.heron.framework.driver.NativeMesos;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.metrics.FrameworkMetrics;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.runtime.MesosConnection;
import org.apache.heron.framework.task.FrameworkDescription;
import org.apache.heron.framework.task.TaskOptions;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.executor.ExecutorPort;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;

/** The configuration's {@code heron.mesos.…} as typed values. */
final class MesosSettings {
  private static final String UNREACHABLE_KEY = "heron.mesos.unreachable.wait.ms";
  private static final String BACKOFF_FIRST_KEY = "heron.mesos.backoff.min.ms";
  private static final String BACKOFF_LONGEST_KEY = "heron.mesos.backoff.max.ms";
  private static final String MANAGER_CPU_KEY = "heron.mesos.tmanager.cpu";
  private static final String MANAGER_RAM_KEY = "heron.mesos.tmanager.ram";
  private static final int MOST_CPUS = 65_536;
  private static final String MANAGER_UNREACHABLE_KEY = "heron.mesos.tmanager.unreachable.wait.ms";

  private static final Duration KILL_MARGIN = Duration.ofSeconds(30);
  private static final String BUDGET_KEY = "heron.mesos.disruption.budget";
  private static final String LEAD_KEY = "heron.mesos.maintenance.lead.ms";
  private static final String PATIENCE_KEY = "heron.mesos.disruption.patience.ms";

  private final Config config;

  MesosSettings(Config config) {
    this.config = config;
  }

  /**
   * How Mesos is called.
   *
   * @throws ConfigException if there is no master, or it is malformed
   */
  DriverOptions driver() {
    java.util.Optional<Path> ca = config.optionalPath(DriverOptions.CA_FILE_KEY);
    DriverOptions options;
    try {
      options = DriverOptions.of(MasterUri.parse(config.string(MasterUri.KEY), ca.isPresent()));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          e.getMessage() + " (from " + config.sourceOf(MasterUri.KEY) + ")", e);
    }
    java.util.Optional<String> principal = config.optionalString(Credential.PRINCIPAL_KEY);
    java.util.Optional<Path> secret = config.optionalPath(Credential.SECRET_FILE_KEY);
    if (secret.isPresent() && principal.isEmpty()) {
      throw new ConfigException(
          Credential.SECRET_FILE_KEY
              + " is set (from "
              + config.sourceOf(Credential.SECRET_FILE_KEY)
              + "), but not whose secret it is: set "
              + Credential.PRINCIPAL_KEY);
    }
    if (secret.isPresent()) {
      options = options.withCredential(new Credential(principal.get(), secret.get()));
    }
    return ca.isPresent() ? options.withCaFile(ca.get()) : options;
  }

  /**
   * Opens connections by the driver that is asked for: in pure Java unless libmesos is.
   *
   * @throws ConfigException if there is no such driver
   */
  MesosConnection.Opener connections(FrameworkMetrics metrics) {
    DriverOptions options = driver();
    return isNative()
        ? listener -> NativeConnection.open(options, System.getenv(), listener)
        : listener -> HttpConnection.open(options, listener, metrics);
  }

  /**
   * Whether libmesos speaks for the framework.
   *
   * @throws ConfigException if there is no such driver
   */
  boolean isNative() {
    String kind = config.optionalString(NativeMesos.DRIVER_KEY).orElse("http").strip();
    return switch (kind.toLowerCase(Locale.ROOT)) {
      case "http" -> false;
      case "native" -> true;
      default -> throw config.malformed(NativeMesos.DRIVER_KEY, kind, "http or native");
    };
  }

  /** The scheme of the master's pages. */
  String masterScheme() {
    DriverOptions options = driver();
    boolean named =
        options.masters() instanceof MasterUri.Named masters && masters.endpoints().get(0).tls();
    return named || options.caFile().isPresent() ? "https" : "http";
  }

  Timing timing() {
    Timing usual = Timing.DEFAULT;
    Duration longest = positive(BACKOFF_LONGEST_KEY, usual.backOffLongest());
    Duration shorter = longest.compareTo(usual.backOffFirst()) < 0 ? longest : usual.backOffFirst();
    Duration first = positive(BACKOFF_FIRST_KEY, shorter);
    if (longest.compareTo(first) < 0) {
      throw config.malformed(
          BACKOFF_LONGEST_KEY,
          longest.toMillis(),
          "no less than " + BACKOFF_FIRST_KEY + ", which is " + first.toMillis());
    }
    return usual
        .withBackOff(first, longest, millis("heron.mesos.backoff.reset.ms", usual.settledAfter()))
        .withUnreachableWait(
            millis(UNREACHABLE_KEY, usual.unreachableWait()),
            millis(MANAGER_UNREACHABLE_KEY, usual.managerUnreachableWait()))
        .withKillLongest(killLongest(usual));
  }

  // A kill must not tear down what still has time to end in order.
  private Duration killLongest(Timing usual) {
    Duration slowest = tasks().killGrace().plus(KILL_MARGIN);
    return slowest.compareTo(usual.killLongest()) > 0 ? slowest : usual.killLongest();
  }

  /**
   * What the configuration says of every container's task.
   *
   * @throws ConfigException if a value is none
   */
  TaskOptions tasks() {
    return TaskOptions.of(config);
  }

  /**
   * Reads all that there is, so that what is wrong is said before anything is started.
   *
   * @throws ConfigException naming the first key that is wrong, with value and file
   */
  void check(String topology) {
    checkFiles(driver());
    timing();
    disruption();
    tasks();
    managerSize();
    new PlacementSettings(config).check();
    FrameworkDescription.of(config, topology);
  }

  /** Both files are read again at each connection; here it only counts that they can be. */
  private void checkFiles(DriverOptions options) {
    try {
      if (isNative()) {
        NativeMesos.check(options, System.getenv());
      }
      options.trust().context();
      if (options.credential().isPresent()) {
        options.credential().get().check();
      }
    } catch (IOException | IllegalArgumentException | NativeMesos.Unavailable e) {
      throw new ConfigException(e.getMessage(), e);
    }
  }

  /** How running containers are replaced on purpose. */
  Disruption disruption() {
    Disruption usual = Disruption.DEFAULT;
    long budget = config.number(BUDGET_KEY, usual.budget());
    if (budget < 1 || budget > Integer.MAX_VALUE) {
      throw new ConfigException(
          BUDGET_KEY
              + " is "
              + budget
              + " (from "
              + config.sourceOf(BUDGET_KEY)
              + "); it is how many containers may be replaced at a time, at least 1");
    }
    return new Disruption(
        (int) budget, millis(LEAD_KEY, usual.lead()), millis(PATIENCE_KEY, usual.patience()));
  }

  // What fails at once would be launched again at once, for ever, at the cost of the cluster.
  private Duration positive(String key, Duration whenUnset) {
    Duration duration = millis(key, whenUnset);
    if (duration.isZero()) {
      throw config.malformed(key, 0, "1 or more");
    }
    return duration;
  }

  private Duration millis(String key, Duration whenUnset) {
    return config.duration(key, ChronoUnit.MILLIS, whenUnset);
  }

  /** What every container of the plan needs, and container 0, which is in no plan. */
  Map<ContainerId, Size> sizes(PackingPlan plan) {
    Map<ContainerId, Size> sizes = new LinkedHashMap<>();
    sizes.put(ContainerId.MANAGER, managerSize());
    int gpus = new PlacementSettings(config).gpus();
    plan.containers()
        .forEach(
            container ->
                sizes.put(
                    new ContainerId(container.id()), size(container.required()).withGpus(gpus)));
    return sizes;
  }

  private Size managerSize() {
    double cpus = config.decimal(MANAGER_CPU_KEY, 0.5);
    // Mesos counts to three decimals.
    if (cpus < 0.001 || cpus > MOST_CPUS) {
      throw config.malformed(MANAGER_CPU_KEY, cpus, "cores from 0.001 to " + MOST_CPUS);
    }
    long ram = config.bytes(MANAGER_RAM_KEY, 512L << 20);
    if (ram == 0) {
      throw config.malformed(MANAGER_RAM_KEY, ram, "bytes that a JVM can live in");
    }
    return size(
        new Resource(
            cpus,
            ByteAmount.ofBytes(ram),
            ByteAmount.ofBytes(config.bytes("heron.mesos.tmanager.disk", 1L << 30))));
  }

  private static Size size(Resource resource) {
    return Size.of(resource, ExecutorPort.values().length);
  }
}
