package org.apache.heron.packing.roundrobin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.packing.draft.PlanDraft;
import org.apache.heron.packing.draft.RoomTree;
import org.apache.heron.packing.limits.PackingLimits;

/**
 * Adds instances to a plan: each goes to the next container that has room, from the one after the
 * container that took the last.
 *
 * <p>"Next" is upstream's, which takes container ids for places in a circle of as many as there are
 * containers: ids from the cursor on come by their distance, smaller ones as if they were higher by
 * the number of containers, and after the id that equals that number comes 1. Where ids have no
 * gaps this is a plain circle.
 */
final class FlexibleDeal {
  /**
   * With gaps between ids each number of containers has to be tried out; after so many the least is
   * looked for by halving, which may miss a smaller number that happens to work.
   */
  private static final int TRIES = 16;

  private final PackingLimits limits;
  private final PlanDraft draft;
  private final Map<String, Integer> added;
  private final int present;

  /**
   * @param draft what is there; gets the new containers and instances
   * @param added instances to add by component, in their order
   */
  FlexibleDeal(PackingLimits limits, PlanDraft draft, Map<String, Integer> added) {
    this.limits = limits;
    this.draft = draft;
    this.added = added;
    this.present = draft.size();
  }

  /** Adds them, with the least number of containers that works, from the given one on. */
  void deal(int from) {
    RoundCount rounds = new RoundCount(limits, draft, components());
    int least = Math.max(from, rounds.least());
    int[] positions =
        hasGaps() ? leastByTrying(least) : placed(leastByRounds(rounds, least)).orElseThrow();
    int placed = 0;
    for (Map.Entry<String, Integer> component : added.entrySet()) {
      for (int i = 0; i < component.getValue(); i++) {
        int position = positions[placed++];
        while (draft.size() <= position) {
          draft.addContainer();
        }
        draft.add(position, component.getKey());
      }
    }
  }

  private List<RoundCount.Component> components() {
    return added.entrySet().stream()
        .map(entry -> new RoundCount.Component(limits.size(entry.getKey()), entry.getValue()))
        .toList();
  }

  private boolean hasGaps() {
    return present > 0 && draft.id(present - 1) != present;
  }

  private static int leastByRounds(RoundCount rounds, int from) {
    int containers = from;
    while (!rounds.fits(containers)) {
      containers++;
    }
    return containers;
  }

  private int[] leastByTrying(int from) {
    for (int containers = from; containers < from + TRIES; containers++) {
      Optional<int[]> positions = placed(containers);
      if (positions.isPresent()) {
        return positions.get();
      }
    }
    int tooFew = from + TRIES - 1;
    int step = 1;
    Optional<int[]> enough = placed(tooFew + step);
    while (enough.isEmpty()) {
      tooFew += step;
      step *= 2;
      enough = placed(tooFew + step);
    }
    int most = tooFew + step;
    while (most - tooFew > 1) {
      int middle = (tooFew + most) >>> 1;
      Optional<int[]> tried = placed(middle);
      if (tried.isPresent()) {
        most = middle;
        enough = tried;
      } else {
        tooFew = middle;
      }
    }
    return enough.orElseThrow();
  }

  /** The position of each instance's container; empty if one finds no room. */
  private Optional<int[]> placed(int containers) {
    RoomTree tree = new RoomTree(limits, draft);
    tree.append(Math.max(0, containers - present));
    int[] positions =
        new int[added.values().stream().mapToInt(Integer::intValue).reduce(0, Math::addExact)];
    int placed = 0;
    int cursor = 1;
    for (Map.Entry<String, Integer> component : added.entrySet()) {
      tree.lookFor(limits.size(component.getKey()));
      for (int i = 0; i < component.getValue(); i++) {
        int position = next(tree, cursor, containers);
        if (position < 0) {
          return Optional.empty();
        }
        tree.take(position);
        positions[placed++] = position;
        cursor = id(position) == containers ? 1 : id(position) + 1;
      }
    }
    return Optional.of(positions);
  }

  private int next(RoomTree tree, int cursor, int containers) {
    int start = positionFrom(cursor, tree.size());
    int ahead = tree.firstFrom(start);
    if (ahead >= 0 && !hasGaps()) {
      return ahead;
    }
    int first = tree.firstFrom(0);
    if (first >= start || ahead < 0) {
      return first;
    }
    return id(ahead) - cursor < (long) id(first) + containers ? ahead : first;
  }

  /** The first position whose id is at least this one. */
  private int positionFrom(int id, int size) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (id(middle) < id) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int id(int position) {
    if (position < present) {
      return draft.id(position);
    }
    return (present == 0 ? 0 : draft.id(present - 1)) + position - present + 1;
  }
}
