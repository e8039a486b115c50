package org.apache.heron.framework.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * The agents that containers of one shape may go to, best first.
 *
 * <p>INVARIANT: each pool that fits has an entry of its present version; entries of earlier
 * versions are thrown away when they come up. So a choice costs the logarithm of the number of
 * agents, and a round only as much as is placed in it, once the agents are entered. Not
 * thread-safe.
 */
final class Candidates {
  private static final int CPUS_BITS = 36;
  private static final int LOAD_BITS = 20;
  private static final long MOST_CPUS = (1L << CPUS_BITS) - 1;
  private static final int MOST_LOAD = (1 << LOAD_BITS) - 1;

  final Shape shape;
  private final Policy policy;
  private final Ledger ledger;
  private final List<PriorityQueue<Entry>> cells;

  /**
   * A pool with the rank that it had when it was entered, smaller is better.
   *
   * @param rank tier, then what the policy compares first, in one number
   * @param second compared if the ranks are the same
   */
  private record Entry(Pool pool, int version, long rank, long second)
      implements Comparable<Entry> {
    boolean isStale() {
      return version != pool.version;
    }

    int tier() {
      return (int) (rank >>> (1 + LOAD_BITS + CPUS_BITS));
    }

    @Override
    public int compareTo(Entry other) {
      int byRank = Long.compare(rank, other.rank);
      int bySecond = byRank != 0 ? byRank : Long.compare(second, other.second);
      return bySecond != 0 ? bySecond : Integer.compare(pool.index, other.pool.index);
    }
  }

  Candidates(Shape shape, Policy policy, Ledger ledger, List<Pool> pools) {
    this.shape = shape;
    this.policy = policy;
    this.ledger = ledger;
    List<List<Entry>> entered = new ArrayList<>(ledger.cells());
    for (int cell = 0; cell < ledger.cells(); cell++) {
      entered.add(new ArrayList<>());
    }
    for (Pool pool : pools) {
      if (mayTake(pool)) {
        entered.get(ledger.cellOf(pool.site)).add(entry(pool));
      }
    }
    // Made of a list at once, a queue costs less than one filled entry by entry.
    cells = new ArrayList<>(entered.size());
    entered.forEach(entries -> cells.add(new PriorityQueue<>(entries)));
  }

  private boolean mayTake(Pool pool) {
    return pool.fits(shape) && pool.site.closed.isEmpty() && ledger.allowsForNow(pool.site);
  }

  /** The pool has changed: less is left of it, or more of ours are on its agent. */
  void changed(Pool pool) {
    if (mayTake(pool)) {
      cells.get(ledger.cellOf(pool.site)).add(entry(pool));
    }
  }

  /** Where the next container of this shape goes. */
  Optional<Pool> best() {
    Entry best = null;
    int bestCount = 0;
    for (int cell = 0; cell < cells.size(); cell++) {
      if (!cells.get(cell).isEmpty() && ledger.allowsCell(cell)) {
        Entry top = top(cells.get(cell));
        int count = ledger.countIn(cell);
        if (top != null && (best == null || isBetter(top, count, best, bestCount))) {
          best = top;
          bestCount = count;
        }
      }
    }
    return best == null ? Optional.empty() : Optional.of(best.pool);
  }

  // A worse tier is worse than an uneven group, as long as the group is allowed at all.
  private static boolean isBetter(Entry entry, int count, Entry best, int bestCount) {
    if (entry.tier() != best.tier()) {
      return entry.tier() < best.tier();
    }
    return count != bestCount ? count < bestCount : entry.compareTo(best) < 0;
  }

  private Entry top(PriorityQueue<Entry> entries) {
    Entry top = entries.peek();
    while (top != null && (top.isStale() || !ledger.allowsForNow(top.pool.site))) {
      entries.poll();
      top = entries.peek();
    }
    return top;
  }

  private Entry entry(Pool pool) {
    long cpus = Math.min(pool.has(shape, Kind.CPUS.index()), MOST_CPUS);
    long mem = pool.has(shape, Kind.MEM.index());
    long unreserved = pool.hasReserved() ? 0 : 1;
    long tier = pool.site.tier(shape);
    long load = Math.min(pool.site.load, MOST_LOAD);
    return switch (policy) {
      case SPREAD ->
          new Entry(pool, pool.version, rank(tier, load, unreserved, MOST_CPUS - cpus), -mem);
      case PACK -> new Entry(pool, pool.version, rank(tier, 0, unreserved, cpus), mem);
    };
  }

  private static long rank(long tier, long load, long unreserved, long cpus) {
    return (((tier << LOAD_BITS | load) << 1 | unreserved) << CPUS_BITS) | cpus;
  }
}
