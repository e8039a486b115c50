package org.apache.heron.framework.simulation;

import java.util.List;

/** The ten promises of the design, in its order, and those that go with particular duties. */
final class Promises {
  private Promises() {}

  static List<Promise> of(World world) {
    return List.of(
        new OneLiveCopy(world),
        new IntentBeforeLaunch(world),
        new StatusBeforeAcknowledge(world),
        new OffersWithinBounds(world),
        new EverythingRuns(world),
        new NothingLeftAfterKill(world),
        new OnlyTheLeaderWrites(world),
        new NeverANewFramework(world),
        new EverLaterRetries(world),
        new GoodNeighbour(world),
        new ConstraintsHold(world),
        new NothingNearAWindow(world),
        new DisruptionWithinBudget(world),
        new SilentInDoubt(world),
        new BoundedMemory(world));
  }
}
