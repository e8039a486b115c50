package org.apache.heron.framework.core;

import java.time.Instant;
import java.util.Map;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.placement.Refusal;

/**
 * What became of one round of offers; for those who ask why a container waits.
 *
 * @param offers how many were at hand
 * @param agents how many agents they came from
 * @param launched how many containers were launched
 * @param declined how many of the offers were given back unused
 * @param filtersLapse until when Mesos offers us what was given back only if it has become more
 * @param held true if some containers fit, but the first launch waits until all do
 * @param refusals why each of the others found no place
 */
public record RoundReport(
    Instant at,
    int offers,
    int agents,
    int launched,
    int declined,
    Instant filtersLapse,
    boolean held,
    Map<ContainerId, Refusal> refusals) {
  public RoundReport {
    refusals = Map.copyOf(refusals);
  }
}
