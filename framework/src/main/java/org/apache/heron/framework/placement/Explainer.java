package org.apache.heron.framework.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Says why containers of one shape fit nowhere, by what is left when all others have been placed.
 * Looks at each agent once, whatever the number of containers, and writes down only the nearest.
 */
final class Explainer {
  private static final Kind[] KINDS = Kind.values();

  // Agents that lack only resources, and others: enough to see how things stand.
  private static final int NEAREST = 24;
  private static final int NEAREST_EXCLUDED = 8;

  private final Attempt attempt;
  private final Shape shape;
  private final Map<Object, Count> counts = new LinkedHashMap<>();
  private final PriorityQueue<Near> lacking = farthestFirst();
  private final PriorityQueue<Near> excluded = farthestFirst();

  /** How far one pool is from being fit, and the objection that weighs most. */
  private record Near(Pool pool, double distance, Object weighs, long lack) {}

  /** The agents of one tally. */
  private static final class Count {
    private int agents;
    private long least = Long.MAX_VALUE;
    private long most;

    void add(long lack) {
      agents++;
      least = Math.min(least, lack);
      most = Math.max(most, lack);
    }
  }

  private static PriorityQueue<Near> farthestFirst() {
    return new PriorityQueue<>(
        Comparator.comparingDouble(Near::distance)
            .thenComparing(near -> near.pool().index)
            .reversed());
  }

  private Explainer(Attempt attempt, Shape shape) {
    this.attempt = attempt;
    this.shape = shape;
  }

  static Refusal.NoPlace explain(Attempt attempt, Shape shape) {
    Explainer explainer = new Explainer(attempt, shape);
    attempt.sites.forEach(explainer::look);
    return new Refusal.NoPlace(
        shape.size(), attempt.sites.size(), explainer.tallies(), explainer.verdicts());
  }

  private void look(Site site) {
    Near nearest = null;
    for (Pool pool = site.first; pool != null; pool = pool.sibling) {
      Near near = near(pool);
      if (nearest == null || near.distance() < nearest.distance()) {
        nearest = near;
      }
      if (near.distance() < Objection.Distance.CONSTRAINT) {
        keep(lacking, NEAREST, near);
      } else {
        keep(excluded, NEAREST_EXCLUDED, near);
      }
    }
    if (nearest != null) {
      counts.computeIfAbsent(nearest.weighs(), key -> new Count()).add(nearest.lack());
    }
  }

  private static void keep(PriorityQueue<Near> kept, int most, Near near) {
    if (kept.size() < most) {
      kept.add(near);
    } else if (near.distance() < kept.peek().distance()) {
      kept.poll();
      kept.add(near);
    }
  }

  // The same as the verdict says, without writing it down.
  private Near near(Pool pool) {
    double distance = 0;
    double worst = 0;
    Object weighs = "";
    long lack = 0;
    for (Kind kind : KINDS) {
      long needed = shape.needed(kind.index());
      long has = pool.has(shape, kind.index());
      if (has < needed) {
        double part = (needed - has) / (double) needed;
        distance += part;
        if (part > worst) {
          worst = part;
          weighs = kind;
          lack = needed - has;
        }
      }
    }
    for (Tokens tokens : attempt.ledger.objecting(pool.site)) {
      weighs = distance < Objection.Distance.CONSTRAINT ? tokens.constraint : weighs;
      distance += Objection.Distance.CONSTRAINT;
    }
    if (pool.site.closed.isPresent()) {
      Objection closed = pool.site.closed.get();
      weighs = closed instanceof Objection.Avoided ? closed : Objection.Unavailable.class;
      distance += closed.distance();
    }
    return new Near(pool, distance, weighs, lack);
  }

  private List<Tally> tallies() {
    List<Tally> tallies = new ArrayList<>();
    counts.forEach((weighs, count) -> tallies.add(tally(weighs, count)));
    tallies.sort(
        Comparator.<Tally>comparingInt(tally -> tally instanceof Tally.Lacking ? 0 : 1)
            .thenComparing(tally -> -tally.agents())
            .thenComparing(tally -> tally.text(0)));
    return tallies;
  }

  private Tally tally(Object weighs, Count count) {
    if (weighs instanceof Kind kind) {
      return new Tally.Lacking(
          kind, count.agents, shape.needed(kind.index()), count.least, count.most);
    }
    if (weighs instanceof Constraint constraint) {
      return new Tally.Excluded(constraint, count.agents);
    }
    return weighs instanceof Objection.Avoided avoided
        ? new Tally.Avoided(avoided.reason(), count.agents)
        : new Tally.Unavailable(count.agents);
  }

  private List<Verdict> verdicts() {
    List<Near> nearest = new ArrayList<>(lacking);
    nearest.addAll(excluded);
    nearest.sort(
        Comparator.comparingDouble(Near::distance).thenComparing(near -> near.pool().index));
    return nearest.stream().map(near -> verdict(near.pool())).toList();
  }

  private Verdict verdict(Pool pool) {
    List<Objection> objections = new ArrayList<>();
    pool.site.closed.ifPresent(objections::add);
    for (Tokens tokens : attempt.ledger.objecting(pool.site)) {
      objections.add(new Objection.Excluded(tokens.constraint, tokens.why(pool.site)));
    }
    for (Kind kind : KINDS) {
      long needed = shape.needed(kind.index());
      long has = pool.has(shape, kind.index());
      if (has < needed) {
        objections.add(new Objection.Lacks(kind, has, needed));
      }
    }
    return new Verdict(pool.site.agent, pool.site.hostname, pool.role(), pool.offers(), objections);
  }
}
