package org.apache.heron.spi.topology;

/** What a topology promises about its tuples ({@code topology.reliability.mode}). */
public enum ReliabilityMode {
  /** A tuple may be lost; nothing is acknowledged. */
  ATMOST_ONCE,
  /**
   * A tuple tree that is not acknowledged in time is failed, so that the spout can send it again.
   */
  ATLEAST_ONCE,
  /** State is saved at distributed checkpoints and restored together with the spouts' positions. */
  EFFECTIVELY_ONCE
}
