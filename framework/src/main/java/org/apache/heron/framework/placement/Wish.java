package org.apache.heron.framework.placement;

import java.util.Optional;
import org.apache.heron.framework.identity.ContainerId;

/**
 * A container that waits for a place.
 *
 * @param former the place it is put back to, with the same ports, if it fits there
 */
public record Wish(ContainerId container, Size size, Optional<Former> former) {
  /** A container that goes anywhere. */
  public Wish(ContainerId container, Size size) {
    this(container, size, Optional.empty());
  }
}
