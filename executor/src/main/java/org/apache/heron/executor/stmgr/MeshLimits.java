package org.apache.heron.executor.stmgr;

import java.time.Duration;

/** Limits of the data plane that upstream has no settings for. */
final class MeshLimits {

  /**
   * What one container may have under way to one task of another: enough to keep the task busy over
   * a network's round trip, little enough for many containers.
   */
  static final int WINDOW_BYTES = 256 * 1024;

  /** For how long spouts wait for containers that a plan names and that were not reached yet. */
  static final Duration MEETING_TIME = Duration.ofSeconds(10);

  /** For how long tuples wait for an instance that was here and has ended. */
  static final Duration LATE_TUPLES_TIME = Duration.ofSeconds(2);

  /** For how long instances that a plan does not name any more may finish what they have begun. */
  static final Duration RETIREMENT_TIME = Duration.ofSeconds(10);

  /** For how long links to containers that a plan does not name stay: their trees end meanwhile. */
  static final Duration FAREWELL_TIME = RETIREMENT_TIME.plusSeconds(2);

  /** After so long the mesh's thread is taken for dead. Longer than any garbage collection. */
  static final Duration LONGEST_SILENCE = Duration.ofMinutes(1);

  private MeshLimits() {}
}
