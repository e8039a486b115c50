package org.apache.heron.scheduler.local.core;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All containers of a topology, and what is wanted of them. Immutable.
 *
 * @param containers by id
 * @param ram bytes that each wanted container may use
 * @param parallel how many may be renewed at a time
 * @param awaited what is waited for, the oldest first
 */
public record Fleet(
    Phase phase,
    SortedMap<Integer, Container> containers,
    Map<Integer, Long> ram,
    int parallel,
    List<Awaited> awaited) {

  /** What the scheduler is about. */
  public enum Phase {
    /** Containers are kept running. */
    SERVING,
    /** All of them are ended. */
    KILLING,
    /** None is left. */
    KILLED
  }

  public Fleet {
    containers = Collections.unmodifiableSortedMap(new TreeMap<>(containers));
    ram = Map.copyOf(ram);
    awaited = List.copyOf(awaited);
  }

  /** What is on record; {@link Event.Resumed} is to follow. */
  public static Fleet of(Collection<Container> recorded) {
    SortedMap<Integer, Container> containers = new TreeMap<>();
    recorded.forEach(container -> containers.put(container.id(), container));
    return new Fleet(Phase.SERVING, containers, Map.of(), 1, List.of());
  }

  /** Containers that are still to be restarted, or are on their way and not past hope. */
  public List<Integer> renewing() {
    return containers.values().stream()
        .filter(each -> each.aim() == Aim.RENEW || Renewal.mayComeUp(each))
        .map(Container::id)
        .toList();
  }

  /** When something is to be done though nothing happens; {@link Event.Ticked} is to come then. */
  public Optional<Instant> nextDue() {
    return containers.values().stream()
        .flatMap(container -> container.due().stream())
        .min(Instant::compareTo);
  }
}
