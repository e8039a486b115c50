package org.apache.heron.executor.stmgr;

import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.proto.api.TopologyAPI.Topology;

/**
 * The definition as heron-api's own message: the jar has its own copy of the class, built on its
 * own copy of protobuf. Only bytes can cross. Keeps the last one: all instances ask for the same.
 * Thread-safe.
 */
final class HeronApiTopology {

  private Topology last;
  private TopologyAPI.Topology made;

  @SuppressWarnings("ReferenceEquality") // equality of large messages costs as much as parsing
  synchronized TopologyAPI.Topology of(Topology topology) {
    if (topology != last) {
      try {
        made = TopologyAPI.Topology.parseFrom(topology.toByteArray());
        last = topology;
      } catch (java.io.IOException e) {
        throw new IllegalArgumentException(
            "heron-api cannot read the definition of " + topology.getName() + ": " + e, e);
      }
    }
    return made;
  }
}
