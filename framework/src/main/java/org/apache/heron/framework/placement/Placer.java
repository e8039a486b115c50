package org.apache.heron.framework.placement;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.OfferId;

/**
 * Places containers on offers by the topology's rules, and says of each that finds no place why.
 * Pure: the same round has the same outcome.
 *
 * <p>Of the agents that a container fits on and that no constraint shuts out, those are taken last
 * that have failed us, go into maintenance, or have gpus that it does not need; then groups of
 * {@code GROUP_BY} are kept even; then the {@link Policy} decides.
 */
public final class Placer {
  private Placer() {}

  /** One round. A container that does not fit never holds up another, but by the gang rule. */
  public static Placement place(Round round) {
    Attempt attempt = new Attempt(round, round.rules().policy());
    if (attempt.isComplete() || !waitsForAll(round)) {
      return outcome(attempt, refusals(attempt));
    }
    if (round.rules().policy() != Policy.PACK) {
      // Better all of them packed than none of them spread.
      Attempt packed = new Attempt(round, Policy.PACK);
      if (packed.isComplete()) {
        return outcome(packed, Map.of());
      }
    }
    return held(round, attempt);
  }

  private static boolean waitsForAll(Round round) {
    Rules.Gang gang = round.rules().gang();
    return gang.wanted()
        && round.firstLaunch().isPresent()
        && end(round).filter(end -> !end.isAfter(round.now())).isEmpty();
  }

  private static Optional<Instant> end(Round round) {
    return round.rules().gang().limit().map(limit -> round.firstLaunch().orElseThrow().plus(limit));
  }

  private static Map<ContainerId, Refusal> refusals(Attempt attempt) {
    Map<ContainerId, Refusal> refusals = new HashMap<>();
    if (attempt.sites.isEmpty()) {
      return refusals;
    }
    Map<Shape, Refusal> byShape = new HashMap<>();
    for (Wish wish : attempt.refused()) {
      Refusal refusal =
          byShape.computeIfAbsent(
              attempt.shapeOf(wish), shape -> Explainer.explain(attempt, shape));
      refusals.put(wish.container(), refusal);
    }
    return refusals;
  }

  private static Placement outcome(Attempt attempt, Map<ContainerId, Refusal> refusals) {
    List<Launch> launches = new ArrayList<>();
    List<OfferId> unused = new ArrayList<>();
    for (Pool pool : attempt.pools) {
      if (pool.placed().isEmpty()) {
        unused.addAll(pool.offers());
      } else {
        launches.add(
            new Launch(
                pool.site.agent, pool.site.hostname, pool.traits(), pool.offers(), pool.placed()));
      }
    }
    return new Placement(launches, unused, refusals, attempt.fitness, attempt.sites.size(), false);
  }

  // Nothing is launched: the offers go back at once, so that nobody waits for us.
  private static Placement held(Round round, Attempt attempt) {
    Map<ContainerId, Refusal> refusals = refusals(attempt);
    if (!refusals.isEmpty()) {
      Refusal heldBack =
          new Refusal.HeldBack(
              attempt.placedCount(),
              round.wishes().size(),
              Shortage.of(attempt, refusals),
              end(round));
      attempt.fitness.keySet().forEach(container -> refusals.put(container, heldBack));
    }
    return new Placement(
        List.of(),
        round.offers().stream().map(Offered::id).toList(),
        refusals,
        Map.of(),
        attempt.sites.size(),
        attempt.placedCount() > 0);
  }
}
