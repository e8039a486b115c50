package org.apache.heron.framework.placement;

/** Which of the agents that a container fits on it goes to. */
public enum Policy {
  /** The one with the fewest of this topology, so that its loss takes as little as possible. */
  SPREAD,
  /** The one with the least left, so that large pieces stay whole for others. */
  PACK
}
