package org.apache.heron.framework.simulation;

import org.apache.heron.framework.core.Decision;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.RequestId;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.storage.SimulatedZooKeeper;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.mesos.v1.scheduler.Protos.Call;

/**
 * One of the promises that the framework gives. It watches what the schedulers do to the world, and
 * looks at the world after each step; {@link World#broken} is told when it does not hold.
 */
abstract class Promise {
  final World world;

  Promise(World world) {
    this.world = world;
  }

  /** A scheduler process sends a call; whether it arrives is another matter. */
  void sends(SchedulerProcess process, Call call) {}

  /** A scheduler process is given an event. */
  void receives(SchedulerProcess process, Event event) {}

  /** A scheduler process has decided; what follows from it may wait for a write. */
  void decided(SchedulerProcess process, State before, Event event, Decision decision) {}

  /** A command is answered. */
  void replied(RequestId request, Outcome outcome) {}

  /** A transaction was made in ZooKeeper. */
  void written(SimulatedZooKeeper.Written change) {}

  /** A copy of a container has come to life on an agent. */
  void begins(Copy copy) {}

  /** Something has happened. */
  void afterStep() {}

  /** Faults have ceased and things have had their time. */
  void atTheEnd() {}

  final void broken(String what) {
    world.broken(getClass().getSimpleName(), what);
  }

  final void require(boolean held, String what) {
    if (!held) {
      broken(what);
    }
  }
}
