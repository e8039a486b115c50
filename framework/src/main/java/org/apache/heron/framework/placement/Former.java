package org.apache.heron.framework.placement;

import java.util.List;
import java.util.Optional;
import org.apache.heron.framework.identity.AgentId;

/**
 * What a container had before, for one that does well to have it again.
 *
 * @param agent which it is put back to, if it fits there; empty for one that goes anywhere
 * @param ports in the order in which they were allotted; each is had again where it is free
 */
public record Former(Optional<AgentId> agent, List<Integer> ports) {
  public Former {
    ports = List.copyOf(ports);
  }
}
