package org.apache.heron.framework.placement;

import java.util.Optional;
import org.apache.heron.framework.identity.ContainerId;

/**
 * A container that waits for a place.
 *
 * @param former what it had before and is given again where it can be
 */
public record Wish(ContainerId container, Size size, Optional<Former> former) {
  /** A container that goes anywhere. */
  public Wish(ContainerId container, Size size) {
    this(container, size, Optional.empty());
  }
}
