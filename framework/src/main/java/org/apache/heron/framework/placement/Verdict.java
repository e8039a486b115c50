package org.apache.heron.framework.placement;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.OfferId;

/**
 * Why a container does not go on one agent with what that agent offers to one role.
 *
 * @param offers that were looked at together: what one ACCEPT may hold
 * @param objections at least one
 */
public record Verdict(
    AgentId agent, String hostname, String role, List<OfferId> offers, List<Objection> objections) {

  public Verdict {
    offers = List.copyOf(offers);
    objections = List.copyOf(objections);
  }

  /** How far the agent is from being fit. */
  public double distance() {
    return objections.stream().mapToDouble(Objection::distance).sum();
  }

  /** What is missing, if nothing else speaks against the agent; else empty. */
  public List<Objection.Lacks> lacks() {
    List<Objection.Lacks> lacks =
        objections.stream()
            .filter(Objection.Lacks.class::isInstance)
            .map(Objection.Lacks.class::cast)
            .toList();
    return lacks.size() == objections.size() ? lacks : List.of();
  }

  /** The constraints that shut it out, if nothing else speaks against the agent; else empty. */
  public List<Constraint> constraints() {
    List<Constraint> constraints =
        objections.stream()
            .filter(Objection.Excluded.class::isInstance)
            .map(each -> ((Objection.Excluded) each).constraint())
            .toList();
    return constraints.size() == objections.size() ? constraints : List.of();
  }

  /** One line: the host and all that speaks against it. */
  public String text() {
    return hostname
        + " "
        + objections.stream().map(Objection::text).collect(Collectors.joining(" and "));
  }
}
