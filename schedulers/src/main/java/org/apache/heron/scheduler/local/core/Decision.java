package org.apache.heron.scheduler.local.core;

import java.util.List;

/**
 * What follows from an event.
 *
 * @param fleet as it is from now on
 * @param effects to be carried out in this order
 */
public record Decision(Fleet fleet, List<Effect> effects) {
  public Decision {
    effects = List.copyOf(effects);
  }
}
