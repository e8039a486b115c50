package org.apache.heron.framework.placement;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a topology wants to be placed; from the configuration.
 *
 * @param constraints all of which hold
 * @param revocable whether containers other than container 0 may take what Mesos may revoke
 * @param windowLead an agent whose maintenance begins so soon is not used; one whose maintenance
 *     begins later is used last
 * @param gang how a first launch waits for room for all
 */
public record Rules(
    List<Constraint> constraints,
    Policy policy,
    boolean revocable,
    Duration windowLead,
    Gang gang) {

  /** Spread, nothing else. */
  public static final Rules PLAIN =
      new Rules(List.of(), Policy.SPREAD, false, Duration.ofHours(1), Gang.NONE);

  /**
   * Whether a topology's first launch waits until all of its containers fit at once.
   *
   * @param limit after which what fits is launched anyway; empty for never
   */
  public record Gang(boolean wanted, Optional<Duration> limit) {
    /** Each container is launched as soon as it fits. */
    public static final Gang NONE = new Gang(false, Optional.empty());

    /** All or none, however long it takes. */
    public static final Gang ALWAYS = new Gang(true, Optional.empty());
  }

  public Rules {
    constraints = List.copyOf(constraints);
  }

  /** These rules with other constraints. */
  public Rules withConstraints(Constraint... others) {
    return new Rules(List.of(others), policy, revocable, windowLead, gang);
  }

  /** These rules with another policy. */
  public Rules withPolicy(Policy other) {
    return new Rules(constraints, other, revocable, windowLead, gang);
  }

  /** These rules with another gang rule. */
  public Rules withGang(Gang other) {
    return new Rules(constraints, policy, revocable, windowLead, other);
  }

  /** These rules, with revocable resources or without. */
  public Rules withRevocable(boolean allowed) {
    return new Rules(constraints, policy, allowed, windowLead, gang);
  }
}
