package org.apache.heron.framework.simulation;

/**
 * 4. Never accept more than was offered (the master says so, see {@link MasterOffers}); never hold
 * an offer longer than it takes to decide.
 */
final class OffersWithinBounds extends Promise {
  /** Offers are gathered for 200 ms; the rest is for slow lines and writes. */
  private static final long LONGEST = 15_000;

  OffersWithinBounds(World world) {
    super(world);
  }

  @Override
  void afterStep() {
    long now = world.agenda.now();
    if (now - world.disturbedUntil < LONGEST) {
      return;
    }
    for (SimFramework framework : world.master.frameworks.values()) {
      if (framework.isConnected() && !framework.offers.isEmpty()) {
        SimFramework.Offered oldest = framework.offers.values().iterator().next();
        require(
            now - oldest.since() < LONGEST,
            "offer " + oldest.id() + " is held for " + Words.of(now - oldest.since()));
      }
    }
  }
}
