package org.apache.heron.packing.roundrobin;

import java.util.Map;
import java.util.Optional;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.PackingException;
import org.apache.heron.spi.packing.Resource;
import org.apache.heron.spi.topology.ReliabilityMode;
import org.apache.heron.spi.topology.TopologyConfig;

/**
 * The sizes that round robin packing starts from.
 *
 * @param instance of an instance when nothing else says
 * @param ramMap RAM of an instance, by component
 * @param cpuMap cores of an instance, by component
 * @param containerCpu wanted for a whole container, as are RAM and disk
 * @param ramPadding part of a container that is not for instances
 */
record Sizes(
    Resource instance,
    Map<String, ByteAmount> ramMap,
    Map<String, Double> cpuMap,
    Optional<Double> containerCpu,
    Optional<ByteAmount> containerRam,
    Optional<ByteAmount> containerDisk,
    ByteAmount ramPadding) {
  static final double CPU_PADDING = 1.0;
  static final ByteAmount DISK_PADDING = ByteAmount.ofGigabytes(12);
  private static final ByteAmount DAEMON_RAM = ByteAmount.ofGigabytes(1);

  /** Upstream's number for a container size that is not set. */
  private static final long UNSET = -1;

  static Sizes of(Config config, Topology topology) {
    TopologyConfig settings = TopologyConfig.of(topology);
    Resource instance =
        new Resource(
            config.decimal(Key.INSTANCE_CPU),
            ByteAmount.ofBytes(config.number(Key.INSTANCE_RAM)),
            ByteAmount.ofBytes(config.number(Key.INSTANCE_DISK)));
    if (!(instance.cpu() >= 0 && instance.cpu() < Double.POSITIVE_INFINITY)) {
      throw new PackingException(
          Key.INSTANCE_CPU.text() + " is " + instance.cpu() + ", but must be at least 0");
    }
    notNegative("topology.container.disk", settings.containerDisk());
    notNegative("topology.container.ram.padding", settings.containerRamPadding());
    notNegative("topology.stmgr.ram", settings.stmgrRam());
    notNegative("topology.metricsmgr.ram", settings.metricsManagerRam());
    notNegative("topology.stateful.checkpointmanager.ram", settings.checkpointManagerRam());
    return new Sizes(
        instance,
        settings.componentRam(),
        settings.componentCpu(),
        settings.containerCpu().filter(cpu -> cpu != UNSET),
        settings.containerRam().filter(ram -> ram.bytes() != UNSET),
        settings.containerDisk().filter(disk -> disk.bytes() != UNSET),
        ramPadding(settings));
  }

  private static void notNegative(String key, Optional<ByteAmount> amount) {
    amount
        .filter(value -> value.bytes() < 0 && value.bytes() != UNSET)
        .ifPresent(
            value -> {
              throw new PackingException(key + " is " + value + ", but must be at least 0");
            });
  }

  private static ByteAmount ramPadding(TopologyConfig settings) {
    Optional<ByteAmount> set =
        settings.containerRamPadding().filter(padding -> padding.bytes() != UNSET);
    if (set.isPresent()) {
      return set.get();
    }
    ByteAmount checkpointManager =
        settings.reliabilityMode() == ReliabilityMode.EFFECTIVELY_ONCE
            ? settings.checkpointManagerRam().orElse(DAEMON_RAM)
            : ByteAmount.ZERO;
    return settings
        .stmgrRam()
        .orElse(DAEMON_RAM)
        .plus(settings.metricsManagerRam().orElse(DAEMON_RAM))
        .plus(checkpointManager);
  }

  /** The size of a container that holds so many instances at most, where no size is set. */
  ByteAmount defaultContainerRam(int largest) {
    return instance.ram().times(largest).plus(ramPadding);
  }

  /** As {@link #defaultContainerRam}, in whole cores. */
  double defaultContainerCpu(int largest) {
    return Math.round(instance.cpu() * largest + CPU_PADDING);
  }

  /** Disk of every container. */
  ByteAmount containerDisk(int largest) {
    return containerDisk.orElseGet(() -> instance.disk().times(largest).plus(DISK_PADDING));
  }
}
