package org.apache.heron.framework.simulation;

import java.util.HashSet;
import java.util.Set;
import org.apache.heron.framework.storage.SimulatedZooKeeper;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** 2. Nothing is launched that is not on record: intent is durable before ACCEPT. */
final class IntentBeforeLaunch extends Promise {
  private final Set<String> onRecord = new HashSet<>();

  IntentBeforeLaunch(World world) {
    super(world);
  }

  @Override
  void written(SimulatedZooKeeper.Written change) {
    for (Integer container : change.containers().keySet()) {
      java.util.Optional.ofNullable(world.zooKeeper.containers().get(container))
          .flatMap(record -> record.task())
          .ifPresent(task -> onRecord.add(task.taskId()));
    }
  }

  @Override
  void sends(SchedulerProcess process, Call call) {
    for (String task : Launches.of(call)) {
      require(onRecord.contains(task), process + " launches " + task + ", which is not on record");
    }
  }
}
