package org.apache.heron.spi.packing;

import java.util.Map;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;

/** Changes a plan when parallelism changes. Named by {@code heron.class.repacking.algorithm}. */
public interface IRepacking extends AutoCloseable {
  void initialize(Config config, Topology topology);

  /**
   * A plan with that many more (or fewer, if negative) instances of each component.
   *
   * @throws PackingException if there is none
   */
  PackingPlan repack(PackingPlan current, Map<String, Integer> deltas);

  /**
   * As {@link #repack(PackingPlan, Map)}, in exactly so many containers.
   *
   * @throws UnsupportedOperationException if this repacking cannot; the message is for the user
   */
  PackingPlan repack(PackingPlan current, int containers, Map<String, Integer> deltas);

  @Override
  void close();
}
