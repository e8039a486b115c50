package org.apache.heron.packing.parallelism;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.packing.PackingException;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.topology.TopologyConfig;

/**
 * Instances per component; immutable.
 *
 * <p>The order is that of a {@link HashMap} filled with the spouts and then the bolts, because
 * upstream's plans follow it and users compare plans: {@code spout, bolt, exclaim1, word}, …
 *
 * @param counts iterates in packing order
 */
public record Parallelism(Map<String, Integer> counts) {

  public Parallelism {
    counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
  }

  /** What the topology's definition says. */
  public static Parallelism of(Topology topology) {
    // One by one: a HashMap made of another has twice the buckets at 12, 24, 48 … entries.
    Map<String, Integer> counts = new HashMap<>();
    TopologyConfig.of(topology).parallelism().forEach(counts::put);
    return new Parallelism(counts);
  }

  /**
   * What a running plan has, changed.
   *
   * @param deltas instances to add, or to remove if negative
   * @throws PackingException for a component that is not in the topology or would fall below 0
   */
  public static Parallelism of(Topology topology, PackingPlan plan, Map<String, Integer> deltas) {
    Map<String, Integer> running = plan.componentCounts();
    Map<String, Integer> counts = new HashMap<>();
    for (String component : TopologyConfig.of(topology).components().keySet()) {
      counts.put(component, running.getOrDefault(component, 0));
    }
    deltas.forEach(
        (component, delta) -> {
          Integer before = counts.get(component);
          if (before == null) {
            throw new PackingException(
                "Component '" + component + "' is not in topology '" + topology.getName() + "'");
          }
          if (before + delta < 0) {
            throw new PackingException(
                "Cannot remove instance. No more instances of component "
                    + component
                    + " exist in the containers: it has "
                    + before
                    + ", and "
                    + -(long) delta
                    + " were to be removed");
          }
          counts.put(component, Math.addExact(before, delta));
        });
    return new Parallelism(counts);
  }

  /** Instances of all components. */
  public int total() {
    int total = 0;
    for (int count : counts.values()) {
      total = Math.addExact(total, count);
    }
    return total;
  }
}
