package org.apache.heron.service.update;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.PackingPlan;

/**
 * What differs between two packing plans, by container id, as upstream counts it: a container that
 * both have stays, whatever its instances. Immutable.
 *
 * @param added ids that only the new plan has
 * @param removed containers that only the old plan has, without instances
 */
record PlanChange(Set<Integer> added, List<ContainerPlan> removed) {
  PlanChange {
    added = Set.copyOf(added);
    removed = List.copyOf(removed);
  }

  static PlanChange between(PackingPlan current, PackingPlan proposed) {
    Set<Integer> before = ids(current);
    Set<Integer> after = ids(proposed);
    Set<Integer> added = new TreeSet<>(after);
    added.removeAll(before);
    List<ContainerPlan> removed =
        current.containers().stream()
            .filter(container -> !after.contains(container.id()))
            .map(c -> new ContainerPlan(c.id(), List.of(), c.required(), c.scheduled()))
            .toList();
    return new PlanChange(added, removed);
  }

  /** The plan with these containers besides its own. */
  static PackingPlan union(PackingPlan plan, List<ContainerPlan> others) {
    Set<Integer> own = ids(plan);
    List<ContainerPlan> all = new ArrayList<>(plan.containers());
    others.stream().filter(container -> !own.contains(container.id())).forEach(all::add);
    return new PackingPlan(plan.id(), all);
  }

  /**
   * The plan with other ids of containers.
   *
   * @param numbers old id to new one
   */
  static PackingPlan renumbered(PackingPlan plan, Map<Integer, Integer> numbers) {
    return new PackingPlan(
        plan.id(),
        plan.containers().stream()
            .map(
                c ->
                    new ContainerPlan(
                        numbers.getOrDefault(c.id(), c.id()),
                        c.instances(),
                        c.required(),
                        c.scheduled()))
            .toList());
  }

  private static Set<Integer> ids(PackingPlan plan) {
    return plan.containers().stream().map(ContainerPlan::id).collect(Collectors.toSet());
  }
}
