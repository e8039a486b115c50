package org.apache.heron.framework.placement;

import java.util.ArrayList;
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
    Crowd crowd = new Crowd(shapes);
    List<ClusterSeat> ordered =
        seats.stream().map(sites -> of(sites, crowd)).sorted(ORDER).toList();
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

  private static ClusterSeat of(List<Site> sites, Crowd crowd) {
    List<Pool> pools = new ArrayList<>(sites.size());
    long room = 0;
    for (Site site : sites) {
      for (Pool pool = site.first; pool != null; pool = pool.sibling) {
        pools.add(pool);
        room += pool.left(Kind.CPUS);
      }
    }
    return new ClusterSeat(sites, crowd.mostOn(pools), room);
  }

  /** All that wait, by shape. */
  private static final class Crowd {
    private final Map<Shape, Integer> shapes;
    private final boolean takesRevocable;
    // Of each kind, who needs least of it first.
    private final List<List<Shape>> frugalFirst = new ArrayList<>();

    Crowd(Map<Shape, Integer> shapes) {
      this.shapes = shapes;
      takesRevocable = shapes.keySet().stream().anyMatch(Shape::takesRevocable);
      for (Kind kind : Kind.values()) {
        int index = kind.index();
        Comparator<Shape> byNeed = Comparator.comparingLong(shape -> shape.needed(index));
        frugalFirst.add(shapes.keySet().stream().sorted(byNeed).toList());
      }
    }

    // Not more of a shape than if the others were not, and on no agent more than if each kind went
    // to those who need least of it.
    int mostOn(List<Pool> pools) {
      long byShape = 0;
      for (Map.Entry<Shape, Integer> each : shapes.entrySet()) {
        long ofShape = 0;
        for (Pool pool : pools) {
          ofShape += pool.fits(each.getKey()) ? alone(each.getKey(), pool) : 0;
        }
        byShape += Math.min(each.getValue(), ofShape);
      }
      long byPool = 0;
      for (Pool pool : pools) {
        byPool += most(pool);
      }
      return (int) Math.min(byShape, byPool);
    }

    private long alone(Shape shape, Pool pool) {
      long most = shapes.get(shape);
      for (int kind = 0; kind < Kind.count(); kind++) {
        if (shape.needed(kind) > 0) {
          most = Math.min(most, pool.all(kind, takesRevocable) / shape.needed(kind));
        }
      }
      return most;
    }

    private long most(Pool pool) {
      long most = Long.MAX_VALUE;
      for (int kind = 0; kind < Kind.count(); kind++) {
        long left = pool.all(kind, takesRevocable);
        long filled = 0;
        for (Shape shape : frugalFirst.get(kind)) {
          long needed = shape.needed(kind);
          long fit = needed == 0 ? shapes.get(shape) : Math.min(shapes.get(shape), left / needed);
          left -= fit * needed;
          filled += fit;
        }
        most = Math.min(most, filled);
      }
      return most;
    }
  }
}
