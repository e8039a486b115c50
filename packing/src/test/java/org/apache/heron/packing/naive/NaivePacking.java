package org.apache.heron.packing.naive;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.heron.packing.limits.PackingLimits;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;

/** The packings with nothing but loops, as the rules are written down; slow. */
public final class NaivePacking {
  private final PackingLimits limits;
  private final TreeMap<Integer, List<InstancePlan>> containers = new TreeMap<>();

  private NaivePacking(PackingLimits limits, Optional<PackingPlan> current) {
    this.limits = limits;
    current.ifPresent(
        plan ->
            plan.containers().forEach(c -> containers.put(c.id(), new ArrayList<>(c.instances()))));
  }

  /** Strictly in turn, with ever more containers. */
  public static PackingPlan resourceCompliant(
      PackingLimits limits, String id, int wanted, Map<String, Integer> parallelism) {
    int total = parallelism.values().stream().mapToInt(Integer::intValue).sum();
    for (int containers = Math.min(wanted, total); ; containers++) {
      NaivePacking packing = new NaivePacking(limits, Optional.empty());
      for (int i = 1; i <= containers; i++) {
        packing.containers.put(i, new ArrayList<>());
      }
      if (packing.dealStrictly(parallelism, containers)) {
        return packing.build(id);
      }
    }
  }

  private boolean dealStrictly(Map<String, Integer> parallelism, int count) {
    int cursor = 1;
    for (Map.Entry<String, Integer> component : parallelism.entrySet()) {
      for (int i = 0; i < component.getValue(); i++) {
        if (!fits(cursor, component.getKey())) {
          return false;
        }
        add(cursor, component.getKey());
        cursor = cursor == count ? 1 : cursor + 1;
      }
    }
    return true;
  }

  /** In turn where there is room, with ever more containers. */
  public static PackingPlan resourceCompliant(
      PackingLimits limits,
      PackingPlan current,
      int from,
      Map<String, Integer> removed,
      Map<String, Integer> added) {
    for (int containers = from; ; containers++) {
      NaivePacking packing = new NaivePacking(limits, Optional.of(current));
      removed.forEach(packing::remove);
      while (packing.containers.size() < containers) {
        packing.containers.put(packing.containers.lastKey() + 1, new ArrayList<>());
      }
      if (packing.dealFlexibly(added, containers)) {
        return packing.build(current.id());
      }
    }
  }

  private boolean dealFlexibly(Map<String, Integer> added, int count) {
    int cursor = 1;
    for (Map.Entry<String, Integer> component : added.entrySet()) {
      for (int i = 0; i < component.getValue(); i++) {
        int first = cursor;
        Optional<Integer> chosen =
            containers.keySet().stream()
                .sorted(Comparator.comparingInt(id -> id >= first ? id - first : id + count))
                .filter(id -> fits(id, component.getKey()))
                .findFirst();
        if (chosen.isEmpty()) {
          return false;
        }
        add(chosen.get(), component.getKey());
        cursor = chosen.get() == count ? 1 : chosen.get() + 1;
      }
    }
    return true;
  }

  /** Into the first container with room; components come in the order of the map. */
  public static PackingPlan firstFit(
      PackingLimits limits,
      String id,
      Optional<PackingPlan> current,
      Map<String, Integer> removed,
      Map<String, Integer> added) {
    NaivePacking packing = new NaivePacking(limits, current);
    removed.forEach(packing::remove);
    added.forEach(
        (component, count) -> {
          for (int i = 0; i < count; i++) {
            int chosen =
                packing.containers.keySet().stream()
                    .filter(container -> packing.fits(container, component))
                    .findFirst()
                    .orElseGet(packing::addContainer);
            packing.add(chosen, component);
          }
        });
    return packing.build(id);
  }

  private int addContainer() {
    int id = containers.isEmpty() ? 1 : containers.lastKey() + 1;
    containers.put(id, new ArrayList<>());
    return id;
  }

  private boolean fits(int container, String component) {
    Resource used = used(container).plus(limits.size(component));
    return used.cpu() <= limits.capacity().cpu()
        && used.ram().compareTo(limits.capacity().ram()) <= 0
        && used.disk().compareTo(limits.capacity().disk()) <= 0
        && containers.get(container).size() + 1 <= limits.maxInstances();
  }

  private Resource used(int container) {
    Resource sum = Resource.EMPTY;
    for (InstancePlan instance : containers.get(container)) {
      sum = sum.plus(instance.resource());
    }
    return sum.plus(limits.padding());
  }

  private void add(int container, String component) {
    int task = 1;
    int index = 0;
    for (List<InstancePlan> instances : containers.values()) {
      for (InstancePlan instance : instances) {
        task = Math.max(task, instance.taskId() + 1);
        if (instance.componentName().equals(component)) {
          index = Math.max(index, instance.componentIndex() + 1);
        }
      }
    }
    containers.get(container).add(new InstancePlan(component, task, index, limits.size(component)));
  }

  private void remove(String component, int count) {
    for (int i = 0; i < count; i++) {
      int container =
          containers.keySet().stream()
              .filter(id -> ofComponent(id, component) > 0)
              .min(
                  Comparator.comparing(
                          (Integer id) -> ofComponent(id, component) < containers.get(id).size())
                      .thenComparingInt(id -> containers.get(id).size())
                      .thenComparingDouble(
                          id -> -(double) ofComponent(id, component) / containers.get(id).size())
                      .thenComparing(Comparator.reverseOrder()))
              .orElseThrow();
      InstancePlan victim =
          containers.get(container).stream()
              .filter(instance -> instance.componentName().equals(component))
              .max(Comparator.comparingInt(InstancePlan::taskId))
              .orElseThrow();
      containers.get(container).remove(victim);
    }
  }

  private long ofComponent(int container, String component) {
    return containers.get(container).stream()
        .filter(instance -> instance.componentName().equals(component))
        .count();
  }

  private PackingPlan build(String id) {
    Map<Integer, ContainerPlan> plans = new HashMap<>();
    containers.forEach(
        (container, instances) -> {
          if (!instances.isEmpty()) {
            Resource used = used(container);
            plans.put(
                container,
                new ContainerPlan(
                    container,
                    instances,
                    new Resource(Math.round(used.cpu()), used.ram(), used.disk())));
          }
        });
    return new PackingPlan(id, List.copyOf(plans.values()));
  }
}
