package org.apache.heron.framework.core;

import org.apache.heron.framework.identity.ContainerId;

/** One change of what is on record. */
public sealed interface RecordChange {
  /**
   * Who we are to Mesos, and whether we are to end.
   *
   * @param attemptFloor of {@link Containers#floor}
   */
  record Framework(String frameworkId, boolean killing, int attemptFloor) implements RecordChange {}

  /** A container's record, new or replaced. */
  record Put(Container container) implements RecordChange {}

  /** A container that the plan has no longer. */
  record Remove(ContainerId container) implements RecordChange {}
}
