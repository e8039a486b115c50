package org.apache.heron.framework.simulation;

import java.util.Optional;
import org.apache.mesos.v1.scheduler.Protos.Call;

/**
 * 8. A framework id on record is never abandoned: never register anew while tasks are on record. (A
 * framework that Mesos has removed before anything was launched may be replaced.)
 */
final class NeverANewFramework extends Promise {
  NeverANewFramework(World world) {
    super(world);
  }

  @Override
  void sends(SchedulerProcess process, Call call) {
    // Who has been deposed without knowing cannot read what is on record: it cannot write either.
    if (call.getType() != Call.Type.SUBSCRIBE || !process.toString().equals(world.writer)) {
      return;
    }
    Optional<String> recorded = world.zooKeeper.framework().flatMap(record -> record.frameworkId());
    String asked = call.getFrameworkId().getValue();
    require(
        recorded.isEmpty()
            || recorded.get().equals(asked)
            || (asked.isEmpty() && world.zooKeeper.containers().isEmpty()),
        process
            + " subscribes as "
            + (asked.isEmpty() ? "a new framework" : asked)
            + ", but "
            + recorded.orElse("")
            + " is on record");
  }
}
