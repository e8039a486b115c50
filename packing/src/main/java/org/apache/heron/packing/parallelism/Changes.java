package org.apache.heron.packing.parallelism;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.packing.PackingException;
import org.apache.heron.spi.packing.PackingPlan;

/**
 * An update's differences, apart into those that add and those that remove; immutable.
 *
 * @param added instances to add by component, above 0, in packing order
 * @param removed instances to remove by component, above 0, in packing order
 */
public record Changes(Map<String, Integer> added, Map<String, Integer> removed) {

  public Changes {
    added = Collections.unmodifiableMap(new LinkedHashMap<>(added));
    removed = Collections.unmodifiableMap(new LinkedHashMap<>(removed));
  }

  /**
   * Checks the differences and sets them in order: that of a {@link HashMap} of those components
   * alone, as upstream's.
   *
   * @throws PackingException for a component that is not in the topology, or has not so many
   *     instances to remove
   */
  public static Changes of(Topology topology, PackingPlan plan, Map<String, Integer> deltas) {
    Parallelism.of(topology, plan, deltas);
    Map<String, Integer> added = new HashMap<>();
    Map<String, Integer> removed = new HashMap<>();
    deltas.forEach(
        (component, delta) -> {
          if (delta > 0) {
            added.put(component, delta);
          } else if (delta < 0) {
            removed.put(component, Math.negateExact(delta));
          }
        });
    return new Changes(added, removed);
  }
}
