package org.apache.heron.framework.core;

import java.time.Instant;
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
 * @param parallel how many at a time; 0 for the disruption budget
 */
public record Renewal(Set<ContainerId> queue, Map<ContainerId, Instant> underWay, int parallel) {
  static final Renewal NONE = new Renewal(Set.of(), Map.of(), 0);

  boolean isIdle() {
    return queue.isEmpty() && underWay.isEmpty();
  }

  /** True if the container's replacement is not over. */
  boolean concerns(ContainerId container) {
    return queue.contains(container) || underWay.containsKey(container);
  }

  /** When the first of those under way has been so for that long. */
  Optional<Instant> earliest() {
    return underWay.values().stream().min(Instant::compareTo);
  }

  Renewal withQueue(Set<ContainerId> next) {
    return new Renewal(next, underWay, parallel);
  }

  Renewal withParallel(int number) {
    return new Renewal(queue, underWay, number);
  }

  Renewal begun(ContainerId container, Instant now) {
    Set<ContainerId> rest = new LinkedHashSet<>(queue);
    rest.remove(container);
    Map<ContainerId, Instant> more = new LinkedHashMap<>(underWay);
    more.put(container, now);
    return new Renewal(rest, more, parallel);
  }

  Renewal ended(ContainerId container) {
    Map<ContainerId, Instant> rest = new LinkedHashMap<>(underWay);
    rest.remove(container);
    return new Renewal(queue, rest, parallel);
  }

  Renewal skipped(ContainerId container) {
    Set<ContainerId> rest = new LinkedHashSet<>(queue);
    rest.remove(container);
    return new Renewal(rest, underWay, parallel);
  }
}
