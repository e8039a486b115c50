package org.apache.heron.service.update;

import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.topology.TopologyConfig;
import org.apache.heron.spi.topology.TopologyDefinition;

/** The definition in shared state, as a packing plan changes it. Pure. */
final class TopologyRewrite {
  private TopologyRewrite() {}

  /**
   * The definition with the plan's parallelism and number of containers.
   *
   * <p>Repacking derives the number of containers from the instances that a container has on
   * average. That number must not creep with every rounding of repeated updates, so it is kept
   * beside the rest, unless the plan was made for another one.
   */
  static Topology of(Topology topology, PackingPlan plan) {
    int containers = plan.containers().size();
    int instances =
        plan.componentCounts().values().stream()
            .mapToInt(Integer::intValue)
            .reduce(0, Math::addExact);
    double average = TopologyConfig.of(topology).instancesPerContainer();
    boolean kept = (int) Math.ceil(instances / average) == containers;
    double next = kept ? average : (double) instances / containers;
    return new TopologyDefinition(topology)
        .withParallelism(plan.componentCounts())
        .withContainers(containers)
        .with(TopologyConfig.INSTANCES_PER_CONTAINER, Double.toString(next))
        .topology();
  }
}
