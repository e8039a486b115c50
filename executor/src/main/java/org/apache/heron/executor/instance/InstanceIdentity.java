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
}
