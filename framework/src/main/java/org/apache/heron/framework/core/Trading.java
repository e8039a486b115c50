package org.apache.heron.framework.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.placement.Former;
import org.apache.heron.framework.placement.Size;

/**
 * What the framework remembers of its dealings in offers. Immutable; forgotten with the process.
 *
 * @param rounds the last ones, oldest first; only those since containers wait
 * @param told the least that an agent must have to be offered, as the master was last told; empty
 *     if it was told nothing
 * @param seat where container 0 was last, so that it is found there again
 */
public record Trading(List<RoundReport> rounds, Optional<Size> told, Optional<Former> seat) {
  private static final int MOST_ROUNDS = 5;

  public Trading {
    rounds = List.copyOf(rounds);
  }

  /** At the start of a process: container 0's place is known if it has one. */
  static Trading restored(Containers containers) {
    return new Trading(
        List.of(),
        Optional.empty(),
        containers
            .get(ContainerId.MANAGER)
            .flatMap(Container::task)
            .map(task -> new Former(task.agent(), task.ports())));
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
        last.subList(Math.max(0, last.size() - MOST_ROUNDS), last.size()), told, seat);
  }

  /** Nothing waits any more: what was said of those that waited is of no use. */
  Trading settled() {
    return rounds.isEmpty() ? this : new Trading(List.of(), told, seat);
  }

  Trading told(Size least) {
    return new Trading(rounds, Optional.of(least), seat);
  }

  Trading seated(Former place) {
    return new Trading(rounds, told, Optional.of(place));
  }
}
