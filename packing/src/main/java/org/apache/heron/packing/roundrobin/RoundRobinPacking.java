package org.apache.heron.packing.roundrobin;

import java.util.Map;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.IPacking;
import org.apache.heron.spi.packing.IRepacking;
import org.apache.heron.spi.packing.PackingPlan;

/**
 * Deals instances to containers in turn; instances without a size of their own share what is left
 * of their container, so that in a less full container each gets more (the shipped default).
 *
 * <p>Repacking deals everything anew: task ids and places are not kept. Not thread-safe.
 */
public final class RoundRobinPacking implements IPacking, IRepacking {
  private static final ByteAmount MINIMUM_INSTANCE_RAM = ByteAmount.ofMegabytes(16);

  private RoundRobinPlanner planner;

  /** Created by the name in {@code heron.class.packing.algorithm}. */
  public RoundRobinPacking() {}

  @Override
  public void initialize(Config config, Topology topology) {
    planner = new RoundRobinPlanner(config, topology, Unsized.SHARE, MINIMUM_INSTANCE_RAM);
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
