package org.apache.heron.executor.flags;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.heron.spi.executor.ExecutorPort;
import org.apache.heron.spi.packing.ByteAmount;

/**
 * The executor's command line, checked. Immutable.
 *
 * @param shard the container's id; 0 is the topology manager's
 * @param ports all of {@link ExecutorPort}
 * @param stateful whether the topology asks for effectively-once
 */
public record ExecutorFlags(
    int shard,
    TopologyFlags topology,
    StateFlags state,
    Map<ExecutorPort, Integer> ports,
    ConfigFiles files,
    JvmFlags jvm,
    Binaries binaries,
    Classpaths classpaths,
    String cluster,
    String role,
    String environment,
    boolean stateful,
    Modes modes) {

  private static final Set<String> PACKAGE_TYPES = Set.of("jar", "tar", "pex", "so", "dylib");

  /**
   * The topology and its package.
   *
   * @param definitionFile relative to the container's directory
   * @param packageType jar, tar, pex, so or dylib
   * @param classpath elements of user code, joined by a colon
   */
  public record TopologyFlags(
      String name,
      String id,
      String definitionFile,
      String binaryFile,
      String packageType,
      String classpath) {}

  /** Where shared state is; the connection overrides the file's. */
  public record StateFlags(String connection, String root, String configFile) {}

  /** Configuration files, relative to the container's directory. */
  public record ConfigFiles(
      String internals, String override, String metricsSinks, String stateful) {}

  /**
   * What is said about JVMs.
   *
   * @param instanceOptions for every instance
   * @param componentOptions by component
   * @param componentRam RAM of one instance, by component
   */
  public record JvmFlags(
      String javaHome,
      String instanceOptions,
      Map<String, String> componentOptions,
      Map<String, ByteAmount> componentRam,
      boolean verboseGc,
      List<Integer> debuggerPorts) {}

  /** Programs of upstream's core package; this one needs none of them. */
  public record Binaries(
      String tmanager, String stmgr, String shell, String pythonInstance, String cppInstance) {}

  /** Class paths of upstream's core package. */
  public record Classpaths(
      String instance,
      String scheduler,
      String metricsManager,
      String metricsCacheManager,
      String checkpointManager,
      String healthManager) {}

  /** What else upstream would start. */
  public record Modes(
      String metricsCacheManager, String healthManager, ByteAmount checkpointManagerRam) {}

  /**
   * Reads a command line without the program's name.
   *
   * @throws UsageException if a flag is unknown, missing or has a value that it cannot have
   */
  public static ExecutorFlags parse(List<String> arguments) {
    FlagValues values = FlagValues.parse(arguments);
    Map<ExecutorPort, Integer> ports = new EnumMap<>(ExecutorPort.class);
    for (ExecutorPort port : ExecutorPort.values()) {
      ports.put(port, values.port(Flag.of(port.flag()).orElseThrow()));
    }
    return new ExecutorFlags(
        values.number(Flag.SHARD),
        topology(values),
        new StateFlags(
            values.name(Flag.STATE_MANAGER_CONNECTION),
            values.name(Flag.STATE_MANAGER_ROOT),
            values.name(Flag.STATE_MANAGER_CONFIG_FILE)),
        Map.copyOf(ports),
        new ConfigFiles(
            values.name(Flag.HERON_INTERNALS_CONFIG_FILE),
            values.name(Flag.OVERRIDE_CONFIG_FILE),
            values.text(Flag.METRICS_SINKS_CONFIG_FILE),
            values.text(Flag.STATEFUL_CONFIG_FILE)),
        jvm(values),
        new Binaries(
            values.text(Flag.TMANAGER_BINARY),
            values.text(Flag.STMGR_BINARY),
            values.text(Flag.HERON_SHELL_BINARY),
            values.text(Flag.PYTHON_INSTANCE_BINARY),
            values.text(Flag.CPP_INSTANCE_BINARY)),
        new Classpaths(
            values.text(Flag.INSTANCE_CLASSPATH),
            values.text(Flag.SCHEDULER_CLASSPATH),
            values.text(Flag.METRICS_MANAGER_CLASSPATH),
            values.text(Flag.METRICSCACHE_MANAGER_CLASSPATH),
            values.text(Flag.CHECKPOINT_MANAGER_CLASSPATH),
            values.text(Flag.HEALTH_MANAGER_CLASSPATH)),
        values.name(Flag.CLUSTER),
        values.name(Flag.ROLE),
        // Empty for cluster/role without an environment, as upstream passes it.
        values.text(Flag.ENVIRONMENT),
        values.bool(Flag.IS_STATEFUL),
        new Modes(
            values.optional(Flag.METRICSCACHE_MANAGER_MODE).orElse("disabled"),
            values.text(Flag.HEALTH_MANAGER_MODE),
            values.bytes(Flag.CHECKPOINT_MANAGER_RAM)));
  }

  private static TopologyFlags topology(FlagValues values) {
    String packageType = values.name(Flag.PKG_TYPE);
    if (!PACKAGE_TYPES.contains(packageType)) {
      throw values.invalid(Flag.PKG_TYPE, "is none of jar, tar, pex, so, dylib");
    }
    return new TopologyFlags(
        values.name(Flag.TOPOLOGY_NAME),
        values.name(Flag.TOPOLOGY_ID),
        values.name(Flag.TOPOLOGY_DEFN_FILE),
        values.name(Flag.TOPOLOGY_BINARY_FILE),
        packageType,
        values.text(Flag.CLASSPATH));
  }

  private static JvmFlags jvm(FlagValues values) {
    Map<String, String> componentOptions;
    try {
      componentOptions = ComponentOptions.read(values.options(Flag.COMPONENT_JVM_OPTS));
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "Invalid value for '" + Flag.COMPONENT_JVM_OPTS.text() + "': " + e.getMessage(), e);
    }
    return new JvmFlags(
        values.text(Flag.HERON_JAVA_HOME),
        values.options(Flag.INSTANCE_JVM_OPTS),
        componentOptions,
        values.ramMap(Flag.COMPONENT_RAM_MAP),
        values.has(Flag.VERBOSE_GC),
        values.ports(Flag.JVM_REMOTE_DEBUGGER_PORTS));
  }

  /** The port of that use. */
  public int port(ExecutorPort port) {
    return ports.get(port);
  }
}
