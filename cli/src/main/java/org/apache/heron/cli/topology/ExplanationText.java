package org.apache.heron.cli.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.heron.cli.console.TextTable;
import org.apache.heron.cli.console.TimeText;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.Explanation.Container;

/** An explanation as a page for people: what waits first, with its reasons, then what runs. */
final class ExplanationText {
  private final Explanation explanation;
  private final List<String> lines = new ArrayList<>();

  private ExplanationText(Explanation explanation) {
    this.explanation = explanation;
  }

  static String of(Explanation explanation) {
    ExplanationText text = new ExplanationText(explanation);
    text.write();
    return String.join("\n", text.lines);
  }

  private void write() {
    List<Container> waiting = explanation.containers().stream().filter(Container::waits).toList();
    List<Container> others =
        explanation.containers().stream().filter(container -> !container.waits()).toList();
    lines.add(heading(waiting.size()));
    if (!explanation.problem().isEmpty()) {
      lines.add("Problem: " + explanation.problem());
    }
    market();
    lines.addAll(WaitingText.of(waiting, explanation.at()));
    if (!others.isEmpty()) {
      lines.add("");
      TextTable table = new TextTable("CONTAINER", "STATE", "FOR", "ATTEMPT", "WHERE AND WHY");
      others.forEach(
          c -> table.row(c.id(), c.state(), ago(c.since()), c.attempt(), c.line() + failures(c)));
      lines.addAll(table.lines());
    }
    penalties();
  }

  private String heading(int waiting) {
    int all = explanation.containers().size();
    String counts;
    if (all == 0) {
      counts = "no container is known yet";
    } else if (waiting == 0) {
      counts = all == 1 ? "the container does not wait" : "none of " + all + " containers waits";
    } else {
      counts =
          waiting
              + " of "
              + all
              + (all == 1 ? " container" : " containers")
              + (waiting == 1 ? " waits" : " wait");
    }
    return "Topology '" + explanation.topology() + "'" + phase() + ": " + counts;
  }

  /** What is said of the whole, unless it is that its containers do what they do. */
  private String phase() {
    return switch (explanation.phase()) {
      case RUNNING -> "";
      case STANDING_BY -> " (the scheduler that answers does not lead)";
      case REGISTERING -> " (not yet registered with the cluster)";
      case KILLING -> " (being killed)";
      case KILLED -> " (killed)";
      case FAILED -> " (its scheduler cannot go on)";
    };
  }

  // A copy that has run for a second says little where the last three have failed.
  private static String failures(Container container) {
    if (container.failures() == 0) {
      return "";
    }
    boolean said = container.cause().isEmpty() || container.line().contains(container.cause());
    return " (failed "
        + container.failures()
        + (container.failures() == 1 ? " time" : " times")
        + " before"
        + (said ? "" : ": " + container.cause())
        + ")";
  }

  private void market() {
    Explanation.Market market = explanation.market();
    if (market.demand().isEmpty()) {
      return;
    }
    if (market.lastRound() == 0 && market.demand().equals("SUPPRESSED")) {
      lines.add("Offers: none are asked for, because nothing waits");
      return;
    }
    String looked =
        market.lastRound() == 0
            ? "none have come yet"
            : market.offers()
                + " from "
                + market.agents()
                + (market.agents() == 1 ? " agent" : " agents")
                + " in the last round, "
                + ago(market.lastRound())
                + " ago";
    String wish =
        switch (market.demand()) {
          case "SUPPRESSED" -> "; no more are asked for, because nothing waits";
          case "FILTERED" ->
              market.filtersLapse() > explanation.at()
                  ? "; what was declined comes again within " + in(market.filtersLapse())
                  : "; what was declined may come again now";
          default -> "";
        };
    lines.add("Offers: " + looked + wish);
  }

  private void penalties() {
    if (explanation.penalties().isEmpty()) {
      return;
    }
    lines.add("");
    TextTable table = new TextTable("AVOIDED AGENT", "FAILURES", "FOR ANOTHER", "REASON");
    explanation
        .penalties()
        .forEach(p -> table.row(p.agentId(), p.failures(), in(p.until()), p.reason()));
    lines.addAll(table.lines());
  }

  private String ago(long millis) {
    return millis == 0 ? "" : TimeText.span(Duration.ofMillis(explanation.at() - millis));
  }

  private String in(long millis) {
    return TimeText.span(Duration.ofMillis(Math.max(0, millis - explanation.at()) + 999));
  }
}
