package org.apache.heron.packing.binpacking;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.packing.draft.PlanDraft;
import org.apache.heron.packing.draft.RoomTree;
import org.apache.heron.packing.limits.PackingLimits;
import org.apache.heron.packing.parallelism.Changes;
import org.apache.heron.packing.parallelism.Parallelism;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.IPacking;
import org.apache.heron.spi.packing.IRepacking;
import org.apache.heron.spi.packing.PackingException;
import org.apache.heron.spi.packing.PackingPlan;

/**
 * Puts the instances of the biggest components first, each into the first container that has room,
 * and takes a new container when none has; {@code topology.stmgrs} does not matter.
 *
 * <p>Repacking keeps the containers, task ids and indexes of the instances that stay. The plans are
 * upstream's, but:
 *
 * <ul>
 *   <li>a new container gets the highest id and one; upstream counts the containers, which where
 *       ids have gaps is the id of one that is there and full, so that its repacking fails;
 *   <li>of a component's instances in a container the highest task ids are removed; upstream takes
 *       any;
 *   <li>a component without instances can get some again; upstream fails then.
 * </ul>
 *
 * <p>Not thread-safe.
 */
public final class FirstFitDecreasingPacking implements IPacking, IRepacking {
  private static final double MINIMUM_INSTANCE_CPU = 0.1;

  private Topology topology;
  private PackingLimits limits;
  private SortingStrategy sorting;

  /** Created by the name in {@code heron.class.packing.algorithm}. */
  public FirstFitDecreasingPacking() {}

  @Override
  public void initialize(Config config, Topology topology) {
    this.topology = topology;
    limits = PackingLimits.of(config, topology).withDensity(topology);
    sorting = SortingStrategy.of(topology);
    limits
        .sizes()
        .forEach(
            (component, size) -> {
              if (size.cpu() < MINIMUM_INSTANCE_CPU) {
                throw new PackingException(
                    "An instance of component '"
                        + component
                        + "' would have "
                        + size.cpu()
                        + " cores; the least is "
                        + MINIMUM_INSTANCE_CPU
                        + ". Raise topology.component.cpumap");
              }
            });
  }

  @Override
  public PackingPlan pack() {
    return fill(PlanDraft.empty(limits), Parallelism.of(topology).counts());
  }

  @Override
  public PackingPlan repack(PackingPlan current, Map<String, Integer> deltas) {
    Changes changes = Changes.of(topology, current, deltas);
    return fill(PlanDraft.of(limits, current, sorted(changes.removed())), changes.added());
  }

  private PackingPlan fill(PlanDraft draft, Map<String, Integer> added) {
    try {
      RoomTree tree = new RoomTree(limits, draft);
      sorted(added).forEach((component, count) -> fill(draft, tree, component, count));
      return draft.build(topology.getId());
    } catch (ArithmeticException e) {
      throw new PackingException(
          "The resources of topology '" + topology.getName() + "' add up to more than 2^63 bytes",
          e);
    }
  }

  private void fill(PlanDraft draft, RoomTree tree, String component, int count) {
    tree.lookFor(limits.size(component));
    for (int i = 0; i < count; i++) {
      int position = tree.firstFrom(0);
      if (position < 0) {
        position = draft.addContainer();
        tree.append(1);
      }
      tree.take(position);
      draft.add(position, component);
    }
  }

  private Map<String, Integer> sorted(Map<String, Integer> counts) {
    Comparator<String> biggestFirst = Comparator.comparing(limits::size, sorting.biggestFirst());
    List<String> components = counts.keySet().stream().sorted(biggestFirst).toList();
    Map<String, Integer> sorted = new LinkedHashMap<>();
    components.forEach(component -> sorted.put(component, counts.get(component)));
    return sorted;
  }

  /**
   * Not supported, as upstream: it takes as few containers as it can.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public PackingPlan repack(PackingPlan current, int containers, Map<String, Integer> deltas) {
    throw new UnsupportedOperationException(
        "FirstFitDecreasingPacking does not currently support creating a new packing plan with a new"
            + " number of containers; leave out --container-number, or set"
            + " heron.class.repacking.algorithm to a packing that does");
  }

  @Override
  public void close() {}
}
