package org.apache.heron.spi.packing;

import java.util.List;
import java.util.Optional;

/**
 * One container of the plan; container 0 (the topology manager's) is never in a plan.
 *
 * @param id from 1; ids may have gaps
 * @param instances by task id
 * @param required what the container needs
 * @param scheduled what a scheduler asked for instead, if it said so
 */
public record ContainerPlan(
    int id, List<InstancePlan> instances, Resource required, Optional<Resource> scheduled) {

  public ContainerPlan {
    instances =
        instances.stream().sorted(java.util.Comparator.comparingInt(InstancePlan::taskId)).toList();
  }

  public ContainerPlan(int id, List<InstancePlan> instances, Resource required) {
    this(id, instances, required, Optional.empty());
  }

  /** Upstream's form, used by raw dry runs. */
  @Override
  public String toString() {
    String text =
        String.format(
            "{container-id: %s, instances-list: %s, required-resource: %s",
            id, instances, required);
    return scheduled.map(value -> text + ", scheduled-resource: " + value).orElse(text) + "}";
  }
}
