package org.apache.heron.framework.task;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.heron.framework.core.TaskDescriber;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.placement.Placed;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.executor.ExecutorCommand;
import org.apache.heron.spi.executor.ExecutorPort;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.DiscoveryInfo;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.Environment;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.Label;
import org.apache.mesos.v1.Protos.Labels;
import org.apache.mesos.v1.Protos.Port;
import org.apache.mesos.v1.Protos.Ports;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;

/**
 * Describes containers as command tasks that run the executor: both packages fetched and unpacked
 * in the sandbox, as the user that the role names.
 *
 * @param cluster configuration with paths relative to a sandbox
 * @param componentRam smallest RAM of each component's instances
 * @param corePackage URI of the core package
 * @param topologyPackage URI of the topology package
 * @param options what the configuration says of every task
 */
public record ContainerTasks(
    Config cluster,
    Topology topology,
    Map<String, ByteAmount> componentRam,
    String corePackage,
    String topologyPackage,
    TaskOptions options)
    implements TaskDescriber {

  /** Copies the map and checks that the packages are named. */
  public ContainerTasks {
    componentRam = Map.copyOf(componentRam);
    Objects.requireNonNull(corePackage);
    Objects.requireNonNull(topologyPackage);
  }

  /** With what is usual for tasks, but for the time between SIGTERM and SIGKILL. */
  public ContainerTasks(
      Config cluster,
      Topology topology,
      Map<String, ByteAmount> componentRam,
      String corePackage,
      String topologyPackage,
      Duration killGrace) {
    this(
        cluster,
        topology,
        componentRam,
        corePackage,
        topologyPackage,
        TaskOptions.usual(killGrace));
  }

  @Override
  public List<String> fetched() {
    return List.of(corePackage, topologyPackage);
  }

  @Override
  public TaskInfo describe(TaskId id, Placed placed, AgentId agent) {
    int container = placed.container().value();
    Map<ExecutorPort, Integer> ports = portsOf(placed.ports());
    TaskInfo.Builder task = TaskInfo.newBuilder();
    Optional.ofNullable(ports.get(ExecutorPort.SHELL))
        .flatMap(shell -> options.health().toProto(shell))
        .ifPresent(task::setHealthCheck);
    options.container().toProto().ifPresent(task::setContainer);
    return task.setName("container_" + container + "_" + topology.getName())
        .setTaskId(TaskID.newBuilder().setValue(id.value()))
        .setAgentId(AgentID.newBuilder().setValue(agent.value()))
        .addAllResources(placed.resources())
        .setCommand(command(placed, ports))
        .setLabels(labels(container))
        .setDiscovery(discovery(container, ports))
        .setKillPolicy(
            KillPolicy.newBuilder()
                .setGracePeriod(
                    DurationInfo.newBuilder().setNanoseconds(options.killGrace().toNanos())))
        .build();
  }

  /** The ports by their use; they are allotted in the order of {@link ExecutorPort}. */
  public static Map<ExecutorPort, Integer> portsOf(List<Integer> allotted) {
    Map<ExecutorPort, Integer> ports = new EnumMap<>(ExecutorPort.class);
    int next = 0;
    for (ExecutorPort port : ExecutorPort.values()) {
      if (next < allotted.size()) {
        ports.put(port, allotted.get(next++));
      }
    }
    return ports;
  }

  private CommandInfo command(Placed placed, Map<ExecutorPort, Integer> ports) {
    int container = placed.container().value();
    String line = ExecutorCommand.of(cluster, topology, componentRam, container, ports).shellLine();
    CommandInfo.Builder command =
        CommandInfo.newBuilder()
            .setShell(true)
            // An image may name another working directory than the sandbox, where the packages are.
            // The shell gives way to the executor, so that it is the executor that gets SIGTERM.
            .setValue("cd \"${MESOS_SANDBOX:-.}\" && exec " + line)
            .addUris(new PackageUri(topologyPackage, topology.getId()).toProto())
            .addUris(new PackageUri(corePackage, topology.getId()).toProto())
            .setEnvironment(environment(placed));
    cluster.optionalString(Key.ROLE).filter(role -> !role.isBlank()).ifPresent(command::setUser);
    return command.build();
  }

  private Environment environment(Placed placed) {
    Environment.Builder environment =
        Environment.newBuilder()
            .addVariables(variable("HERON_TOPOLOGY", topology.getName()))
            .addVariables(variable("HERON_CONTAINER", placed.container().toString()));
    if (!placed.container().equals(ContainerId.MANAGER)) {
      // The heap of the container's JVM is a part of it; container 0 has a heap of its own.
      long bytes = (long) (placed.size().memMb() * (1 << 20));
      environment.addVariables(variable("HERON_CONTAINER_RAM", Long.toString(bytes)));
    }
    options.environment().forEach((name, value) -> environment.addVariables(variable(name, value)));
    return environment.build();
  }

  private static Environment.Variable variable(String name, String value) {
    return Environment.Variable.newBuilder()
        .setName(name)
        .setType(Environment.Variable.Type.VALUE)
        .setValue(value)
        .build();
  }

  private Labels labels(int container) {
    Labels.Builder labels = Labels.newBuilder();
    labels
        .addLabels(label("heron.topology", topology.getName()))
        .addLabels(label("heron.topology.id", topology.getId()))
        .addLabels(label("heron.container", Integer.toString(container)))
        .addLabels(label("heron.cluster", cluster.optionalString(Key.CLUSTER).orElse("")))
        .addLabels(label("heron.role", cluster.optionalString(Key.ROLE).orElse("")))
        .addLabels(label("heron.environ", cluster.optionalString(Key.ENVIRON).orElse("")));
    options.labels().forEach((name, value) -> labels.addLabels(label(name, value)));
    return labels.build();
  }

  private static Label label(String key, String value) {
    return Label.newBuilder().setKey(key).setValue(value).build();
  }

  private DiscoveryInfo discovery(int container, Map<ExecutorPort, Integer> ports) {
    Ports.Builder list = Ports.newBuilder();
    ports.forEach(
        (port, number) ->
            list.addPorts(
                Port.newBuilder().setNumber(number).setName(port.portName()).setProtocol("tcp")));
    return DiscoveryInfo.newBuilder()
        .setVisibility(options.visibility())
        .setName(topology.getName() + "-" + container)
        .setPorts(list)
        .build();
  }
}
