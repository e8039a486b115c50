package org.apache.heron.framework.placement;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.OfferId;

/**
 * The outcome of one round: each offer is in exactly one launch or unused, and each wish is
 * launched or refused, unless there was no offer at all.
 *
 * @param agents how many agents offered anything
 * @param fitness of each container that is launched
 * @param held true if some fit, but none is launched because not all fit at once
 */
public record Placement(
    List<Launch> launches,
    List<OfferId> unused,
    Map<ContainerId, Refusal> refusals,
    Map<ContainerId, Fitness> fitness,
    int agents,
    boolean held) {
  public Placement {
    launches = List.copyOf(launches);
    unused = List.copyOf(unused);
    refusals = Map.copyOf(refusals);
    fitness = Map.copyOf(fitness);
  }

  /** Why what fits is not launched; empty if it is, or nothing fits. */
  public Optional<Refusal.HeldBack> heldBack() {
    return refusals.values().stream()
        .filter(Refusal.HeldBack.class::isInstance)
        .map(Refusal.HeldBack.class::cast)
        .findFirst();
  }
}
