package org.apache.heron.framework.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.heron.framework.identity.OfferId;

/**
 * What one agent offers to one role, over all its offers, less what was taken in this round: what
 * one ACCEPT may hold, for Mesos allocates an offer to one role. Not thread-safe.
 */
final class Pool {
  final int index;
  final Site site;

  /** Counted up with each change, so that what was reckoned before is known to be stale. */
  int version;

  /** The agent's next pool; null after the last. */
  Pool sibling;

  private final Offered first;
  private List<Offered> offers;
  // The first offer's own numbers until something changes: most pools never do.
  private long[] firm;
  private long[] revocable;
  private boolean shared = true;
  private boolean reserved;
  private List<Placed> placed = List.of();
  private Optional<Shelf> shelf = Optional.empty();

  Pool(int index, Site site, Offered first) {
    this.index = index;
    this.site = site;
    this.first = first;
    offers = List.of(first);
    firm = first.firm();
    revocable = first.revocable();
    reserved = first.hasReserved();
  }

  private void part() {
    if (shared) {
      firm = firm.clone();
      revocable = revocable.clone();
      offers = new ArrayList<>(offers);
      placed = new ArrayList<>(2);
      shared = false;
    }
  }

  /** Adds another offer of the agent to the same role. */
  void add(Offered offer) {
    part();
    offers.add(offer);
    for (int kind = 0; kind < firm.length; kind++) {
      firm[kind] += offer.firm()[kind];
      revocable[kind] += offer.revocable()[kind];
    }
    reserved |= offer.hasReserved();
  }

  String role() {
    return first.role();
  }

  boolean hasReserved() {
    return reserved;
  }

  List<OfferId> offers() {
    return offers.stream().map(Offered::id).toList();
  }

  List<Placed> placed() {
    return placed;
  }

  /** What the agent says of itself; read anew, because most rounds never ask. */
  Traits traits() {
    return first.traits();
  }

  long left(Kind kind) {
    return firm[kind.index()];
  }

  /** How much of a kind is left, be it firm or revocable. */
  long leftAtMost(Kind kind) {
    return Math.max(firm[kind.index()], revocable[kind.index()]);
  }

  /**
   * How much of a kind a container of that shape finds here: of firm or of revocable resources, for
   * Mesos lets no task have both of one name.
   */
  long has(Shape shape, int kind) {
    return shape.takesRevocable() ? Math.max(firm[kind], revocable[kind]) : firm[kind];
  }

  /** How much of a kind containers may take here together. */
  long all(int kind, boolean takeRevocable) {
    return firm[kind] + (takeRevocable ? revocable[kind] : 0);
  }

  boolean fits(Shape shape) {
    for (int kind = 0; kind < firm.length; kind++) {
      if (has(shape, kind) < shape.needed(kind)) {
        return false;
      }
    }
    return true;
  }

  /** Takes what the container needs, which must fit. */
  void take(Wish wish, Shape shape) {
    if (!fits(shape)) {
      throw new IllegalArgumentException(shape.size() + " does not fit on " + site.hostname);
    }
    part();
    if (shelf.isEmpty()) {
      shelf = Optional.of(new Shelf(offers));
    }
    boolean[] fromRevocable = new boolean[firm.length];
    for (int kind = 0; kind < firm.length; kind++) {
      long needed = shape.needed(kind);
      fromRevocable[kind] = shape.takesRevocable() && needed > 0 && revocable[kind] >= needed;
      if (fromRevocable[kind]) {
        revocable[kind] -= needed;
      } else {
        firm[kind] -= needed;
      }
    }
    placed.add(shelf.get().take(wish, fromRevocable));
    version++;
  }
}
