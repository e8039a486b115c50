package org.apache.heron.framework.placement;

import java.util.List;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.OfferId;

/**
 * Containers that are launched together on one agent.
 *
 * @param offers all of that agent and one allocation role, as one ACCEPT requires
 */
public record Launch(
    AgentId agent, String hostname, Traits traits, List<OfferId> offers, List<Placed> containers) {
  public Launch {
    offers = List.copyOf(offers);
    containers = List.copyOf(containers);
  }
}
