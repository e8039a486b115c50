package org.apache.heron.framework.simulation;

import org.apache.heron.framework.storage.SimulatedZooKeeper;

/** 7. A paused former leader can write nothing. */
final class OnlyTheLeaderWrites extends Promise {
  OnlyTheLeaderWrites(World world) {
    super(world);
  }

  @Override
  void written(SimulatedZooKeeper.Written change) {
    require(
        change.client().equals(world.writer),
        change.client() + " has written although " + world.writer + " had taken over");
  }
}
