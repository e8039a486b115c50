package org.apache.heron.executor.stmgr;

import java.time.Duration;

/** Limits of the mesh that upstream has no settings for. */
final class MeshLimits {

  /**
   * What one container may have under way to one task of another: enough to keep the task busy over
   * a network's round trip, little enough for many containers.
   */
  static final int WINDOW_BYTES = 256 * 1024;

  /** For how long spouts wait for containers that a plan names and that were not reached yet. */
  static final Duration MEETING_TIME = Duration.ofSeconds(10);

  private MeshLimits() {}
}
