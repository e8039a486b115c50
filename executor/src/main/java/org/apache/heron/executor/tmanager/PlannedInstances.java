package org.apache.heron.executor.tmanager;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.proto.system.PackingPlans.ContainerPlan;
import org.apache.heron.proto.system.PackingPlans.InstancePlan;
import org.apache.heron.proto.system.PackingPlans.PackingPlan;
import org.apache.heron.proto.system.PhysicalPlans.Instance;
import org.apache.heron.proto.system.PhysicalPlans.InstanceInfo;

/** The instances that a packing plan asks for, named as upstream names them. */
public final class PlannedInstances {
  private PlannedInstances() {}

  /** The name of a container in physical plans, {@code stmgr-N}. */
  public static String stmgrId(int container) {
    return "stmgr-" + container;
  }

  /** One container's instances, by task id. */
  public static List<Instance> of(ContainerPlan container) {
    List<Instance> instances = new ArrayList<>();
    for (InstancePlan planned : container.getInstancePlansList()) {
      instances.add(
          Instance.newBuilder()
              .setInstanceId(
                  "container_"
                      + container.getId()
                      + "_"
                      + planned.getComponentName()
                      + "_"
                      + planned.getTaskId())
              .setStmgrId(stmgrId(container.getId()))
              .setInfo(
                  InstanceInfo.newBuilder()
                      .setTaskId(planned.getTaskId())
                      .setComponentIndex(planned.getComponentIndex())
                      .setComponentName(planned.getComponentName()))
              .build());
    }
    instances.sort(Comparator.comparingInt(instance -> instance.getInfo().getTaskId()));
    return instances;
  }

  static Map<String, List<Instance>> byStmgr(PackingPlan packing) {
    Map<String, List<Instance>> instances = new HashMap<>();
    packing.getContainerPlansList().forEach(c -> instances.put(stmgrId(c.getId()), of(c)));
    return instances;
  }

  /** True if both lists name the same instances, whatever their order and debugger ports. */
  static boolean same(List<Instance> some, List<Instance> others) {
    return some.size() == others.size()
        && some.stream()
            .map(PlannedInstances::bare)
            .toList()
            .equals(
                others.stream()
                    .map(PlannedInstances::bare)
                    .sorted(Comparator.comparingInt(i -> i.getInfo().getTaskId()))
                    .toList());
  }

  private static Instance bare(Instance instance) {
    return instance.toBuilder()
        .setInfo(instance.getInfo().toBuilder().clearRemoteDebuggerPort().clearParams())
        .build();
  }

  static List<String> names(List<Instance> instances) {
    return instances.stream().map(Instance::getInstanceId).sorted().toList();
  }
}
