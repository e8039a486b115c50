package org.apache.heron.framework.placement;

import java.time.Instant;
import java.util.Optional;

/** One thing that speaks against a container on an agent. */
public sealed interface Objection {
  /** For people, of one agent: {@code lacks 0.5 of 2.0 cpus}. */
  String text();

  /** How far the agent is from being fit; of resources the part of the need that is not met. */
  double distance();

  /** Too little of one kind; quantities in thousandths (ports: whole). */
  record Lacks(Kind kind, long has, long needed) implements Objection {
    /** What is missing. */
    public long lack() {
      return needed - has;
    }

    @Override
    public double distance() {
      return needed == 0 ? 0 : (needed - has) / (double) needed;
    }

    @Override
    public String text() {
      return "lacks " + kind.number(lack()) + " of " + kind.text(needed);
    }
  }

  /**
   * A constraint shuts the agent out.
   *
   * @param why what of the agent, or of what runs already, makes it so
   */
  record Excluded(Constraint constraint, String why) implements Objection {
    @Override
    public double distance() {
      return Distance.CONSTRAINT;
    }

    @Override
    public String text() {
      return "is excluded by " + constraint.text() + " (" + why + ")";
    }
  }

  /** The agent is in maintenance, or about to be. */
  record Unavailable(Instant from, Optional<Instant> until) implements Objection {
    @Override
    public double distance() {
      return Distance.AGENT;
    }

    @Override
    public String text() {
      return "is in maintenance from "
          + from
          + until.map(end -> " until " + end).orElse(", no end is set");
    }
  }

  /** The agent is not to be used, for a reason of the framework's. */
  record Avoided(String reason) implements Objection {
    @Override
    public double distance() {
      return Distance.AGENT;
    }

    @Override
    public String text() {
      return "is avoided: " + reason;
    }
  }

  /** Distances of what no resource would mend: each is more than a lack of one kind can be. */
  final class Distance {
    static final double CONSTRAINT = 10;
    static final double AGENT = 100;

    private Distance() {}
  }
}
