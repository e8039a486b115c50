package org.apache.heron.packing.roundrobin;

import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;

/** The most that any container of a plan was given of each resource. */
final class LargestContainer {
  private LargestContainer() {}

  static Resource of(PackingPlan plan) {
    Resource largest = Resource.EMPTY;
    for (ContainerPlan container : plan.containers()) {
      Resource size = container.scheduled().orElse(container.required());
      largest =
          new Resource(
              Math.max(largest.cpu(), size.cpu()),
              greater(largest.ram(), size.ram()),
              greater(largest.disk(), size.disk()));
    }
    return largest;
  }

  private static ByteAmount greater(ByteAmount left, ByteAmount right) {
    return left.compareTo(right) >= 0 ? left : right;
  }
}
