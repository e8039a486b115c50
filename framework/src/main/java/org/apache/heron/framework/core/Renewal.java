package org.apache.heron.framework.core;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.framework.identity.ContainerId;

/**
 * Copies that are to be replaced, and those that are being replaced. Immutable.
 *
 * @param queue whose turn is still to come, in that order
 * @param underWay which are being replaced, and since when
 * @param overdue which of those under way have had their time
 * @param moves which of those under way nobody has asked for
 * @param seeking which of the queue are moved only when another place is seen for them
 * @param parallel how many at a time; 0 for the disruption budget
 */
public record Renewal(
    Set<ContainerId> queue,
    Map<ContainerId, Instant> underWay,
    Set<ContainerId> overdue,
    Set<ContainerId> moves,
    Set<ContainerId> seeking,
    int parallel) {
  static final Renewal NONE = new Renewal(Set.of(), Map.of(), Set.of(), Set.of(), Set.of(), 0);

  public Renewal {
    queue = ordered(queue);
    underWay = Collections.unmodifiableMap(new LinkedHashMap<>(underWay));
    overdue = ordered(overdue);
    moves = ordered(moves);
    seeking = ordered(seeking);
  }

  private static <T> Set<T> ordered(Set<T> set) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(set));
  }

  boolean isIdle() {
    return queue.isEmpty() && underWay.isEmpty();
  }

  /** True if nothing that somebody has asked for is under way and may still come to run. */
  boolean hasDoneWhatWasAsked() {
    return underWay.keySet().stream().allMatch(id -> overdue.contains(id) || moves.contains(id));
  }

  /** True if the container is being replaced, and may still come to run. */
  public boolean isReplacing(ContainerId container) {
    return underWay.containsKey(container) && !overdue.contains(container);
  }

  /** Since when the first of those has been under way that have not had their time. */
  Optional<Instant> earliest() {
    return underWay.entrySet().stream()
        .filter(entry -> !overdue.contains(entry.getKey()))
        .map(Map.Entry::getValue)
        .min(Instant::compareTo);
  }

  Renewal withQueue(Set<ContainerId> next) {
    return new Renewal(next, underWay, overdue, moves, seeking, parallel);
  }

  Renewal withParallel(int number) {
    return new Renewal(queue, underWay, overdue, moves, seeking, number);
  }

  Renewal withSeeking(Set<ContainerId> next) {
    return new Renewal(queue, underWay, overdue, moves, next, parallel);
  }

  /**
   * @param asked whether somebody wants it, and not only moves it
   */
  Renewal begun(ContainerId container, Instant now, boolean asked) {
    Map<ContainerId, Instant> more = new LinkedHashMap<>(underWay);
    more.put(container, now);
    Set<ContainerId> moved = new LinkedHashSet<>(without(moves, container));
    if (!asked) {
      moved.add(container);
    }
    return new Renewal(
        without(queue, container),
        more,
        without(overdue, container),
        moved,
        without(seeking, container),
        parallel);
  }

  /** The container does not run, whoever has seen to that; its turn, if it has one, is to come. */
  Renewal down(ContainerId container, Instant now) {
    Map<ContainerId, Instant> more = new LinkedHashMap<>(underWay);
    more.put(container, now);
    return new Renewal(queue, more, overdue, moves, seeking, parallel);
  }

  /** The container has had its time, and does not run. */
  Renewal late(ContainerId container) {
    Set<ContainerId> more = new LinkedHashSet<>(overdue);
    more.add(container);
    return new Renewal(queue, underWay, more, moves, seeking, parallel);
  }

  Renewal ended(ContainerId container) {
    Map<ContainerId, Instant> rest = new LinkedHashMap<>(underWay);
    rest.remove(container);
    return new Renewal(
        queue, rest, without(overdue, container), without(moves, container), seeking, parallel);
  }

  Renewal skipped(ContainerId container) {
    return new Renewal(
        without(queue, container), underWay, overdue, moves, without(seeking, container), parallel);
  }

  private static Set<ContainerId> without(Set<ContainerId> set, ContainerId container) {
    Set<ContainerId> rest = new LinkedHashSet<>(set);
    rest.remove(container);
    return rest;
  }
}
