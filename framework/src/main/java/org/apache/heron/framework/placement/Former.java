package org.apache.heron.framework.placement;

import java.util.List;
import org.apache.heron.framework.identity.AgentId;

/**
 * Where a container ran before, for one that does well to come back to it.
 *
 * @param ports in the order in which they were allotted
 */
public record Former(AgentId agent, List<Integer> ports) {
  public Former {
    ports = List.copyOf(ports);
  }
}
