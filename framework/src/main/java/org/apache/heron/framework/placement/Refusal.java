package org.apache.heron.framework.placement;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Why a container has found no place in a round. */
public sealed interface Refusal {
  /** One line for people, continuing "waits for offers: ". */
  String text();

  /** What would make it fit, one line each, the easiest first; may be empty. */
  List<String> remedies();

  /** Containers of the same needs share one of these. */
  static Refusal.NoPlace noPlace(
      Size needs, int agents, List<Tally> tallies, List<Verdict> verdicts) {
    return new NoPlace(needs, agents, tallies, verdicts);
  }

  /**
   * It fits on none of the agents that offered.
   *
   * @param agents how many offered anything
   * @param tallies all these agents by what speaks against them, resources first
   * @param verdicts of the nearest agents, the nearest first; not of all
   */
  record NoPlace(Size needs, int agents, List<Tally> tallies, List<Verdict> verdicts)
      implements Refusal {
    public NoPlace {
      tallies = List.copyOf(tallies);
      verdicts = List.copyOf(verdicts);
    }

    /** The agent that is nearest to being fit. */
    public Verdict nearest() {
      return verdicts.get(0);
    }

    @Override
    public String text() {
      StringBuilder text = new StringBuilder();
      int ofAll = agents;
      for (Tally tally : tallies) {
        text.append(text.isEmpty() ? "" : "; ").append(tally.text(ofAll));
        ofAll = 0;
      }
      return text.append("; nearest: ").append(nearest().text()).toString();
    }

    @Override
    public List<String> remedies() {
      List<String> remedies = new ArrayList<>();
      verdicts.stream()
          .filter(verdict -> !verdict.lacks().isEmpty())
          .findFirst()
          .ifPresent(verdict -> remedies.add(more(verdict)));
      verdicts.stream()
          .filter(verdict -> !verdict.constraints().isEmpty())
          .findFirst()
          .ifPresent(verdict -> remedies.add(without(verdict)));
      if (remedies.isEmpty()) {
        remedies.add("another agent with " + needs + " free");
      }
      return remedies;
    }

    private static String more(Verdict verdict) {
      return "it would fit on "
          + verdict.hostname()
          + " with "
          + String.join(
              " and ", verdict.lacks().stream().map(lack -> lack.kind().text(lack.lack())).toList())
          + " more";
    }

    private static String without(Verdict verdict) {
      return "it would fit on "
          + verdict.hostname()
          + " without "
          + String.join(" and ", verdict.constraints().stream().map(Constraint::text).toList());
    }
  }

  /**
   * It fits, but the topology's first launch waits until all containers fit at once.
   *
   * @param fitting how many fit
   * @param all how many there are
   * @param shortage what those that do not fit lack together
   * @param until when what fits is launched anyway; empty for never
   */
  record HeldBack(int fitting, int all, Shortage shortage, Optional<Instant> until)
      implements Refusal {
    /** The rule, and what of the whole stands against it; the same for all that are held back. */
    public String rule() {
      return "nothing is launched until all containers fit at once"
          + until.map(time -> ", or until " + time).orElse("")
          + ": "
          + fitting
          + " of "
          + all
          + (fitting == 1 ? " fits; " : " fit; ")
          + shortage.text();
    }

    @Override
    public String text() {
      return "fits, but " + rule();
    }

    @Override
    public List<String> remedies() {
      return List.of(
          shortage.missing().map(missing -> missing + " more").orElse("room for the others")
              + ", or another heron.mesos.gang.wait.ms");
    }
  }
}
