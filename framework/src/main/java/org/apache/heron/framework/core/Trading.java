package org.apache.heron.framework.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.placement.Constraint;
import org.apache.heron.framework.placement.Former;
import org.apache.heron.framework.placement.Size;

/**
 * What the framework remembers of its dealings in offers. Immutable; forgotten with the process.
 *
 * @param rounds the last ones, oldest first; only those since containers wait
 * @param told the smallest container, of which the master was last told; empty if it was told
 *     nothing
 * @param kept the constraints that the master was told to keep: it does not offer what they exclude
 * @param alone the master has refused constraints, and is told none for the rest of this process
 * @param seats what each container had last; of those that were launched, as far as this process
 *     knows
 */
public record Trading(
    List<RoundReport> rounds,
    Optional<Size> told,
    List<Constraint> kept,
    boolean alone,
    Map<ContainerId, Former> seats) {
  private static final int MOST_ROUNDS = 5;

  public Trading {
    rounds = List.copyOf(rounds);
    kept = List.copyOf(kept);
    seats = Map.copyOf(seats);
  }

  /** At the start of a process: the seats of those that have a copy are known. */
  static Trading restored(Containers containers) {
    Map<ContainerId, Former> seats = new HashMap<>();
    for (Container container : containers) {
      container.task().ifPresent(task -> seats.put(container.id(), seat(container.id(), task)));
    }
    return new Trading(List.of(), Optional.empty(), List.of(), false, seats);
  }

  /**
   * Container 0 goes back to its agent and its ports, so that who knows the topology manager finds
   * it again. The others go where there is most room, with the same first port if it is free there.
   */
  static Former seat(ContainerId container, Task task) {
    return container.equals(ContainerId.MANAGER)
        ? new Former(Optional.of(task.agent()), task.ports())
        : new Former(Optional.empty(), task.ports().subList(0, Math.min(1, task.ports().size())));
  }

  /** Until when some agents are offered only if they have become larger; empty if none are. */
  public Optional<Instant> filteredUntil(Instant now) {
    return rounds.stream()
        .map(RoundReport::filtersLapse)
        .filter(lapse -> lapse.isAfter(now))
        .max(Instant::compareTo);
  }

  Trading with(RoundReport round) {
    List<RoundReport> last = new ArrayList<>(rounds);
    last.add(round);
    return new Trading(
        last.subList(Math.max(0, last.size() - MOST_ROUNDS), last.size()),
        told,
        kept,
        alone,
        seats);
  }

  /** Nothing waits any more: what was said of those that waited is of no use. */
  Trading settled() {
    return rounds.isEmpty() ? this : new Trading(List.of(), told, kept, alone, seats);
  }

  Trading told(Size least) {
    return new Trading(rounds, Optional.of(least), kept, alone, seats);
  }

  Trading keeping(List<Constraint> constraints) {
    return new Trading(rounds, told, constraints, alone, seats);
  }

  Trading withoutMaster() {
    return new Trading(rounds, told, List.of(), true, seats);
  }

  Trading seated(Map<ContainerId, Former> latest) {
    if (latest.isEmpty()) {
      return this;
    }
    Map<ContainerId, Former> all = new HashMap<>(seats);
    all.putAll(latest);
    return new Trading(rounds, told, kept, alone, all);
  }
}
