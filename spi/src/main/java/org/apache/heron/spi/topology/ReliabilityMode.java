package org.apache.heron.spi.topology;

import java.util.Optional;

/** What a topology promises about its tuples ({@code topology.reliability.mode}). */
public enum ReliabilityMode {
  /** A tuple may be lost; nothing is acknowledged. */
  ATMOST_ONCE,
  /**
   * A tuple tree that is not acknowledged in time is failed, so that the spout can send it again.
   */
  ATLEAST_ONCE,
  /** State is saved at distributed checkpoints and restored together with the spouts' positions. */
  EFFECTIVELY_ONCE;

  /** What this project's core package does not keep of the promise, for the user. */
  public Optional<String> shortfall() {
    return switch (this) {
      case ATMOST_ONCE, ATLEAST_ONCE -> Optional.empty();
      case EFFECTIVELY_ONCE ->
          Optional.of(
              "topology.reliability.mode is EFFECTIVELY_ONCE, which this project's heron-core does"
                  + " not keep: it takes no checkpoints, so tuples may be lost and state is empty"
                  + " after a restart. Use ATLEAST_ONCE, or upstream's heron-core package");
    };
  }
}
