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
 * @param seeking which of the queue are moved only when another place is seen for them
 * @param parallel how many at a time; 0 for the disruption budget
 */
public record Renewal(
    Set<ContainerId> queue,
    Map<ContainerId, Instant> underWay,
    Set<ContainerId> overdue,
    Set<ContainerId> seeking,
    int parallel) {
  static final Renewal NONE = new Renewal(Set.of(), Map.of(), Set.of(), Set.of(), 0);

  public Renewal {
    queue = ordered(queue);
    underWay = Collections.unmodifiableMap(new LinkedHashMap<>(underWay));
    overdue = ordered(overdue);
    seeking = ordered(seeking);
  }

  private static <T> Set<T> ordered(Set<T> set) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(set));
  }

  boolean isIdle() {
    return queue.isEmpty() && underWay.isEmpty();
  }

  /** True if nothing is left that somebody may still wait for. */
  boolean isDone() {
    return queue.isEmpty() && overdue.containsAll(underWay.keySet());
  }

  /** True if the container's replacement is not over. */
  boolean concerns(ContainerId container) {
    return queue.contains(container)
        || (underWay.containsKey(container) && !overdue.contains(container));
  }

  /** Since when the first of those has been under way that have not had their time. */
  Optional<Instant> earliest() {
    return underWay.entrySet().stream()
        .filter(entry -> !overdue.contains(entry.getKey()))
        .map(Map.Entry::getValue)
        .min(Instant::compareTo);
  }

  Renewal withQueue(Set<ContainerId> next) {
    return new Renewal(next, underWay, overdue, seeking, parallel);
  }

  Renewal withParallel(int number) {
    return new Renewal(queue, underWay, overdue, seeking, number);
  }

  Renewal withSeeking(Set<ContainerId> next) {
    return new Renewal(queue, underWay, overdue, next, parallel);
  }

  Renewal begun(ContainerId container, Instant now) {
    Map<ContainerId, Instant> more = new LinkedHashMap<>(underWay);
    more.put(container, now);
    return new Renewal(
        without(queue, container),
        more,
        without(overdue, container),
        without(seeking, container),
        parallel);
  }

  /** The container does not run, whoever has seen to that; its turn, if it has one, is to come. */
  Renewal down(ContainerId container, Instant now) {
    Map<ContainerId, Instant> more = new LinkedHashMap<>(underWay);
    more.put(container, now);
    return new Renewal(queue, more, overdue, seeking, parallel);
  }

  /** The container has had its time, and does not run. */
  Renewal late(ContainerId container) {
    Set<ContainerId> more = new LinkedHashSet<>(overdue);
    more.add(container);
    return new Renewal(queue, underWay, more, seeking, parallel);
  }

  Renewal ended(ContainerId container) {
    Map<ContainerId, Instant> rest = new LinkedHashMap<>(underWay);
    rest.remove(container);
    return new Renewal(queue, rest, without(overdue, container), seeking, parallel);
  }

  Renewal skipped(ContainerId container) {
    return new Renewal(
        without(queue, container), underWay, overdue, without(seeking, container), parallel);
  }

  private static Set<ContainerId> without(Set<ContainerId> set, ContainerId container) {
    Set<ContainerId> rest = new LinkedHashSet<>(set);
    rest.remove(container);
    return rest;
  }
}
