package org.apache.heron.framework.simulation;

import org.apache.heron.framework.core.RequestId;
import org.apache.heron.framework.storage.Goal;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.mesos.v1.scheduler.Protos.Call;

/**
 * 6. After kill: no task, no framework, no node of ours. Kill is idempotent and resumable (it is
 * asked for again until it is done, see {@link Commands}; the {@link Finale} waits for the tasks of
 * agents that were out of reach).
 */
final class NothingLeftAfterKill extends Promise {
  NothingLeftAfterKill(World world) {
    super(world);
  }

  @Override
  void sends(SchedulerProcess process, Call call) {
    if (call.getType() == Call.Type.TEARDOWN && world.zooKeeper.hasNodes()) {
      require(
          world.zooKeeper.framework().filter(record -> record.goal() == Goal.REMOVE).isPresent(),
          process + " tears the framework down, but that it is to end is not on record");
    }
  }

  @Override
  void replied(RequestId request, Outcome outcome) {
    if (!world.commands.isKill(request)) {
      return;
    }
    require(outcome.ok(), "a kill is refused: " + outcome.message());
    require(!world.zooKeeper.hasNodes(), "the kill is said to be done, but nodes are left");
    for (SimFramework framework : world.master.frameworks.values()) {
      boolean ours =
          world.copies.values().stream().anyMatch(copy -> copy.framework.equals(framework.id));
      require(!ours, "the kill is said to be done, but " + framework.id + " is registered");
    }
    for (Copy copy : world.living()) {
      require(copy.killAsked, "the kill is said to be done, but nobody asked " + copy + " to end");
    }
  }

  @Override
  void atTheEnd() {
    if (world.commands.killWanted()) {
      require(world.living().isEmpty(), "tasks are left: " + world.living());
    }
  }
}
