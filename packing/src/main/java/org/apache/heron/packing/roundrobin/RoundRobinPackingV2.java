package org.apache.heron.packing.roundrobin;

import java.util.Map;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.IPacking;
import org.apache.heron.spi.packing.IRepacking;
import org.apache.heron.spi.packing.PackingPlan;

/**
 * As {@link RoundRobinPacking}, but instances without a size of their own get the default of an
 * instance.
 *
 * <p>Repacking deals everything anew: task ids and places are not kept. Not thread-safe.
 */
public final class RoundRobinPackingV2 implements IPacking, IRepacking {
  private static final ByteAmount MINIMUM_INSTANCE_RAM = ByteAmount.ofMegabytes(192);

  private RoundRobinPlanner planner;

  /** Created by the name in {@code heron.class.packing.algorithm}. */
  public RoundRobinPackingV2() {}

  @Override
  public void initialize(Config config, Topology topology) {
    planner = new RoundRobinPlanner(config, topology, Unsized.DEFAULT, MINIMUM_INSTANCE_RAM);
  }

  @Override
  public PackingPlan pack() {
    return planner.pack();
  }

  @Override
  public PackingPlan repack(PackingPlan current, Map<String, Integer> deltas) {
    return planner.repack(current, deltas);
  }

  @Override
  public PackingPlan repack(PackingPlan current, int containers, Map<String, Integer> deltas) {
    return planner.repack(current, containers, deltas);
  }

  @Override
  public void close() {}
}
