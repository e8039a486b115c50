package org.apache.heron.scheduler.local.core;

import java.util.Map;
import java.util.Set;

/** What somebody waits for. */
public sealed interface Awaited {
  Ticket ticket();

  /**
   * New processes.
   *
   * @param attempts by container, of the processes that are to be replaced
   */
  record Renewed(Ticket ticket, Map<Integer, Integer> attempts) implements Awaited {
    public Renewed {
      attempts = Map.copyOf(attempts);
    }
  }

  /**
   * A changed set of containers.
   *
   * @param added that are to run
   */
  record Scaled(Ticket ticket, Set<Integer> added) implements Awaited {
    public Scaled {
      added = Set.copyOf(added);
    }
  }

  /** The end of everything. */
  record Killed(Ticket ticket) implements Awaited {}
}
