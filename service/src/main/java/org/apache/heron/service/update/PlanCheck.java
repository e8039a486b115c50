package org.apache.heron.service.update;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.topology.TopologyConfig;

/** Whether a proposed packing plan can be the topology's. Pure. */
final class PlanCheck {
  private PlanCheck() {}

  /** What is wrong with the plan, as one line; empty if it can be run. */
  static Optional<String> problem(Topology topology, PackingPlan plan) {
    if (!plan.id().equals(topology.getId())) {
      return Optional.of(
          "the proposed plan is of " + plan.id() + ", not of " + topology.getId() + ", which runs");
    }
    if (plan.containers().isEmpty()) {
      return Optional.of("the proposed plan has no container");
    }
    for (ContainerPlan container : plan.containers()) {
      if (container.id() < 1) {
        return Optional.of(
            "the proposed plan has a container " + container.id() + "; ids begin at 1");
      }
      if (container.instances().isEmpty()) {
        return Optional.of("container " + container.id() + " of the proposed plan is empty");
      }
    }
    return instancesProblem(topology, plan);
  }

  private static Optional<String> instancesProblem(Topology topology, PackingPlan plan) {
    Set<String> components = TopologyConfig.of(topology).components().keySet();
    Set<Integer> tasks = new HashSet<>();
    Map<String, Set<Integer>> indices = new HashMap<>();
    for (ContainerPlan container : plan.containers()) {
      for (InstancePlan instance : container.instances()) {
        String component = instance.componentName();
        if (!components.contains(component)) {
          return Optional.of("the topology has no component '" + component + "'");
        }
        if (!tasks.add(instance.taskId())) {
          return Optional.of("the proposed plan has two tasks " + instance.taskId());
        }
        if (!indices
            .computeIfAbsent(component, name -> new HashSet<>())
            .add(instance.componentIndex())) {
          return Optional.of(
              "the proposed plan has two instances "
                  + instance.componentIndex()
                  + " of component '"
                  + component
                  + "'");
        }
      }
    }
    return components.stream()
        .filter(component -> !indices.containsKey(component))
        .findFirst()
        .map(component -> "the proposed plan has no instance of component '" + component + "'");
  }
}
