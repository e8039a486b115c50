package org.apache.heron.spi.executor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.topology.ReliabilityMode;
import org.apache.heron.spi.topology.TopologyConfig;

/**
 * The command that a container runs: {@code ./heron-core/bin/heron-executor --flag=value …} with
 * upstream's flags in upstream's order, so that upstream's executor understands it too.
 *
 * @param words the binary first; each is one argument, not quoted for any shell
 */
public record ExecutorCommand(List<String> words) {
  private static final String JAVA_HOME_FLAG = "--heron-java-home=";
  private static final ByteAmount DEFAULT_CHECKPOINT_MANAGER_RAM = ByteAmount.ofGigabytes(1);

  public ExecutorCommand {
    words = List.copyOf(words);
  }

  /**
   * The whole command of one container.
   *
   * @param cluster configuration with paths relative to the container's sandbox (cluster mode)
   * @param componentRam RAM of one instance of each component
   * @param container the container's id; 0 is the topology manager's
   * @param ports one for every {@link ExecutorPort}
   * @throws org.apache.heron.spi.config.ConfigException if a value that the command needs is not
   *     configured
   * @throws org.apache.heron.spi.topology.TopologyException if a setting of the topology is
   *     malformed
   * @throws IllegalArgumentException if a port is missing
   */
  public static ExecutorCommand of(
      Config cluster,
      Topology topology,
      Map<String, ByteAmount> componentRam,
      int container,
      Map<ExecutorPort, Integer> ports) {
    List<String> words = new ArrayList<>();
    words.add(cluster.string(Key.EXECUTOR_BINARY));
    words.addAll(topologyArguments(cluster, topology, componentRam));
    words.add("--shard=" + container);
    for (ExecutorPort port : ExecutorPort.values()) {
      Integer number = ports.get(port);
      if (number == null) {
        throw new IllegalArgumentException("Required port " + port.portName() + " not provided");
      }
      words.add(port.flag() + "=" + number);
    }
    return new ExecutorCommand(words);
  }

  /**
   * The whole command of one container whose ports are known only where it starts, in variables of
   * the environment.
   *
   * @param portVariable the name of each port's variable
   */
  public static ExecutorCommand withPortVariables(
      Config cluster,
      Topology topology,
      Map<String, ByteAmount> componentRam,
      int container,
      Function<ExecutorPort, String> portVariable) {
    List<String> words = new ArrayList<>();
    words.add(cluster.string(Key.EXECUTOR_BINARY));
    words.addAll(topologyArguments(cluster, topology, componentRam));
    words.add("--shard=" + container);
    for (ExecutorPort port : ExecutorPort.values()) {
      words.add(port.flag() + "=${" + portVariable.apply(port) + "}");
    }
    return new ExecutorCommand(words);
  }

  /**
   * The arguments that are the same in every container, without shard and ports: Aurora binds them
   * as one text and adds the others itself.
   */
  public static List<String> topologyArguments(
      Config cluster, Topology topology, Map<String, ByteAmount> componentRam) {
    TopologyConfig settings = TopologyConfig.of(topology);
    Words words = new Words(cluster);
    words.add("--topology-name", topology.getName());
    words.add("--topology-id", topology.getId());
    words.add("--topology-defn-file", baseName(cluster.string(Key.TOPOLOGY_DEFINITION_FILE)));
    words.add("--state-manager-connection", Key.STATEMGR_CONNECTION_STRING);
    words.add("--state-manager-root", Key.STATEMGR_ROOT_PATH);
    words.add("--state-manager-config-file", Key.STATEMGR_YAML);
    words.add("--tmanager-binary", Key.TMANAGER_BINARY);
    words.add("--stmgr-binary", Key.STMGR_BINARY);
    words.add("--metrics-manager-classpath", Key.METRICSMGR_CLASSPATH);
    words.add("--instance-jvm-opts", EncodedOptions.encode(settings.workerChildOpts()));
    words.add("--classpath", topologyClasspath(cluster, settings));
    words.add("--heron-internals-config-file", Key.SYSTEM_YAML);
    words.add("--override-config-file", Key.OVERRIDE_YAML);
    words.add("--component-ram-map", ramMap(componentRam));
    words.add("--component-jvm-opts", EncodedOptions.encode(settings.componentJvmOpts()));
    words.add("--pkg-type", packageType(cluster));
    words.add("--topology-binary-file", baseName(cluster.string(Key.TOPOLOGY_BINARY_FILE)));
    words.add("--heron-java-home", Key.HERON_CLUSTER_JAVA_HOME);
    if (cluster.bool(Key.VERBOSE_GC)) {
      words.add("--verbose-gc");
    }
    words.add("--heron-shell-binary", Key.SHELL_BINARY);
    addEnvironment(words, cluster, settings);
    return words.list;
  }

