package org.apache.heron.framework.placement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.OfferId;
import org.apache.mesos.v1.Protos.Offer;

/**
 * Places containers on offers: each goes to the agent that has the fewest of this topology, of
 * those that it fits on, so that the loss of an agent takes as little as possible. Pure.
 */
public final class Placer {
  private Placer() {}

  /** An agent's offers to one role: what one ACCEPT may hold. */
  private record PoolKey(AgentId agent, String role) {}

  /**
   * One round.
   *
   * @param offers all that are at hand
   * @param wishes the containers that wait; one that does not fit never holds up another
   * @param load how many of our containers each agent has already
   */
  public static Placement place(
      Collection<Offer> offers, Collection<Wish> wishes, Map<AgentId, Integer> load) {
    List<AgentPool> pools = pools(offers);
    Map<AgentId, Integer> count = new HashMap<>(load);
    Map<ContainerId, Refusal> refusals = new TreeMap<>();
    for (Wish wish : wishes.stream().sorted(Comparator.comparing(Wish::container)).toList()) {
      AgentPool best = null;
      for (AgentPool pool : pools) {
        if (pool.fits(wish.size()) && (best == null || isBetter(pool, best, count))) {
          best = pool;
        }
      }
      if (best != null) {
        best.take(wish.container(), wish.size());
        count.merge(best.agent(), 1, Integer::sum);
      } else if (!pools.isEmpty()) {
        refusals.put(wish.container(), refusal(pools, wish.size()));
      }
    }
    return outcome(pools, refusals);
  }

  // Fewest of ours first; of equals the one with the most cores left, then memory.
  private static boolean isBetter(AgentPool a, AgentPool b, Map<AgentId, Integer> count) {
    int byCount =
        Integer.compare(count.getOrDefault(a.agent(), 0), count.getOrDefault(b.agent(), 0));
    if (byCount != 0) {
      return byCount < 0;
    }
    int byCpus = Long.compare(a.left(Kind.CPUS), b.left(Kind.CPUS));
    return byCpus != 0 ? byCpus > 0 : a.left(Kind.MEM) > b.left(Kind.MEM);
  }

  private static List<AgentPool> pools(Collection<Offer> offers) {
    Map<PoolKey, AgentPool> pools = new LinkedHashMap<>();
    for (Offer offer : offers) {
      AgentId agent = new AgentId(offer.getAgentId().getValue());
      String role = offer.hasAllocationInfo() ? offer.getAllocationInfo().getRole() : "*";
      pools
          .computeIfAbsent(
              new PoolKey(agent, role), key -> new AgentPool(agent, offer.getHostname()))
          .add(offer);
    }
    return List.copyOf(pools.values());
  }

  private static Placement outcome(List<AgentPool> pools, Map<ContainerId, Refusal> refusals) {
    List<Launch> launches = new ArrayList<>();
    List<OfferId> unused = new ArrayList<>();
    for (AgentPool pool : pools) {
      if (pool.placed().isEmpty()) {
        unused.addAll(pool.offers());
      } else {
        launches.add(new Launch(pool.agent(), pool.hostname(), pool.offers(), pool.placed()));
      }
    }
    return new Placement(launches, unused, refusals);
  }

  private static Refusal refusal(List<AgentPool> pools, Size size) {
    int agents = (int) pools.stream().map(AgentPool::agent).distinct().count();
    for (Kind kind : Kind.values()) {
      long needed = AgentPool.needed(size, kind);
      long best = pools.stream().mapToLong(pool -> pool.left(kind)).max().orElse(0);
      if (best < needed) {
        return new Refusal.NobodyHas(kind, best, needed, agents);
      }
    }
    AgentPool nearest =
        pools.stream()
            .min(
                Comparator.comparingDouble(
                    pool -> pool.lacks(size).stream().mapToDouble(Refusal.Lack::part).sum()))
            .orElseThrow();
    return new Refusal.NotTogether(nearest.hostname(), nearest.lacks(size), agents);
  }
}
