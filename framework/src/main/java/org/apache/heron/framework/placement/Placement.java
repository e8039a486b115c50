package org.apache.heron.framework.placement;

import java.util.List;
import java.util.Map;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.OfferId;

/**
 * The outcome of one round: each offer is in exactly one launch or unused, each wish is placed or
 * refused.
 */
public record Placement(
    List<Launch> launches, List<OfferId> unused, Map<ContainerId, Refusal> refusals) {
  public Placement {
    launches = List.copyOf(launches);
    unused = List.copyOf(unused);
    refusals = Map.copyOf(refusals);
  }
}
