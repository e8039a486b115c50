package org.apache.heron.framework.placement;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.heron.framework.identity.AgentId;

/** An agent in one round: whether it is used at all, how gladly, and how many of ours it has. */
final class Site {
  // The reasons to take an agent last; the worse one has the higher bit.
  private static final int GPUS = 1;
  private static final int WINDOW = 2;
  private static final int PENALTY = 4;

  final int index;
  final AgentId agent;
  final String hostname;
  final Traits traits;
  final Optional<Objection> closed;

  /** The agent's pools, linked as siblings. */
  Pool first;

  int load;

  private final Optional<Penalty> penalty;
  private final boolean inWindowLater;
  private boolean hasGpus;

  Site(int index, Offered first, Round round) {
    this.index = index;
    agent = first.agent();
    hostname = first.hostname();
    traits = round.rules().constraints().isEmpty() ? Traits.NONE : first.traits();
    Instant now = round.now();
    Optional<Offered.Window> window = first.window().filter(each -> !each.isOver(now));
    Instant soon = now.plus(round.rules().windowLead());
    boolean near = window.filter(each -> !each.from().isAfter(soon)).isPresent();
    inWindowLater = window.isPresent() && !near;
    String avoided = round.avoided().get(agent);
    closed =
        avoided != null
            ? Optional.of(new Objection.Avoided(avoided))
            : near
                ? window.map(each -> new Objection.Unavailable(each.from(), each.until()))
                : Optional.empty();
    penalty =
        Optional.ofNullable(round.penalties().get(agent)).filter(each -> each.until().isAfter(now));
  }

  /** Puts an offer into the pool of its role. */
  void add(Offered offer, List<Pool> all) {
    hasGpus |= offer.firm()[Kind.GPUS.index()] > 0;
    for (Pool pool = first; pool != null; pool = pool.sibling) {
      if (pool.role().equals(offer.role())) {
        pool.add(offer);
        return;
      }
    }
    Pool pool = new Pool(all.size(), this, offer);
    pool.sibling = first;
    first = pool;
    all.add(pool);
  }

  /** 0 for an agent like any other; the higher the number, the later it is taken. */
  int tier(Shape shape) {
    return (hasGpus && !shape.needsGpus() ? GPUS : 0)
        | (inWindowLater ? WINDOW : 0)
        | (penalty.isPresent() ? PENALTY : 0);
  }

  /** Why it is taken last; empty for tier 0. */
  List<String> lastChoice(Shape shape) {
    List<String> reasons = new ArrayList<>();
    if (hasGpus && !shape.needsGpus()) {
      reasons.add("it has gpus, which this container does not need");
    }
    if (inWindowLater) {
      reasons.add("it goes into maintenance later");
    }
    penalty.ifPresent(
        each -> reasons.add("it is penalised until " + each.until() + " (" + each.reason() + ")"));
    return reasons;
  }
}
