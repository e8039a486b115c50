package org.apache.heron.statemgr;

import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;

/** Small messages. */
public final class Samples {
  private Samples() {}

  public static Topology topology(String id) {
    return Topology.newBuilder().setId(id).setName("words").setState(TopologyState.RUNNING).build();
  }

  public static SchedulerLocation scheduler(String endpoint) {
    return SchedulerLocation.newBuilder()
        .setTopologyName("words")
        .setHttpEndpoint(endpoint)
        .build();
  }

  public static TManagerLocation tmanager(int port) {
    return TManagerLocation.newBuilder()
        .setTopologyName("words")
        .setTopologyId("words-1")
        .setHost("localhost")
        .setControllerPort(port)
        .setServerPort(port + 1)
        .build();
  }
}
