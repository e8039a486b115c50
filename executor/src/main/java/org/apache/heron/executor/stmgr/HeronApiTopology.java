package org.apache.heron.executor.stmgr;

import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.proto.api.TopologyAPI.Topology;

/**
 * The definition as heron-api's own message: the jar has its own copy of the class, built on its
 * own copy of protobuf. Only bytes can cross.
 */
final class HeronApiTopology {

  private HeronApiTopology() {}

  static TopologyAPI.Topology of(Topology topology) {
    try {
      return TopologyAPI.Topology.parseFrom(topology.toByteArray());
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException(
          "heron-api cannot read the definition of " + topology.getName() + ": " + e, e);
    }
  }
}
