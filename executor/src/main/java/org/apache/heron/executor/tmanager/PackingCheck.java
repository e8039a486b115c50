package org.apache.heron.executor.tmanager;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.system.PackingPlans.ContainerPlan;
import org.apache.heron.proto.system.PackingPlans.InstancePlan;
import org.apache.heron.proto.system.PackingPlans.PackingPlan;

/** Whether a topology could run by a packing plan. */
public final class PackingCheck {
  private PackingCheck() {}

  /** The first thing that is wrong with the plan. */
  public static Optional<String> problem(PackingPlan packing, Topology topology) {
    Set<String> components = components(topology);
    Set<String> missing = new TreeSet<>(components);
    Set<Integer> containers = new HashSet<>();
    Set<Integer> tasks = new HashSet<>();
    for (ContainerPlan container : packing.getContainerPlansList()) {
      if (container.getId() < 1 || !containers.add(container.getId())) {
        return Optional.of("container " + container.getId() + " is below 1 or there twice");
      }
      for (InstancePlan instance : container.getInstancePlansList()) {
        if (!components.contains(instance.getComponentName())) {
          return Optional.of("the topology has no component " + instance.getComponentName());
        }
        if (!tasks.add(instance.getTaskId())) {
          return Optional.of("task " + instance.getTaskId() + " is there twice");
        }
        missing.remove(instance.getComponentName());
      }
    }
    return missing.isEmpty() ? Optional.empty() : Optional.of("no instances of " + missing);
  }

  private static Set<String> components(Topology topology) {
    Set<String> names = new HashSet<>();
    topology.getSpoutsList().forEach(spout -> names.add(spout.getComp().getName()));
    topology.getBoltsList().forEach(bolt -> names.add(bolt.getComp().getName()));
    return names;
  }
}
