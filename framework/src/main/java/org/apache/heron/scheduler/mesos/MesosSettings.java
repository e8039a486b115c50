package org.apache.heron.scheduler.mesos;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.heron.framework.core.Timing;
import org.apache.heron.framework.driver.Credential;
import org.apache.heron.framework.driver.DriverOptions;
import org.apache.heron.framework.driver.MasterUri;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.executor.ExecutorPort;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;

/** The configuration's {@code heron.mesos.…} as typed values. */
final class MesosSettings {
  private static final String CA_FILE_KEY = "heron.mesos.tls.ca.file";
  private static final String KILL_GRACE_KEY = "heron.mesos.kill.grace.ms";
  private static final String UNREACHABLE_KEY = "heron.mesos.unreachable.wait.ms";
  private static final String MANAGER_UNREACHABLE_KEY = "heron.mesos.tmanager.unreachable.wait.ms";

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
    java.util.Optional<Path> ca = config.optionalPath(CA_FILE_KEY);
    DriverOptions options;
    try {
      options = DriverOptions.of(MasterUri.parse(config.string(MasterUri.KEY), ca.isPresent()));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          e.getMessage() + " (from " + config.sourceOf(MasterUri.KEY) + ")", e);
    }
    java.util.Optional<String> principal = config.optionalString(Credential.PRINCIPAL_KEY);
    java.util.Optional<Path> secret = config.optionalPath(Credential.SECRET_FILE_KEY);
    if (principal.isPresent() && secret.isPresent()) {
      options = options.withCredential(new Credential(principal.get(), secret.get()));
    }
    return ca.isPresent() ? options.withCaFile(ca.get()) : options;
  }

  Timing timing() {
    Timing usual = Timing.DEFAULT;
    return usual
        .withBackOff(
            millis("heron.mesos.backoff.min.ms", usual.backOffFirst()),
            millis("heron.mesos.backoff.max.ms", usual.backOffLongest()),
            millis("heron.mesos.backoff.reset.ms", usual.settledAfter()))
        .withUnreachableWait(
            millis(UNREACHABLE_KEY, usual.unreachableWait()),
            millis(MANAGER_UNREACHABLE_KEY, usual.managerUnreachableWait()));
  }

  Duration killGrace() {
    return millis(KILL_GRACE_KEY, Duration.ofSeconds(10));
  }

  private Duration millis(String key, Duration whenUnset) {
    return config.duration(key, ChronoUnit.MILLIS, whenUnset);
  }

  /** What every container of the plan needs, and container 0, which is in no plan. */
  Map<ContainerId, Size> sizes(PackingPlan plan) {
    Map<ContainerId, Size> sizes = new LinkedHashMap<>();
    Resource manager =
        new Resource(
            config.decimal("heron.mesos.tmanager.cpu", 0.5),
            ByteAmount.ofBytes(config.bytes("heron.mesos.tmanager.ram", 512L << 20)),
            ByteAmount.ofBytes(config.bytes("heron.mesos.tmanager.disk", 1L << 30)));
    sizes.put(ContainerId.MANAGER, size(manager));
    int gpus = new PlacementSettings(config).gpus();
    plan.containers()
        .forEach(
            container ->
                sizes.put(
                    new ContainerId(container.id()), size(container.required()).withGpus(gpus)));
    return sizes;
  }

  private static Size size(Resource resource) {
    return Size.of(resource, ExecutorPort.values().length);
  }
}
