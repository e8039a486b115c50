package org.apache.heron.framework.placement;

/**
 * How many agents one objection speaks against. Each agent is counted once, with the objection that
 * weighs most, so that all tallies together are all agents.
 */
public sealed interface Tally {
  /** How many agents. */
  int agents();

  /** For people; the first of a line is given the number of all agents, later ones 0. */
  String text(int ofAll);

  private static String count(int agents, int ofAll) {
    return ofAll == 0 ? Integer.toString(agents) : agents + " of " + plural(ofAll);
  }

  /** {@code 1 agent}, {@code 2 agents}. */
  static String plural(int agents) {
    return agents == 1 ? "1 agent" : agents + " agents";
  }

  private static String are(int agents) {
    return agents == 1 ? " is " : " are ";
  }

  /**
   * Too little of one kind.
   *
   * @param needed what the container needs, in thousandths (ports: whole)
   * @param least what the best of these agents lacks
   * @param most what the worst of them lacks
   */
  record Lacking(Kind kind, int agents, long needed, long least, long most) implements Tally {
    @Override
    public String text(int ofAll) {
      return "needs "
          + kind.text(needed)
          + ": "
          + count(agents, ofAll)
          + (agents == 1 ? " lacks " : " lack ")
          + kind.number(least)
          + (most > least ? " or more" : "");
    }
  }

  /** Shut out by a constraint. */
  record Excluded(Constraint constraint, int agents) implements Tally {
    @Override
    public String text(int ofAll) {
      return count(agents, ofAll) + are(agents) + "excluded by " + constraint.text();
    }
  }

  /** In maintenance, or about to be. */
  record Unavailable(int agents) implements Tally {
    @Override
    public String text(int ofAll) {
      return count(agents, ofAll) + are(agents) + "in maintenance or about to be";
    }
  }

  /** Not to be used, for this reason of the framework's. */
  record Avoided(String reason, int agents) implements Tally {
    @Override
    public String text(int ofAll) {
      return count(agents, ofAll) + are(agents) + "avoided: " + reason;
    }
  }
}
