package org.apache.heron.framework.core;

import java.util.Optional;
import java.util.Set;
import org.apache.heron.framework.identity.ContainerId;

/** What the sender of a command waits for. */
public sealed interface Awaited {
  /** That nothing of the topology is left. */
  record Killed() implements Awaited {}

  /** That one container, or each, has been replaced and runs again. */
  record Renewed(Optional<ContainerId> only) implements Awaited {}

  /**
   * That these run and those are gone; what has been reached is left out.
   *
   * @param summary what is done, for people
   */
  record Scaled(Set<ContainerId> added, Set<ContainerId> removed, String summary)
      implements Awaited {
    public Scaled {
      added = Set.copyOf(added);
      removed = Set.copyOf(removed);
    }
  }
}
