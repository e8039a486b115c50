package org.apache.heron.executor.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.system.PhysicalPlans.Instance;
import org.apache.heron.spi.topology.TopologyConfig;
import org.apache.heron.spi.topology.TopologyDefinition;

/**
 * A topology's own idea of its size. The definition that it was submitted with keeps the first one;
 * what containers and user code are shown is what the plan says.
 */
public final class PlannedScale {

  private PlannedScale() {}

  /**
   * The topology with the parallelism that these instances are, and so many containers; components
   * without instances, and what the topology does not set, stay as they are.
   */
  public static Topology of(Topology topology, List<Instance> instances, int containers) {
    Map<String, Integer> counts = new HashMap<>();
    instances.forEach(
        instance -> counts.merge(instance.getInfo().getComponentName(), 1, Integer::sum));
    TopologyDefinition scaled = new TopologyDefinition(topology).withParallelism(counts);
    boolean named =
        topology.getTopologyConfig().getKvsList().stream()
            .anyMatch(pair -> pair.getKey().equals(TopologyConfig.STMGRS));
    return named ? scaled.withContainers(containers).topology() : scaled.topology();
  }
}
