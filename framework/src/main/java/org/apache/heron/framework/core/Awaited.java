package org.apache.heron.framework.core;

import java.util.List;
import java.util.Optional;
import org.apache.heron.framework.identity.ContainerId;

/** What the sender of a command waits for. */
public sealed interface Awaited {
  /** That nothing of the topology is left. */
  record Killed() implements Awaited {}

  /** That one container, or each, has been replaced and runs again. */
  record Renewed(Optional<ContainerId> only) implements Awaited {}

  /**
   * That of these each runs, if it is wanted, or is gone.
   *
   * @param reached how many of them, from the first, have been so
   * @param summary what is done, for people
   */
  record Scaled(List<ContainerId> containers, int reached, String summary) implements Awaited {
    public Scaled {
      containers = List.copyOf(containers);
    }
  }
}
