package org.apache.heron.framework.core;

import java.util.Optional;
import org.apache.heron.framework.history.History;
import org.apache.heron.framework.identity.ContainerId;

/** One change of what is on record. */
public sealed interface RecordChange {
  /**
   * Who we are to Mesos, whether we are to end, and what has happened.
   *
   * @param frameworkId empty until Mesos has given one
   * @param principal as which the framework subscribed last, empty if as none; absent if not known
   * @param attemptFloor of {@link Containers#highestAttempt}
   */
  record Framework(
      Optional<String> frameworkId,
      Optional<String> principal,
      boolean killing,
      int attemptFloor,
      History history)
      implements RecordChange {}

  /** A container's record, new or replaced. */
  record Put(Container container) implements RecordChange {}

  /** A container that the plan has no longer. */
  record Remove(ContainerId container) implements RecordChange {}
}
