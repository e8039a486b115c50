package org.apache.heron.packing.naive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.heron.packing.limits.PackingLimits;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;

/** What must hold of every plan. */
public final class PlanRules {
  private PlanRules() {}

  /** Every instance once, ids unique, and no container above its limits. */
  public static void hold(PackingPlan plan, PackingLimits limits, Map<String, Integer> counts) {
    assertThat(plan.componentCounts()).isEqualTo(counts);
    Set<Integer> tasks = new HashSet<>();
    Map<String, Set<Integer>> indexes = new HashMap<>();
    for (ContainerPlan container : plan.containers()) {
      assertThat(container.id()).isPositive();
      assertThat(container.instances()).hasSizeBetween(1, limits.maxInstances());
      Resource sum = Resource.EMPTY;
      for (InstancePlan instance : container.instances()) {
        assertThat(tasks.add(instance.taskId())).isTrue();
        assertThat(
                indexes
                    .computeIfAbsent(instance.componentName(), name -> new HashSet<>())
                    .add(instance.componentIndex()))
            .isTrue();
        sum = sum.plus(instance.resource());
      }
      Resource used = sum.plus(limits.padding());
      assertThat(used.cpu()).isLessThanOrEqualTo(limits.capacity().cpu() + 1e-9);
      assertThat(used.ram()).isLessThanOrEqualTo(limits.capacity().ram());
      assertThat(used.disk()).isLessThanOrEqualTo(limits.capacity().disk());
      assertThat(container.required().ram()).isEqualTo(used.ram());
    }
  }

  /** What was there and was not removed is where it was. */
  public static void keepsWhatStays(
      PackingPlan before, PackingPlan after, Map<String, Integer> deltas) {
    Map<InstancePlan, Integer> places = places(before);
    List<InstancePlan> moved = new ArrayList<>();
    Map<String, Integer> kept = new HashMap<>();
    places(after)
        .forEach(
            (instance, container) -> {
              Integer place = places.get(instance);
              if (place != null && place.equals(container)) {
                kept.merge(instance.componentName(), 1, Integer::sum);
              } else if (deltas.getOrDefault(instance.componentName(), 0) <= 0) {
                moved.add(instance);
              }
            });
    assertThat(moved).isEmpty();
    before
        .componentCounts()
        .forEach(
            (component, count) ->
                assertThat(kept.getOrDefault(component, 0))
                    .as(component)
                    .isEqualTo(count + Math.min(0, deltas.getOrDefault(component, 0))));
  }

  private static Map<InstancePlan, Integer> places(PackingPlan plan) {
    Map<InstancePlan, Integer> places = new HashMap<>();
    plan.containers()
        .forEach(
            container ->
                container.instances().forEach(instance -> places.put(instance, container.id())));
    return places;
  }
}
