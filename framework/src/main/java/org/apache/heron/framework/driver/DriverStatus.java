package org.apache.heron.framework.driver;

import java.util.Optional;

/**
 * How the driver stands with Mesos, for people.
 *
 * @param master {@code host:port} of the one that we are subscribed with
 * @param trouble why not; absent if subscribed or on the way
 */
public record DriverStatus(Optional<String> master, Optional<Trouble> trouble) {
  /** The trouble as one line; empty if there is none. */
  public String problem() {
    return trouble.map(Trouble::message).orElse("");
  }
}
