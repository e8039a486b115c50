package org.apache.heron.executor.instance;

import org.apache.heron.proto.system.PhysicalPlans.Instance;

/** Which instance of which component. */
public record InstanceIdentity(String instanceId, String component, int task, int componentIndex) {

  /** As the physical plan says. */
  public static InstanceIdentity of(Instance instance) {
    return new InstanceIdentity(
        instance.getInstanceId(),
        instance.getInfo().getComponentName(),
        instance.getInfo().getTaskId(),
        instance.getInfo().getComponentIndex());
  }

  /**
   * Tells instances apart that have one task id in different plans; the same in every JVM.
   * Containers follow a new plan each in its own time, and a tuple must not reach what another
   * component's task has become meanwhile.
   */
  public int tag() {
    return instanceId.hashCode() * 31 + componentIndex;
  }
}
