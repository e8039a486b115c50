package org.apache.heron.spi.packing;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which instance runs in which container.
 *
 * @param id the topology's id
 * @param containers by container id
 */
public record PackingPlan(String id, List<ContainerPlan> containers) {

  public PackingPlan {
    containers = containers.stream().sorted(Comparator.comparingInt(ContainerPlan::id)).toList();
  }

  /** The container of that id. */
  public Optional<ContainerPlan> container(int containerId) {
    int low = 0;
    int high = containers.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (containers.get(middle).id() < containerId) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < containers.size() && containers.get(low).id() == containerId
        ? Optional.of(containers.get(low))
        : Optional.empty();
  }

  /** Instances per component. */
  public Map<String, Integer> componentCounts() {
    Map<String, Integer> counts = new TreeMap<>();
    containers.forEach(
        container ->
            container
                .instances()
                .forEach(instance -> counts.merge(instance.componentName(), 1, Integer::sum)));
    return counts;
  }

  /** The smallest instance RAM of each component. */
  public Map<String, ByteAmount> componentRam() {
    Map<String, ByteAmount> ram = new TreeMap<>();
    containers.forEach(
        container ->
            container
                .instances()
                .forEach(
                    instance ->
                        ram.merge(
                            instance.componentName(),
                            instance.resource().ram(),
                            (a, b) -> a.compareTo(b) <= 0 ? a : b)));
    return ram;
  }

  /** Upstream's form, used by raw dry runs. */
  @Override
  public String toString() {
    return String.format("{plan-id: %s, containers-list: %s}", id, containers);
  }
}
