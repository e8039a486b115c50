package org.apache.heron.executor.tmanager;

import org.apache.heron.proto.api.TopologyAPI;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.system.PackingPlans;
import org.apache.heron.proto.system.PackingPlans.PackingPlan;
import org.apache.heron.proto.system.PhysicalPlans.StMgr;

/** Topologies and packing plans for tests. */
public final class Plans {
  public static final String NAME = "words";
  public static final String ID = "words-1";

  private Plans() {}

  /** A topology of one spout, {@code word}, that runs from the start. */
  public static Topology topology() {
    return Topology.newBuilder()
        .setId(ID)
        .setName(NAME)
        .setState(TopologyState.RUNNING)
        .addSpouts(
            TopologyAPI.Spout.newBuilder()
                .setComp(
                    TopologyAPI.Component.newBuilder()
                        .setName("word")
                        .setSpec(TopologyAPI.ComponentObjectSpec.JAVA_CLASS_NAME)
                        .setConfig(TopologyAPI.Config.getDefaultInstance())))
        .setTopologyConfig(TopologyAPI.Config.getDefaultInstance())
        .build();
  }

  /** One instance of {@code word} in each of these containers; task ids are the containers'. */
  public static PackingPlan packing(int... containers) {
    PackingPlans.Resource resource =
        PackingPlans.Resource.newBuilder().setCpu(1).setRam(1).setDisk(1).build();
    PackingPlan.Builder plan = PackingPlan.newBuilder().setId(ID);
    for (int container : containers) {
      plan.addContainerPlans(
          PackingPlans.ContainerPlan.newBuilder()
              .setId(container)
              .setRequiredResource(resource)
              .addInstancePlans(
                  PackingPlans.InstancePlan.newBuilder()
                      .setComponentName("word")
                      .setTaskId(container)
                      .setComponentIndex(container - 1)
                      .setResource(resource)));
    }
    return plan.build();
  }

  /** A container at that port. */
  public static StMgr stmgr(int container, int port) {
    return StMgr.newBuilder()
        .setId("stmgr-" + container)
        .setHostName("127.0.0.1")
        .setDataPort(port)
        .setLocalEndpoint("/unused")
        .setCwd("/sandbox/" + port)
        .setPid(port)
        .build();
  }
}
