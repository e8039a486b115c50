package org.apache.heron.service.update;

import java.util.HashSet;
import java.util.Set;
import org.apache.heron.proto.system.PhysicalPlans.Instance;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingPlan;

/** Whether a physical plan carries out a packing plan. Pure. */
final class PlanInForce {
  private PlanInForce() {}

  /** True if every instance of the packing plan, and no other, is where it is to be. */
  static boolean is(PackingPlan packing, PhysicalPlan physical) {
    Set<String> wanted = new HashSet<>();
    for (ContainerPlan container : packing.containers()) {
      for (InstancePlan instance : container.instances()) {
        wanted.add(place("stmgr-" + container.id(), instance.componentName(), instance.taskId()));
      }
    }
    Set<String> present = new HashSet<>();
    for (Instance instance : physical.getInstancesList()) {
      present.add(
          place(
              instance.getStmgrId(),
              instance.getInfo().getComponentName(),
              instance.getInfo().getTaskId()));
    }
    return wanted.equals(present) && physical.getStmgrsCount() == packing.containers().size();
  }

  private static String place(String stmgr, String component, int task) {
    return stmgr + '/' + task + '/' + component;
  }
}
