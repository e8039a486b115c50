package org.apache.heron.framework.simulation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;

/** Unreserved resources of an agent: scalars in thousandths, ports as a set. Mutable. */
final class Holding {
  private static final String[] SCALARS = {"cpus", "mem", "disk"};

  private final long[] milli = new long[SCALARS.length];
  private final BitSet ports = new BitSet();

  static Holding of(long cpus, long memMb, long diskMb, int firstPort, int lastPort) {
    Holding holding = new Holding();
    holding.milli[0] = cpus * 1000;
    holding.milli[1] = memMb * 1000;
    holding.milli[2] = diskMb * 1000;
    holding.ports.set(firstPort, lastPort + 1);
    return holding;
  }

  static Holding of(List<Resource> resources) {
    Holding holding = new Holding();
    for (Resource resource : resources) {
      for (int i = 0; i < SCALARS.length; i++) {
        if (resource.getName().equals(SCALARS[i])) {
          holding.milli[i] += Math.round(resource.getScalar().getValue() * 1000);
        }
      }
      for (Value.Range range : resource.getRanges().getRangeList()) {
        holding.ports.set((int) range.getBegin(), (int) range.getEnd() + 1);
      }
    }
    return holding;
  }

  Holding copy() {
    return new Holding().add(this);
  }

  Holding add(Holding other) {
    for (int i = 0; i < SCALARS.length; i++) {
      milli[i] += other.milli[i];
    }
    ports.or(other.ports);
    return this;
  }

  /** Takes away; nothing becomes less than nothing. */
  Holding subtract(Holding other) {
    for (int i = 0; i < SCALARS.length; i++) {
      milli[i] = Math.max(0, milli[i] - other.milli[i]);
    }
    ports.andNot(other.ports);
    return this;
  }

  boolean contains(Holding other) {
    for (int i = 0; i < SCALARS.length; i++) {
      if (milli[i] < other.milli[i]) {
        return false;
      }
    }
    BitSet missing = (BitSet) other.ports.clone();
    missing.andNot(ports);
    return missing.isEmpty();
  }

  /** As Mesos' allocator: an offer needs some cpus or some memory. */
  boolean isWorthAnOffer() {
    return milli[0] >= 10 || milli[1] >= 32_000;
  }

  List<Resource> toProto(String role) {
    List<Resource> list = new ArrayList<>();
    for (int i = 0; i < SCALARS.length; i++) {
      if (milli[i] > 0) {
        list.add(
            resource(SCALARS[i], role)
                .setType(Value.Type.SCALAR)
                .setScalar(Value.Scalar.newBuilder().setValue(milli[i] / 1000.0))
                .build());
      }
    }
    if (!ports.isEmpty()) {
      Value.Ranges.Builder ranges = Value.Ranges.newBuilder();
      int begin = ports.nextSetBit(0);
      while (begin >= 0) {
        int end = ports.nextClearBit(begin);
        ranges.addRange(Value.Range.newBuilder().setBegin(begin).setEnd(end - 1L));
        begin = ports.nextSetBit(end);
      }
      list.add(resource("ports", role).setType(Value.Type.RANGES).setRanges(ranges).build());
    }
    return list;
  }

  private static Resource.Builder resource(String name, String role) {
    return Resource.newBuilder()
        .setName(name)
        .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(role));
  }

  @Override
  public String toString() {
    return "cpus "
        + milli[0] / 1000.0
        + " mem "
        + milli[1] / 1000
        + " ports "
        + ports.cardinality();
  }
}
