package org.apache.heron.framework.placement;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * One constraint in one round: which of the field's values each agent has, and how many of our
 * containers are on each value. Not thread-safe.
 */
final class Tokens {
  private static final int MISSING = -1;

  final Constraint constraint;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final int[] valueOfSite;
  private final boolean missingAdmitted;
  private boolean[] admitted;
  private int[] counts;
  private int all;
  private OptionalInt chosen = OptionalInt.empty();

  // Of the values that are used at all: how many they are, and the smallest count.
  private int used;
  private int smallest;

  Tokens(Constraint constraint, List<Site> sites, List<Resident> residents) {
    this.constraint = constraint;
    missingAdmitted = constraint.admitsMissing();
    valueOfSite = new int[sites.size()];
    for (Site site : sites) {
      valueOfSite[site.index] = number(constraint.valueOn(site.hostname, site.traits));
    }
    int[] valueOfResident = new int[residents.size()];
    for (int i = 0; i < valueOfResident.length; i++) {
      Resident resident = residents.get(i);
      valueOfResident[i] = number(constraint.valueOn(resident.hostname(), resident.traits()));
    }
    counts = new int[numbers.size()];
    admitted = new boolean[numbers.size()];
    // A regular expression is read once, and tried once for each value, not for each agent.
    Predicate<String> admits = constraint.admitted();
    numbers.forEach((value, number) -> admitted[number] = admits.test(value));
    for (int value : valueOfResident) {
      count(value);
    }
    survey();
  }

  private int number(Optional<String> value) {
    return value.isEmpty() ? MISSING : numbers.computeIfAbsent(value.get(), key -> numbers.size());
  }

  int valueOf(Site site) {
    return valueOfSite[site.index];
  }

  /** One container more is on that agent. */
  void join(Site site) {
    count(valueOf(site));
    if (constraint.operator() == Constraint.Operator.GROUP_BY) {
      survey();
    }
  }

  private void count(int value) {
    all++;
    if (value != MISSING) {
      counts[value]++;
    }
  }

  private void survey() {
    used = 0;
    smallest = Integer.MAX_VALUE;
    for (int count : counts) {
      if (count > 0) {
        used++;
        smallest = Math.min(smallest, count);
      }
    }
  }

  /** True if the first container decides where all others are, and there is none yet. */
  boolean isUndecidedCluster() {
    return constraint.operator() == Constraint.Operator.CLUSTER && all == 0;
  }

  /** Settles where the cluster is, for this round. */
  void choose(int value) {
    chosen = OptionalInt.of(value);
  }

  boolean allows(Site site) {
    int value = valueOf(site);
    if (value == MISSING) {
      return missingAdmitted;
    }
    if (!admitted[value]) {
      return false;
    }
    return switch (constraint.operator()) {
      case LIKE, UNLIKE, IS -> true;
      case UNIQUE -> counts[value] == 0;
      case MAX_PER -> counts[value] < constraint.number();
      case CLUSTER -> counts[value] == all && (chosen.isEmpty() || chosen.getAsInt() == value);
      case GROUP_BY -> allowsGroup(value);
    };
  }

  /** GROUP_BY, as in Marathon: an unused value always, a used one only if no other is less used. */
  boolean allowsGroup(int value) {
    return value != MISSING
        && (counts[value] == 0 || (used >= constraint.number() && counts[value] == smallest));
  }

  int count(Site site) {
    int value = valueOf(site);
    return value == MISSING ? 0 : counts[value];
  }

  int countOf(int value) {
    return value == MISSING ? 0 : counts[value];
  }

  /** Why an agent is not allowed, for people. */
  String why(Site site) {
    String field = constraint.field();
    int value = valueOf(site);
    if (value == MISSING) {
      return "it has no " + field;
    }
    String here = field + " " + name(value);
    if (!admitted[value]) {
      return "it has " + here;
    }
    return switch (constraint.operator()) {
      case LIKE, UNLIKE, IS -> "it has " + here;
      case UNIQUE, MAX_PER -> here + " has " + counts[value] + " already";
      case CLUSTER ->
          chosen.isPresent()
              ? field + " " + name(chosen.getAsInt()) + " takes the most of all"
              : "it has " + here + ", the others do not";
      case GROUP_BY ->
          used < constraint.number()
              ? here + " is used, and only " + used + " of " + constraint.number() + " are"
              : here + " has " + counts[value] + ", another has " + smallest;
    };
  }

  private String name(int value) {
    return numbers.entrySet().stream()
        .filter(entry -> entry.getValue() == value)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  @Override
  public String toString() {
    return constraint.text() + " " + numbers + Arrays.toString(counts);
  }
}
