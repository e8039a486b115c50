package org.apache.heron.framework.placement;

import java.util.List;

/** Why a container has found no place in a round. */
public sealed interface Refusal {
  /** One line for people, continuing "waits for offers: ". */
  String text();

  /**
   * No agent has enough of one kind, whatever else it has.
   *
   * @param best the most that any agent offered, in thousandths (ports: whole)
   * @param needed in the same unit
   * @param agents how many offered anything
   */
  record NobodyHas(Kind kind, long best, long needed, int agents) implements Refusal {
    @Override
    public String text() {
      return "largest offer has "
          + kind.text(best)
          + ", needs "
          + kind.text(needed)
          + " (of "
          + agents
          + (agents == 1 ? " agent)" : " agents)");
    }
  }

  /**
   * Some agent has enough of each kind, but none has enough of all.
   *
   * @param nearest the host that lacks least
   * @param lacks what that host lacks
   */
  record NotTogether(String nearest, List<Lack> lacks, int agents) implements Refusal {
    public NotTogether {
      lacks = List.copyOf(lacks);
    }

    @Override
    public String text() {
      return "no agent has all it needs at once; nearest of "
          + agents
          + " is "
          + nearest
          + ", which lacks "
          + String.join(
              " and ",
              lacks.stream()
                  .map(
                      lack ->
                          lack.kind().text(lack.needed() - lack.has())
                              + " of "
                              + lack.kind().text(lack.needed()))
                  .toList());
    }
  }

  /** What one agent lacks of one kind; quantities in thousandths (ports: whole). */
  record Lack(Kind kind, long has, long needed) {
    /** The part of the need that is not met, 0 to 1. */
    double part() {
      return needed == 0 ? 0 : (needed - has) / (double) needed;
    }
  }
}
