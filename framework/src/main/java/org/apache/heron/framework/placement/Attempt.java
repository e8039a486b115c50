package org.apache.heron.framework.placement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;

/** One go at placing a round's wishes by one policy. Not thread-safe. */
final class Attempt {
  // Container 0 first: without it the others do nothing. Then the largest: they are the hardest.
  private static final Comparator<Wish> ORDER =
      Comparator.<Wish>comparingInt(wish -> wish.container().equals(ContainerId.MANAGER) ? 0 : 1)
          .thenComparing(wish -> -wish.size().gpus())
          .thenComparing(wish -> -wish.size().milliCpus())
          .thenComparing(wish -> -wish.size().milliMem())
          .thenComparing(Wish::container);

  final Policy policy;
  final List<Site> sites = new ArrayList<>();
  final List<Pool> pools = new ArrayList<>();
  final Ledger ledger;
  final Map<ContainerId, Fitness> fitness = new HashMap<>();

  private final Round round;
  private final Map<AgentId, Site> siteOf;
  private final Map<Shape.Key, Candidates> candidates = new LinkedHashMap<>();
  private List<Wish> refused = new ArrayList<>();

  Attempt(Round round, Policy policy) {
    this.round = round;
    this.policy = policy;
    siteOf = new HashMap<>(round.offers().size() * 2);
    for (Offered offer : round.offers()) {
      Site site = siteOf.get(offer.agent());
      if (site == null) {
        site = new Site(sites.size(), offer, round);
        sites.add(site);
        siteOf.put(offer.agent(), site);
      }
      site.add(offer, pools);
    }
    List<Resident> residents = residents();
    for (Resident resident : residents) {
      Site site = siteOf.get(resident.agent());
      if (site != null) {
        site.load++;
      }
    }
    ledger = new Ledger(round.rules().constraints(), sites, residents);
    if (ledger.isUndecided()) {
      settle();
    }
    placeAll();
  }

  // With one place only there is nothing to settle: so an attempt at one place ends here.
  private void settle() {
    Collection<List<Site>> seats = ledger.seats(sites);
    if (seats.size() > 1) {
      Map<Shape.Key, Integer> counts = new LinkedHashMap<>();
      round
          .wishes()
          .forEach(wish -> counts.merge(Shape.keyOf(wish, round.rules()), 1, Integer::sum));
      Map<Shape, Integer> shapes = new LinkedHashMap<>();
      counts.forEach((key, count) -> shapes.put(new Shape(key), count));
      ClusterSeat.best(seats, shapes, agents -> new Attempt(round.among(agents), policy))
          .ifPresent(seat -> ledger.settle(seat.sites().get(0)));
    }
  }

  private List<Resident> residents() {
    if (round.residents().isEmpty()) {
      return List.of();
    }
    Set<ContainerId> wished =
        round.wishes().stream().map(Wish::container).collect(Collectors.toSet());
    return round.residents().stream()
        .filter(resident -> !wished.contains(resident.container()))
        .toList();
  }

  private void placeAll() {
    List<Wish> left = round.wishes().stream().sorted(ORDER).toList();
    boolean goOn = true;
    while (goOn) {
      int before = left.size();
      refused = new ArrayList<>();
      left.forEach(this::place);
      left = refused;
      // Grouping may allow now what it did not allow before the others were placed.
      goOn = ledger.mayRelent() && left.size() < before && !left.isEmpty();
    }
  }

  private void place(Wish wish) {
    Candidates fitting = candidatesOf(wish);
    Optional<Pool> former = former(wish, fitting.shape);
    Optional<Pool> pool = former.or(fitting::best);
    if (pool.isEmpty()) {
      refused.add(wish);
      return;
    }
    Site site = pool.get().site;
    int ours = site.load;
    pool.get().take(wish, fitting.shape);
    site.load++;
    ledger.join(site);
    fitness.put(
        wish.container(),
        new Fitness(
            policy,
            ours,
            pool.get().left(Kind.CPUS),
            pool.get().left(Kind.MEM),
            former.isPresent(),
            site.lastChoice(fitting.shape)));
    for (Pool changed = site.first; changed != null; changed = changed.sibling) {
      changed.version++;
      for (Candidates each : candidates.values()) {
        each.changed(changed);
      }
    }
  }

  private Candidates candidatesOf(Wish wish) {
    return candidates.computeIfAbsent(
        Shape.keyOf(wish, round.rules()),
        key -> new Candidates(new Shape(key), policy, ledger, pools));
  }

  private Optional<Pool> former(Wish wish, Shape shape) {
    Optional<AgentId> agent = wish.former().flatMap(Former::agent);
    if (agent.isEmpty()) {
      return Optional.empty();
    }
    Site site = siteOf.get(agent.get());
    if (site == null || site.closed.isPresent() || site.tier(shape) > 0 || !ledger.allows(site)) {
      return Optional.empty();
    }
    for (Pool pool = site.first; pool != null; pool = pool.sibling) {
      if (pool.fits(shape)) {
        return Optional.of(pool);
      }
    }
    return Optional.empty();
  }

  /** The wishes that found no place. */
  List<Wish> refused() {
    return refused;
  }

  boolean isComplete() {
    return refused.isEmpty();
  }

  int placedCount() {
    return fitness.size();
  }

  Shape shapeOf(Wish wish) {
    return candidatesOf(wish).shape;
  }

  /** The shapes of those that found no place, each once. */
  Set<Shape> refusedShapes() {
    return refused.stream().map(this::shapeOf).collect(Collectors.toCollection(HashSet::new));
  }
}
