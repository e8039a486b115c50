package org.apache.heron.scheduler.local;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.scheduler.local.process.Job;
import org.apache.heron.scheduler.local.process.Remains;
import org.apache.heron.scheduler.local.sandbox.Layout;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.executor.ExecutorCommand;
import org.apache.heron.spi.executor.ExecutorPort;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.topology.TopologyConfig;

/** Makes the command and the environment of a container, as a cluster's scheduler does. */
final class Jobs {
  private final Config config;
  private final Topology topology;
  private volatile PackingPlan plan;

  Jobs(Config config, Topology topology, PackingPlan plan) {
    this.config = config;
    this.topology = topology;
    this.plan = plan;
  }

  /** From now on containers are started by this plan. */
  void follow(PackingPlan wanted) {
    plan = wanted;
  }

  PackingPlan plan() {
    return plan;
  }

  /** How many ports a container needs: the executor's, and one for each instance's debugger. */
  int portCount(int container) {
    int debuggers =
        TopologyConfig.of(topology).remoteDebugging()
            ? plan.container(container).map(each -> each.instances().size()).orElse(0)
            : 0;
    return ExecutorPort.values().length + debuggers;
  }

  /** Bytes by container; container 0, which is in no plan, has a heap of its own. */
  static Map<Integer, Long> ram(PackingPlan plan) {
    Map<Integer, Long> ram = new HashMap<>();
    ram.put(0, 0L);
    plan.containers()
        .forEach(container -> ram.put(container.id(), container.required().ram().bytes()));
    return ram;
  }

  /**
   * What is run.
   *
   * @param ports in the order of {@link ExecutorPort}, debuggers' last
   * @param ram bytes that the container may use; 0 if that is not limited
   */
  Job job(int container, Path sandbox, List<Integer> ports, long ram) {
    String line =
        ExecutorCommand.of(config, topology, plan.componentRam(), container, named(ports))
            .withDebuggerPorts(ports.subList(ExecutorPort.values().length, ports.size()))
            .shellLine();
    Map<String, String> environment = new HashMap<>();
    environment.put(Remains.TOPOLOGY_VARIABLE, topology.getName());
    environment.put("HERON_CONTAINER", Integer.toString(container));
    if (ram > 0) {
      // The heap of the container's JVM is a part of it.
      environment.put("HERON_CONTAINER_RAM", Long.toString(ram));
    }
    return new Job(line, environment, sandbox, Layout.output(container));
  }

  /** The executor's ports by their use. */
  static Map<ExecutorPort, Integer> named(List<Integer> ports) {
    Map<ExecutorPort, Integer> named = new EnumMap<>(ExecutorPort.class);
    int next = 0;
    for (ExecutorPort port : ExecutorPort.values()) {
      if (next < ports.size()) {
        named.put(port, ports.get(next++));
      }
    }
    return named;
  }

  /** The port at which a container answers, sooner or later. */
  static int shellPort(List<Integer> ports) {
    return named(ports).get(ExecutorPort.SHELL);
  }
}
