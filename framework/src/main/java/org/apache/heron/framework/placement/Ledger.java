package org.apache.heron.framework.placement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All constraints in one round.
 *
 * <p>Agents are sorted into cells: those of one cell have the same values of all fields that are
 * grouped by, so that {@code GROUP_BY}, the only operator that may allow later what it forbids now,
 * is a question to a cell. Every other operator, once it forbids an agent, does so for the rest of
 * the round. Not thread-safe.
 */
final class Ledger {
  private final List<Tokens> lasting = new ArrayList<>();
  private final List<Tokens> grouping = new ArrayList<>();
  private final List<Tokens> undecided;
  private final int[] cellOfSite;
  private final List<int[]> cells = new ArrayList<>();

  Ledger(List<Constraint> constraints, List<Site> sites, List<Resident> residents) {
    for (Constraint constraint : constraints) {
      (constraint.operator() == Constraint.Operator.GROUP_BY ? grouping : lasting)
          .add(new Tokens(constraint, sites, residents));
    }
    cellOfSite = new int[sites.size()];
    if (grouping.isEmpty()) {
      cells.add(new int[0]);
    } else {
      sortIntoCells(sites);
    }
    undecided = lasting.stream().filter(Tokens::isUndecidedCluster).toList();
  }

  private void sortIntoCells(List<Site> sites) {
    Map<List<Integer>, Integer> known = new HashMap<>();
    for (Site site : sites) {
      List<Integer> values = grouping.stream().map(tokens -> tokens.valueOf(site)).toList();
      cellOfSite[site.index] =
          known.computeIfAbsent(
              values,
              key -> {
                cells.add(key.stream().mapToInt(Integer::intValue).toArray());
                return cells.size() - 1;
              });
    }
  }

  /** True if the first container decides where others are, and there is none yet. */
  boolean isUndecided() {
    return !undecided.isEmpty();
  }

  /** The agents that may be used, those together that containers may be on together. */
  Collection<List<Site>> seats(List<Site> sites) {
    Map<List<Integer>, List<Site>> seats = new LinkedHashMap<>();
    for (Site site : sites) {
      if (site.closed.isEmpty() && allowsForNow(site)) {
        List<Integer> values = undecided.stream().map(tokens -> tokens.valueOf(site)).toList();
        seats.computeIfAbsent(values, key -> new ArrayList<>()).add(site);
      }
    }
    return seats.values();
  }

  /** Settles for this round that containers are together with that agent. */
  void settle(Site site) {
    undecided.forEach(tokens -> tokens.choose(tokens.valueOf(site)));
  }

  boolean isEmpty() {
    return lasting.isEmpty() && grouping.isEmpty();
  }

  /** True if what is forbidden now may be allowed later in the round. */
  boolean mayRelent() {
    return !grouping.isEmpty();
  }

  int cells() {
    return cells.size();
  }

  int cellOf(Site site) {
    return cellOfSite[site.index];
  }

  /** Whether the constraints that only ever forbid allow the agent. */
  boolean allowsForNow(Site site) {
    for (int i = 0; i < lasting.size(); i++) {
      if (!lasting.get(i).allows(site)) {
        return false;
      }
    }
    return true;
  }

  /** Whether grouping allows the agents of that cell now. */
  boolean allowsCell(int cell) {
    int[] values = cells.get(cell);
    for (int i = 0; i < values.length; i++) {
      if (!grouping.get(i).allowsGroup(values[i])) {
        return false;
      }
    }
    return true;
  }

  /** How many of ours are grouped with the agents of that cell; the fewest are served first. */
  int countIn(int cell) {
    int[] values = cells.get(cell);
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      count += grouping.get(i).countOf(values[i]);
    }
    return count;
  }

  boolean allows(Site site) {
    return allowsForNow(site) && allowsCell(cellOf(site));
  }

  /** The constraints that do not allow the agent, in no case more than there are. */
  List<Tokens> objecting(Site site) {
    if (isEmpty()) {
      return List.of();
    }
    List<Tokens> objecting = new ArrayList<>(1);
    lasting.stream().filter(tokens -> !tokens.allows(site)).forEach(objecting::add);
    grouping.stream().filter(tokens -> !tokens.allows(site)).forEach(objecting::add);
    return objecting;
  }

  /** One container more is on that agent. */
  void join(Site site) {
    lasting.forEach(tokens -> tokens.join(site));
    grouping.forEach(tokens -> tokens.join(site));
  }
}
