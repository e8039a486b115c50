package org.apache.heron.spi.topology;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.proto.api.TopologyAPI.Component;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.packing.ByteAmount;

/**
 * The settings of a topology ({@code topology.*}) as the deployment layer reads them; immutable.
 *
 * <p>Every getter throws {@link TopologyException} when the value is there but is not what it
 * should be; the message names the key and the value.
 */
public final class TopologyConfig {
  /** Key of the number of containers besides container 0. */
  public static final String STMGRS = "topology.stmgrs";

  /** Key of a component's number of instances. */
  public static final String PARALLELISM = "topology.component.parallelism";

  /**
   * Key of how many instances a container has on average; written by an update, so that repeated
   * updates keep to it. Without it the definition's own numbers say.
   */
  public static final String INSTANCES_PER_CONTAINER = "topology.update.instances.per.container";

  private final Topology topology;
  private final ConfigValues values;

  private TopologyConfig(Topology topology) {
    this.topology = topology;
    this.values =
        ConfigValues.of("topology '" + topology.getName() + "'", topology.getTopologyConfig());
  }

  public static TopologyConfig of(Topology topology) {
    return new TopologyConfig(topology);
  }

  /** The topology-wide values, for keys that have no getter here. */
  public ConfigValues values() {
    return values;
  }

  /** The components by name: spouts first, then bolts, in the definition's order. */
  public Map<String, Component> components() {
    Map<String, Component> components = new LinkedHashMap<>();
    topology.getSpoutsList().forEach(s -> components.put(s.getComp().getName(), s.getComp()));
    topology.getBoltsList().forEach(b -> components.put(b.getComp().getName(), b.getComp()));
    return Collections.unmodifiableMap(components);
  }

  /** A component's own values. */
  public ConfigValues component(String name) {
    Component component = components().get(name);
    if (component == null) {
      throw new TopologyException(
          "Topology '" + topology.getName() + "' has no component '" + name + "'");
    }
    return ConfigValues.of("component '" + name + "'", component.getConfig());
  }

  /** Instances per component, at least 1 each: spouts first, then bolts. */
  public Map<String, Integer> parallelism() {
    Map<String, Integer> parallelism = new LinkedHashMap<>();
    components()
        .forEach(
            (name, component) -> {
              ConfigValues own = ConfigValues.of("component '" + name + "'", component.getConfig());
              int instances =
                  own.integer(PARALLELISM)
                      .orElseThrow(
                          () ->
                              new TopologyException(
                                  "Component '" + name + "' does not set " + PARALLELISM));
              if (instances < 1) {
                throw own.malformed(PARALLELISM, String.valueOf(instances), "at least 1");
              }
              parallelism.put(name, instances);
            });
    return Collections.unmodifiableMap(parallelism);
  }

  /** All instances of all components. */
  public int instanceCount() {
    return parallelism().values().stream().mapToInt(Integer::intValue).reduce(0, Math::addExact);
  }

  /** Wanted containers besides container 0; 1 when unset. May be below 1: packing refuses that. */
  public int stmgrs() {
    return values.integer(STMGRS).orElse(1);
  }

  /** How many instances a container has on average, above 0; repacking keeps to it. */
  public double instancesPerContainer() {
    Optional<Double> written = values.decimal(INSTANCES_PER_CONTAINER).filter(value -> value > 0);
    return written.orElseGet(() -> (double) instanceCount() / Math.max(1, stmgrs()));
  }

  /** RAM of an instance, for the components that say so. */
  public Map<String, ByteAmount> componentRam() {
    return componentMap("topology.component.rammap", TopologyConfig::amount);
  }

  /** Cores of an instance, for the components that say so. */
  public Map<String, Double> componentCpu() {
    return componentMap("topology.component.cpumap", TopologyConfig::cores);
  }

  /** Disk of an instance, for the components that say so. */
  public Map<String, ByteAmount> componentDisk() {
    return componentMap("topology.component.diskmap", TopologyConfig::amount);
  }

