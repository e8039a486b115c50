package org.apache.heron.packing.roundrobin;

import java.util.Map;
import org.apache.heron.packing.draft.PlanDraft;
import org.apache.heron.packing.limits.PackingLimits;
import org.apache.heron.packing.parallelism.Changes;
import org.apache.heron.packing.parallelism.Parallelism;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.IPacking;
import org.apache.heron.spi.packing.IRepacking;
import org.apache.heron.spi.packing.PackingException;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;
import org.apache.heron.spi.topology.TopologyConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deals instances to containers in turn, and takes as many containers more than {@code
 * topology.stmgrs} as it needs for none to hold more than its capacity.
 *
 * <p>Repacking keeps the containers, task ids and indexes of the instances that stay. It first
 * removes, from containers that hold nothing else or little, then adds, in turn, to those with
 * room. The plans are upstream's, but:
 *
 * <ul>
 *   <li>an instance that fits no container is named at once; upstream tries every number of
 *       containers first, and when repacking compares with the instances that the topology was
 *       submitted with, so that a topology cannot grow beyond them;
 *   <li>of a component's instances in a container the highest task ids are removed; upstream takes
 *       any;
 *   <li>a component without instances can get some again; upstream fails then;
 *   <li>with gaps between container ids, and more than 16 containers short of its first guess, the
 *       number of containers may be one at which one less does not work, but a smaller one still
 *       would.
 * </ul>
 *
 * <p>Not thread-safe.
 */
public final class ResourceCompliantRRPacking implements IPacking, IRepacking {
  private static final Logger LOG = LoggerFactory.getLogger(ResourceCompliantRRPacking.class);

  private Topology topology;
  private PackingLimits limits;
  private Resource instance;

  /** Created by the name in {@code heron.class.packing.algorithm}. */
  public ResourceCompliantRRPacking() {}

  @Override
  public void initialize(Config config, Topology topology) {
    this.topology = topology;
    limits = PackingLimits.of(config, topology);
    instance =
        new Resource(
            config.decimal(Key.INSTANCE_CPU),
            ByteAmount.ofBytes(config.number(Key.INSTANCE_RAM)),
            ByteAmount.ofBytes(config.number(Key.INSTANCE_DISK)));
  }

  @Override
  public PackingPlan pack() {
    Parallelism parallelism = Parallelism.of(topology);
    int wanted = TopologyConfig.of(topology).stmgrs();
    if (wanted < 1) {
      throw new PackingException(
          "The number of containers is "
              + wanted
              + ", but must be at least 1; set topology.stmgrs in the topology's main");
    }
    if (wanted > parallelism.total()) {
      LOG.warn(
          "More containers requested ({}) than total instances ({}). Reducing containers to {}",
          wanted,
          parallelism.total(),
          parallelism.total());
      wanted = parallelism.total();
    }
    int containers = new StrictDeal(limits, parallelism.counts()).containers(wanted);
    PlanDraft draft = PlanDraft.empty(limits);
    for (int i = 0; i < containers; i++) {
      draft.addContainer();
    }
    int dealt = 0;
    for (Map.Entry<String, Integer> component : parallelism.counts().entrySet()) {
      for (int i = 0; i < component.getValue(); i++) {
        draft.add(dealt++ % containers, component.getKey());
      }
    }
    return draft.build(topology.getId());
  }

  @Override
  public PackingPlan repack(PackingPlan current, Map<String, Integer> deltas) {
    Changes changes = Changes.of(topology, current, deltas);
    try {
      PlanDraft draft = PlanDraft.of(limits, current, changes.removed());
      new FlexibleDeal(limits, draft, changes.added())
          .deal(Math.addExact(current.containers().size(), additional(current, changes)));
      return draft.build(topology.getId());
    } catch (ArithmeticException e) {
      throw new PackingException(
          "The resources of topology '" + topology.getName() + "' add up to more than 2^63 bytes",
          e);
    }
  }

  /**
   * Upstream's first guess of how many containers more it takes; it decides how far the instances
   * are spread. Only RAM is counted by component.
   */
  private int additional(PackingPlan current, Changes changes) {
    Resource up = total(changes.added());
    Resource down = total(changes.removed());
    Resource largest = LargestContainer.of(current);
    long more =
        Math.max(
            quotient(up.ram().minus(down.ram()), largest.ram()),
            quotient(up.disk().minus(down.disk()), largest.disk()));
    double cores = up.cpu() - down.cpu();
    if (cores > 0 && largest.cpu() > 0) {
      more = Math.max(more, (long) Math.ceil(cores / largest.cpu()));
    }
    return Math.toIntExact(more);
  }

  private Resource total(Map<String, Integer> counts) {
    Resource total = Resource.EMPTY;
    for (Map.Entry<String, Integer> component : counts.entrySet()) {
      int count = component.getValue();
      total =
          total.plus(
              new Resource(
                  count * instance.cpu(),
                  limits.size(component.getKey()).ram().times(count),
                  instance.disk().times(count)));
    }
    return total;
  }

  private static long quotient(ByteAmount change, ByteAmount container) {
    return change.bytes() <= 0 || container.bytes() <= 0
        ? 0
        : (long) Math.ceil((double) change.bytes() / container.bytes());
  }

  /**
   * Not supported, as upstream: it would have to move instances.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public PackingPlan repack(PackingPlan current, int containers, Map<String, Integer> deltas) {
    throw new UnsupportedOperationException(
        "ResourceCompliantRRPacking does not currently support creating a new packing plan with a"
            + " new number of containers; leave out --container-number, or set"
            + " heron.class.repacking.algorithm to a packing that does");
  }

  @Override
  public void close() {}
}
