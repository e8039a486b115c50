package org.apache.heron.executor.launch;

import java.time.Duration;
import java.util.Optional;

/**
 * What is known of a container's condition. A health check that fails has the container killed, so
 * it fails only where a new process may do better: never because somebody else is away.
 *
 * @param ending why the container ends, if it does
 * @param engine what is wrong with its stream manager or topology manager, if anything is
 * @param refusal why the topology manager that is there does not take it; empty while it is
 *     registered, has a plan to work on, or there is no topology manager
 * @param refusedFor since when that is so
 */
record Vitals(
    Optional<String> ending,
    Optional<String> engine,
    Optional<String> refusal,
    Duration refusedFor) {

  /** Why it should be replaced; empty if it is well. */
  Optional<String> illness(Duration grace) {
    if (ending.isPresent()) {
      return ending.map(why -> "the container ends: " + why);
    }
    if (engine.isPresent()) {
      return engine;
    }
    if (refusal.isPresent() && refusedFor.compareTo(grace) > 0) {
      return refusal.map(
          why ->
              "not registered with the topology manager for "
                  + refusedFor.toSeconds()
                  + " s: "
                  + why);
    }
    return Optional.empty();
  }
}
