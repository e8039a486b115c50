package org.apache.heron.packing.limits;

import java.util.Map;
import java.util.Optional;
import org.apache.heron.packing.parallelism.Parallelism;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.PackingException;
import org.apache.heron.spi.packing.Resource;
import org.apache.heron.spi.topology.TopologyConfig;

/**
 * What a container may hold, and what each instance takes of it; immutable.
 *
 * <p>The padding counts inside the capacity: a container is full when its instances and the padding
 * reach it.
 *
 * @param capacity of every container
 * @param padding part of every container that is not for instances
 * @param maxInstances most instances in a container; {@link Integer#MAX_VALUE} for no limit
 * @param sizes what an instance takes, by component; has every component of the topology
 */
public record PackingLimits(
    Resource capacity, Resource padding, int maxInstances, Map<String, Resource> sizes) {
  private static final String MAX_INSTANCES = "topology.container.max.instances";
  private static final ByteAmount DEFAULT_RAM_PADDING = ByteAmount.ofGigabytes(1);
  private static final double DEFAULT_CPU_PADDING = 1.0;
  private static final ByteAmount DISK_PADDING = ByteAmount.ofGigabytes(1);

  /** Upstream's number for a container size that is not set. */
  private static final long UNSET = -1;

  /** The least that an instance may be given. */
  public static final ByteAmount MINIMUM_INSTANCE_RAM = ByteAmount.ofMegabytes(192);

  public PackingLimits {
    sizes = Map.copyOf(sizes);
  }

  /**
   * As the topology and the configuration say, without a limit on the number of instances.
   *
   * @throws PackingException for a size that is no size, and for an instance that fits no container
   */
  public static PackingLimits of(Config config, Topology topology) {
    try {
      PackingLimits limits = read(config, topology);
      limits.sizes.forEach(limits::requireFits);
      return limits;
    } catch (ArithmeticException e) {
      throw new PackingException(
          "The resources of topology '" + topology.getName() + "' add up to more than 2^63 bytes",
          e);
    }
  }

  private static PackingLimits read(Config config, Topology topology) {
    TopologyConfig settings = TopologyConfig.of(topology);
    Resource instance =
        new Resource(
            config.decimal(Key.INSTANCE_CPU),
            ByteAmount.ofBytes(config.number(Key.INSTANCE_RAM)),
            ByteAmount.ofBytes(config.number(Key.INSTANCE_DISK)));
    int most = maxInstances(settings);
    Resource capacity =
        new Resource(
            settings.containerCpu().filter(cpu -> cpu != UNSET).orElse(instance.cpu() * most),
            set(settings.containerRam()).orElseGet(() -> instance.ram().times(most)),
            set(settings.containerDisk()).orElseGet(() -> instance.disk().times(most)));
    Map<String, Resource> sizes = new java.util.HashMap<>();
    Map<String, Double> cpu = settings.componentCpu();
    Map<String, ByteAmount> ram = settings.componentRam();
    Map<String, ByteAmount> disk = settings.componentDisk();
    for (String component : Parallelism.of(topology).counts().keySet()) {
      sizes.put(
          component,
          new Resource(
              cpu.getOrDefault(component, instance.cpu()),
              ram.getOrDefault(component, instance.ram()),
              disk.getOrDefault(component, instance.disk())));
    }
    return new PackingLimits(capacity, padding(settings, capacity), Integer.MAX_VALUE, sizes);
  }

  private static int maxInstances(TopologyConfig settings) {
    int most = settings.containerMaxInstances();
    if (most < 1) {
      throw new PackingException(MAX_INSTANCES + " is " + most + ", but must be at least 1");
    }
    return most;
  }

  private static Resource padding(TopologyConfig settings, Resource capacity) {
    int percent = settings.containerPaddingPercentage();
    if (percent < 0) {
      throw new PackingException(
          "topology.container.padding.percentage is " + percent + ", but must be at least 0");
    }
    return new Resource(
        Math.max(
            settings.containerCpuPadding().filter(cpu -> cpu != UNSET).orElse(DEFAULT_CPU_PADDING),
            capacity.cpu() * percent / 100),
        greater(
            set(settings.containerRamPadding()).orElse(DEFAULT_RAM_PADDING),
            part(capacity.ram(), percent)),
        greater(DISK_PADDING, part(capacity.disk(), percent)));
  }

  private static Optional<ByteAmount> set(Optional<ByteAmount> amount) {
    return amount.filter(value -> value.bytes() != UNSET);
  }

  private static ByteAmount part(ByteAmount amount, int percent) {
    return ByteAmount.ofBytes(amount.times(percent).bytes() / 100);
  }

  private static ByteAmount greater(ByteAmount left, ByteAmount right) {
    return left.compareTo(right) >= 0 ? left : right;
  }

  /** The same, with the topology's limit on the number of instances in a container. */
  public PackingLimits withDensity(Topology topology) {
    return new PackingLimits(capacity, padding, maxInstances(TopologyConfig.of(topology)), sizes);
  }

  /** What an instance of the component takes. */
  public Resource size(String component) {
    Resource size = sizes.get(component);
    if (size == null) {
      throw new PackingException("Component '" + component + "' is not in the topology");
    }
    return size;
  }

  /**
   * Upstream tries one more container again and again before it gives up on such an instance,
   * without saying which one it is.
   */
  private void requireFits(String component, Resource size) {
    if (size.ram().compareTo(MINIMUM_INSTANCE_RAM) < 0) {
      throw new PackingException(
          String.format(
              "An instance of component '%s' would have %s of RAM; the least is %s. Raise"
                  + " topology.component.rammap",
              component, size.ram(), MINIMUM_INSTANCE_RAM));
    }
    if (!(size.cpu() >= 0 && size.cpu() < Double.POSITIVE_INFINITY)) {
      throw new PackingException(
          String.format(
              "An instance of component '%s' would have %s cores; correct topology.component.cpumap",
              component, size.cpu()));
    }
    if (size.disk().bytes() < 0) {
      throw new PackingException(
          String.format(
              "An instance of component '%s' would have %s of disk; correct"
                  + " topology.component.diskmap",
              component, size.disk()));
    }
    if (!(padding.cpu() + size.cpu() <= capacity.cpu())) {
      throw tooSmall(component, "cpu", size.cpu(), padding.cpu(), capacity.cpu());
    }
    if (padding.ram().plus(size.ram()).compareTo(capacity.ram()) > 0) {
      throw tooSmall(component, "ram", size.ram(), padding.ram(), capacity.ram());
    }
    if (padding.disk().plus(size.disk()).compareTo(capacity.disk()) > 0) {
      throw tooSmall(component, "disk", size.disk(), padding.disk(), capacity.disk());
    }
  }

  private static PackingException tooSmall(
      String component, String what, Object size, Object padding, Object capacity) {
    return new PackingException(
        String.format(
            "No container can hold an instance of component '%s': it takes %s of %s, the padding %s,"
                + " and a container has %s; raise topology.container.%s",
            component, size, what, padding, capacity, what));
  }
}
