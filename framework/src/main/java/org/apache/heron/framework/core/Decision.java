package org.apache.heron.framework.core;

import java.util.List;

/** What follows from an event: the next state, and what is to be done, in order. */
public record Decision(State state, List<Effect> effects) {
  public Decision {
    effects = List.copyOf(effects);
  }
}