  private static ByteAmount amount(String text) {
    long bytes = Long.parseLong(text);
    if (bytes < 0) {
      throw new NumberFormatException("below 0");
    }
    return ByteAmount.ofBytes(bytes);
  }

  /** Java reads more as a number than can be a number of cores. */
  private static double cores(String text) {
    double cores = Double.parseDouble(text);
    if (!(cores >= 0 && cores < Double.POSITIVE_INFINITY)) {
      throw new NumberFormatException("no number of cores");
    }
    return cores;
  }

  private <V> Map<String, V> componentMap(
      String key, java.util.function.Function<String, V> reader) {
    return ComponentMap.parse(key, values.string(key).orElse(""), components().keySet(), reader);
  }

  /** Cores of a whole container. */
  public Optional<Double> containerCpu() {
    return values.decimal("topology.container.cpu");
  }

  /** RAM of a whole container. */
  public Optional<ByteAmount> containerRam() {
    return values.bytes("topology.container.ram");
  }

  /** Disk of a whole container. */
  public Optional<ByteAmount> containerDisk() {
    return values.bytes("topology.container.disk");
  }

  /** RAM of a container that is not for instances. */
  public Optional<ByteAmount> containerRamPadding() {
    return values.bytes("topology.container.ram.padding");
  }

  /** Cores of a container that are not for instances. */
  public Optional<Double> containerCpuPadding() {
    return values.decimal("topology.container.cpu.padding");
  }

  /** Part of a container that is not for instances, in percent; 10 when unset. */
  public int containerPaddingPercentage() {
    return values.integer("topology.container.padding.percentage").orElse(10);
  }

  /** Most instances in a container; 10 when unset. */
  public int containerMaxInstances() {
    return values.integer("topology.container.max.instances").orElse(10);
  }

  /** RAM of a stream manager. */
  public Optional<ByteAmount> stmgrRam() {
    return values.bytes("topology.stmgr.ram");
  }

  /** RAM of a metrics manager. */
  public Optional<ByteAmount> metricsManagerRam() {
    return values.bytes("topology.metricsmgr.ram");
  }

  /** RAM of a checkpoint manager. */
  public Optional<ByteAmount> checkpointManagerRam() {
    return values.bytes("topology.stateful.checkpointmanager.ram");
  }

  /** JVM options of all instances; empty when unset. */
  public String workerChildOpts() {
    return values.string("topology.worker.childopts").orElse("");
  }

  /**
   * JVM options by component, as the API writes them: JSON from base64 of the component to base64
   * of its options; empty when unset.
   */
  public String componentJvmOpts() {
    return values.string("topology.component.jvmopts").orElse("");
  }

  /** Class path elements that come after the topology's, joined by a colon; empty when unset. */
  public String additionalClasspath() {
    return values.string("topology.additional.classpath").orElse("");
  }

  /** What is promised about tuples; at most once when unset. */
  public ReliabilityMode reliabilityMode() {
    String key = "topology.reliability.mode";
    String text = values.string(key).orElse(ReliabilityMode.ATMOST_ONCE.name()).trim();
    return Arrays.stream(ReliabilityMode.values())
        .filter(mode -> mode.name().equals(text))
        .findFirst()
        .orElseThrow(
            () -> values.malformed(key, text, "one of " + Arrays.asList(ReliabilityMode.values())));
  }

  /** True if instances offer a debugger port. */
  public boolean remoteDebugging() {
    return values.bool("topology.remote.debugging.enable").orElse(false);
  }

  /** Time between deactivation and a change of the plan. */
  public Duration updateDeactivateWait() {
    return Duration.ofSeconds(values.number("topology.update.deactivate.wait.secs").orElse(0L));
  }

  /** Time within which a changed topology must be active again. */
  public Duration updateReactivateWait() {
    return Duration.ofSeconds(values.number("topology.update.reactivate.wait.secs").orElse(600L));
  }
}
