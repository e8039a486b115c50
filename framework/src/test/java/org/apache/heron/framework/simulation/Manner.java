package org.apache.heron.framework.simulation;

import java.util.List;
import org.apache.heron.framework.core.Disruption;
import org.apache.heron.framework.placement.Constraint;
import org.apache.heron.framework.placement.Rules;

/**
 * How a topology is run, beyond the usual.
 *
 * @param where its containers may run
 * @param racks that the agents stand in, one after the other
 * @param standbys scheduler processes that wait for their turn; with any, all stand for election
 * @param budget how many containers may be replaced on purpose at a time
 */
record Manner(Where where, int racks, int standbys, int budget) {
  /** Where containers may run: always so that all of them can, when every agent is there. */
  enum Where {
    /** On any agent. */
    ANYWHERE,
    /** As many on each rack as must be. */
    MAX_PER_RACK,
    /** As many on each host as must be. */
    MAX_PER_HOST,
    /** On the first rack only. */
    LIKE_RACK,
    /** On any but the first rack. */
    UNLIKE_RACK,
    /** Evenly over all racks. */
    GROUP_BY_RACK,
    /** All on one rack, whichever. */
    CLUSTER_RACK
  }

  static final Manner PLAIN = new Manner(Where.ANYWHERE, 1, 0, 1);

  /** The attribute that names an agent's rack. */
  static final String RACK = "rack";

  static Manner draw(Dice dice) {
    return new Manner(
        dice.chance(0.6) ? Where.ANYWHERE : dice.of(List.of(Where.values())),
        1 + dice.below(3),
        dice.chance(0.5) ? 0 : 1 + dice.below(2),
        dice.chance(0.7) ? 1 : 2);
  }

  /** The rack of the agent of that number, from 0. */
  static String rack(int number) {
    return "r" + number;
  }

  Disruption disruption() {
    return new Disruption(budget, Disruption.DEFAULT.lead(), Disruption.DEFAULT.patience());
  }

  /**
   * The rules.
   *
   * @param most containers that there may ever be
   * @param agents that there are at first, and whose places others take
   */
  Rules rules(int most, int agents) {
    int used = Math.min(racks, agents);
    return Rules.PLAIN.withConstraints(constraints(most, agents, used).toArray(Constraint[]::new));
  }

  private List<Constraint> constraints(int most, int agents, int used) {
    return switch (where) {
      case ANYWHERE -> List.of();
      case MAX_PER_RACK -> List.of(max(RACK, most, used));
      case MAX_PER_HOST -> List.of(max(Constraint.HOSTNAME, most, agents));
      case LIKE_RACK -> List.of(new Constraint(RACK, Constraint.Operator.LIKE, rack(0)));
      case UNLIKE_RACK ->
          used == 1
              ? List.of()
              : List.of(new Constraint(RACK, Constraint.Operator.UNLIKE, rack(0)));
      case GROUP_BY_RACK ->
          List.of(new Constraint(RACK, Constraint.Operator.GROUP_BY, String.valueOf(used)));
      case CLUSTER_RACK -> List.of(new Constraint(RACK, Constraint.Operator.CLUSTER, ""));
    };
  }

  private static Constraint max(String field, int most, int places) {
    return new Constraint(
        field, Constraint.Operator.MAX_PER, String.valueOf((most + places - 1) / places));
  }

  /** The patience with a container that is being replaced, in milliseconds. */
  static long patience() {
    return Disruption.DEFAULT.patience().toMillis();
  }
}