  private static void addEnvironment(Words words, Config cluster, TopologyConfig settings) {
    words.add("--cluster", Key.CLUSTER);
    words.add("--role", Key.ROLE);
    words.add("--environment", Key.ENVIRON);
    words.add("--instance-classpath", Key.INSTANCE_CLASSPATH);
    words.add("--metrics-sinks-config-file", Key.METRICS_YAML);
    words.add(
        "--scheduler-classpath",
        joined(cluster, Key.SCHEDULER_CLASSPATH, Key.PACKING_CLASSPATH, Key.STATEMGR_CLASSPATH));
    words.add("--python-instance-binary", Key.PYTHON_INSTANCE_BINARY);
    words.add("--cpp-instance-binary", Key.CPP_INSTANCE_BINARY);
    words.add("--metricscache-manager-classpath", Key.METRICSCACHEMGR_CLASSPATH);
    words.add("--metricscache-manager-mode", orDisabled(cluster, Key.METRICSCACHEMGR_MODE));
    words.add(
        "--is-stateful",
        Boolean.toString(settings.reliabilityMode() == ReliabilityMode.EFFECTIVELY_ONCE));
    words.add(
        "--checkpoint-manager-classpath",
        joined(cluster, Key.CKPTMGR_CLASSPATH, Key.STATEFULSTORAGE_CLASSPATH)
            + ":"
            + cluster.optionalString(Key.STATEFUL_STORAGE_CUSTOM_CLASSPATH).orElse(""));
    words.add("--stateful-config-file", Key.STATEFUL_YAML);
    words.add(
        "--checkpoint-manager-ram",
        Long.toString(
            settings.checkpointManagerRam().orElse(DEFAULT_CHECKPOINT_MANAGER_RAM).bytes()));
    words.add("--health-manager-mode", orDisabled(cluster, Key.HEALTHMGR_MODE));
    words.add("--health-manager-classpath", Key.HEALTHMGR_CLASSPATH);
  }

  /** This command with a debugger port for each instance, in the order of upstream's list. */
  public ExecutorCommand withDebuggerPorts(List<Integer> ports) {
    if (ports.isEmpty()) {
      return this;
    }
    List<String> longer = new ArrayList<>(words);
    longer.add(
        "--jvm-remote-debugger-ports="
            + ports.stream().map(String::valueOf).collect(Collectors.joining(",")));
    return new ExecutorCommand(longer);
  }

  /**
   * The command as one line for {@code sh -c}: the shell passes every word on as it is, except that
   * a {@code $NAME} in the Java home is left for it to expand, because configurations ship {@code
   * heron.directory.sandbox.java.home: $JAVA_HOME} for exactly that, and so are ports' variables.
   */
  public String shellLine() {
    return words.stream()
        .map(
            word ->
                word.startsWith(JAVA_HOME_FLAG) || isPort(word)
                    ? ShellWords.quoteExceptVariables(word)
                    : ShellWords.quote(word))
        .collect(Collectors.joining(" "));
  }

  private static boolean isPort(String word) {
    return Arrays.stream(ExecutorPort.values())
        .anyMatch(port -> word.startsWith(port.flag() + "="));
  }

  /** The map as upstream writes it: {@code component:bytes,component:bytes}, sorted by name. */
  public static String ramMap(Map<String, ByteAmount> componentRam) {
    return new TreeMap<>(componentRam)
        .entrySet().stream()
            .map(entry -> entry.getKey() + ":" + entry.getValue().bytes())
            .collect(Collectors.joining(","));
  }

  private static String topologyClasspath(Config cluster, TopologyConfig settings) {
    String binary = baseName(cluster.string(Key.TOPOLOGY_BINARY_FILE));
    String own =
        binary.endsWith(".jar")
            ? binary
            : "libs/*:" + binary.replaceFirst("(\\.tar\\.gz|\\.tgz|\\.tar)$", "") + ".jar";
    String additional = settings.additionalClasspath();
    return additional.isEmpty() ? own : own + ":" + additional;
  }

  private static String packageType(Config cluster) {
    Optional<String> configured = cluster.optionalString(Key.TOPOLOGY_PACKAGE_TYPE);
    if (configured.isPresent()) {
      return configured.get().toLowerCase(Locale.ROOT);
    }
    String binary = baseName(cluster.string(Key.TOPOLOGY_BINARY_FILE));
    if (binary.matches(".*\\.(tar|tar\\.gz|tgz)")) {
      return "tar";
    }
    return binary.substring(binary.lastIndexOf('.') + 1);
  }

  private static String orDisabled(Config cluster, Key key) {
    return cluster.optionalString(key).orElse("disabled");
  }

  private static String joined(Config cluster, Key... keys) {
    return Arrays.stream(keys).map(cluster::string).collect(Collectors.joining(":"));
  }

  private static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Collects {@code --flag=value} words. */
  private static final class Words {
    private final Config config;
    private final List<String> list = new ArrayList<>();

    Words(Config config) {
      this.config = config;
    }

    void add(String flag, String value) {
      list.add(flag + "=" + value);
    }

    void add(String flag, Key key) {
      add(flag, config.string(key));
    }

    void add(String flag) {
      list.add(flag);
    }
  }
}
