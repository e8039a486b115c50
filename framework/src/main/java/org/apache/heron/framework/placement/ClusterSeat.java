package org.apache.heron.framework.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.heron.framework.identity.AgentId;

/**
 * A place where all containers may go that are to be together: agents with the same values of all
 * fields of {@code CLUSTER} constraints that nothing has decided yet.
 *
 * <p>The first container would decide for all that follow, so a whole attempt is made at one place
 * after the other: first where all may fit and there is most room, until all do fit, else it is the
 * place that takes most of them. What a place takes at the most is reckoned beforehand: mostly one
 * attempt is enough.
 *
 * @param most how many containers it may take; it never takes more
 * @param room cpus of all its agents, in thousandths
 */
record ClusterSeat(List<Site> sites, int most, long room) {
  private static final Comparator<ClusterSeat> ORDER =
      Comparator.<ClusterSeat>comparingInt(seat -> seat.most)
          .thenComparingLong(seat -> seat.room)
          .reversed();

  /**
   * The best place of all; empty if none takes any container.
   *
   * @param seats agents that may be used, sorted by place
   * @param shapes the shapes of all wishes, and how many there are of each
   * @param attempt of the same wishes with these agents only
   */
  static Optional<ClusterSeat> best(
      Collection<List<Site>> seats,
      Map<Shape, Integer> shapes,
      Function<Set<AgentId>, Attempt> attempt) {
    List<ClusterSeat> ordered =
        seats.stream().map(sites -> of(sites, shapes)).sorted(ORDER).toList();
    Optional<ClusterSeat> best = Optional.empty();
    int placed = 0;
    for (ClusterSeat seat : ordered) {
      if (seat.most <= placed) {
        return best;
      }
      Attempt tried = attempt.apply(seat.agents());
      if (tried.placedCount() > placed) {
        best = Optional.of(seat);
        placed = tried.placedCount();
      }
    }
    return best;
  }

  private Set<AgentId> agents() {
    return sites.stream().map(site -> site.agent).collect(Collectors.toCollection(HashSet::new));
  }

  private static ClusterSeat of(List<Site> sites, Map<Shape, Integer> shapes) {
    List<Pool> pools = new ArrayList<>(sites.size());
    long room = 0;
    for (Site site : sites) {
      for (Pool pool = site.first; pool != null; pool = pool.sibling) {
        pools.add(pool);
        room += pool.left(Kind.CPUS);
      }
    }
    return new ClusterSeat(sites, mostOn(pools, shapes), room);
  }

  // Neither more than if there were only containers of one shape, for each shape, nor more than if
  // all were as small as the smallest of each kind.
  private static int mostOn(List<Pool> pools, Map<Shape, Integer> shapes) {
    long[] least = new long[Kind.count()];
    Arrays.fill(least, Long.MAX_VALUE);
    boolean revocable = false;
    long most = 0;
    for (Map.Entry<Shape, Integer> each : shapes.entrySet()) {
      Shape shape = each.getKey();
      revocable |= shape.takesRevocable();
      for (int kind = 0; kind < least.length; kind++) {
        least[kind] = Math.min(least[kind], shape.needed(kind));
      }
      long ofShape = 0;
      for (Pool pool : pools) {
        ofShape += pool.fits(shape) ? pool.most(shape::needed, shape.takesRevocable()) : 0;
      }
      most += Math.min(each.getValue(), ofShape);
    }
    long smallest = 0;
    for (Pool pool : pools) {
      smallest += pool.most(kind -> least[kind], revocable);
    }
    return (int) Math.min(most, smallest);
  }
}
