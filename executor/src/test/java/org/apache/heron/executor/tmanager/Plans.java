package org.apache.heron.executor.tmanager;

import java.util.List;
import org.apache.heron.proto.api.TopologyAPI;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.system.PackingPlans;
import org.apache.heron.proto.system.PackingPlans.PackingPlan;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
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

  /** The same, with its parallelism and number of containers set. */
  public static Topology topology(int parallelism, int containers) {
    Topology.Builder topology = topology().toBuilder();
    topology
        .getTopologyConfigBuilder()
        .addKvsBuilder()
        .setKey("topology.stmgrs")
        .setValue(String.valueOf(containers));
    topology
        .getSpoutsBuilder(0)
        .getCompBuilder()
        .getConfigBuilder()
        .addKvsBuilder()
        .setKey("topology.component.parallelism")
        .setValue(String.valueOf(parallelism));
    return topology.build();
  }

  /** Number of containers and parallelism that the plan's topology says. */
  static List<Integer> size(PhysicalPlan plan) {
    return List.of(
        Integer.valueOf(plan.getTopology().getTopologyConfig().getKvs(0).getValue()),
        Integer.valueOf(
            plan.getTopology().getSpouts(0).getComp().getConfig().getKvs(0).getValue()));
  }

  /** Tasks of {@code word} by container, the first of which is 1. */
  public static PackingPlan packing(int[][] tasks) {
    PackingPlans.Resource resource =
        PackingPlans.Resource.newBuilder().setCpu(1).setRam(1).setDisk(1).build();
    PackingPlan.Builder plan = PackingPlan.newBuilder().setId(ID);
    for (int i = 0; i < tasks.length; i++) {
      PackingPlans.ContainerPlan.Builder container =
          plan.addContainerPlansBuilder().setId(i + 1).setRequiredResource(resource);
      for (int task : tasks[i]) {
        container
            .addInstancePlansBuilder()
            .setComponentName("word")
            .setTaskId(task)
            .setComponentIndex(task - 1)
            .setResource(resource);
      }
    }
    return plan.build();
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
