package org.apache.heron.spi.packing;

import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;

/**
 * Puts a topology's instances into containers. Named by {@code heron.class.packing.algorithm};
 * created by reflection with a no-argument constructor.
 */
public interface IPacking extends AutoCloseable {
  void initialize(Config config, Topology topology);

  /**
   * Makes the plan. The same topology and configuration give the same plan.
   *
   * @throws PackingException if there is none
   */
  PackingPlan pack();

  @Override
  void close();
}
