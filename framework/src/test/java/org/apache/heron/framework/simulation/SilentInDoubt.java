package org.apache.heron.framework.simulation;

import org.apache.mesos.v1.scheduler.Protos.Call;

/** 14. Who does not know whether it leads does nothing to the world. */
final class SilentInDoubt extends Promise {
  SilentInDoubt(World world) {
    super(world);
  }

  @Override
  void sends(SchedulerProcess process, Call call) {
    require(
        !process.isInDoubt(),
        process + " sends " + call.getType() + ", and does not know whether it leads");
  }
}
