package org.apache.heron.framework.placement;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the containers that find no place need together, and what the agents have left together when
 * all others have been placed.
 *
 * @param without how many find no place
 * @param needed by all of these, of each kind that they need
 * @param left of these kinds, on all agents that may be used at all
 * @param worst the container that is farthest from fitting anywhere, and why
 */
public record Shortage(int without, Map<Kind, Long> needed, Map<Kind, Long> left, String worst) {
  public Shortage {
    needed = Map.copyOf(needed);
    left = Map.copyOf(left);
  }

  /**
   * What an attempt came to that has refused some.
   *
   * @param refusals of all that were refused
   */
  static Shortage of(Attempt attempt, Map<?, ? extends Refusal> refusals) {
    List<Wish> refused = attempt.refused();
    Map<Kind, Long> needed = new EnumMap<>(Kind.class);
    Map<Kind, Long> left = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      long sum = refused.stream().mapToLong(wish -> wish.size().of(kind)).sum();
      if (sum > 0) {
        needed.put(kind, sum);
        left.put(kind, left(attempt, kind));
      }
    }
    return new Shortage(refused.size(), needed, left, worst(refused, refusals));
  }

  private static long left(Attempt attempt, Kind kind) {
    return attempt.pools.stream()
        .filter(pool -> pool.site.closed.isEmpty())
        .mapToLong(pool -> pool.leftAtMost(kind))
        .sum();
  }

  // Of equals the first that was tried, which is container 0 or the largest.
  private static String worst(List<Wish> refused, Map<?, ? extends Refusal> refusals) {
    Optional<Wish> worst = Optional.empty();
    double farthest = -1;
    for (Wish wish : refused) {
      if (refusals.get(wish.container()) instanceof Refusal.NoPlace none
          && none.nearest().distance() > farthest) {
        farthest = none.nearest().distance();
        worst = Optional.of(wish);
      }
    }
    return worst
        .map(wish -> "container " + wish.container() + " " + refusals.get(wish.container()).text())
        .orElse("");
  }

  private long missing(Kind kind) {
    return Math.max(0, needed.get(kind) - left.get(kind));
  }

  private List<Kind> kinds() {
    return needed.keySet().stream().sorted(Comparator.comparingInt(Kind::index)).toList();
  }

  /** What is missing even if nothing were in pieces; empty if that is not it. */
  public Optional<String> missing() {
    List<String> missing =
        kinds().stream()
            .filter(kind -> missing(kind) > 0)
            .map(kind -> kind.text(missing(kind)))
            .toList();
    return missing.isEmpty() ? Optional.empty() : Optional.of(Listing.and(missing));
  }

  /** One line for people, continuing "4 of 5 containers fit; ". */
  public String text() {
    String all = Listing.and(kinds().stream().map(kind -> kind.text(needed.get(kind))).toList());
    return (without == 1 ? "the other needs " : "the other " + without + " need in sum ")
        + all
        + missing()
            .map(missing -> ", of which the agents together lack " + missing)
            .orElse(", which the agents have together, but in pieces or out of bounds")
        + "; the largest lack: "
        + worst;
  }
}
