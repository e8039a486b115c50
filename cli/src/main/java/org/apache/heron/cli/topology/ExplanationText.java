package org.apache.heron.cli.topology;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.heron.cli.console.TextTable;
import org.apache.heron.cli.console.TimeText;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.Explanation.Container;
import org.apache.heron.spi.scheduler.Explanation.Quantity;
import org.apache.heron.spi.scheduler.Explanation.Verdict;

/** An explanation as a page for people: what waits first, with its reasons, then what runs. */
final class ExplanationText {
  /** Of the agents that were looked at, so many are shown of each container; JSON has them all. */
  private static final int SHOWN_VERDICTS = 8;

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
    waiting.forEach(this::waiting);
    if (!others.isEmpty()) {
      lines.add("");
      TextTable table = new TextTable("CONTAINER", "STATE", "FOR", "ATTEMPT", "WHERE AND WHY");
      others.forEach(c -> table.row(c.id(), c.state(), ago(c.since()), c.attempt(), c.line()));
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
    return "Topology '" + explanation.topology() + "' (" + explanation.phase() + "): " + counts;
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

  private void waiting(Container container) {
    lines.add("");
    lines.add("Container " + container.id() + " (" + container.state() + ") " + container.line());
    if (!container.needs().isEmpty()) {
      lines.add("  needs: " + quantities(container.needs()));
    }
    if (container.since() > 0) {
      lines.add("  for " + ago(container.since()) + past(container));
    }
    if (container.retryAt() > 0) {
      lines.add(
          "  tried again "
              + (container.retryAt() > explanation.at()
                  ? "in " + in(container.retryAt())
                  : "just now"));
    }
    if (!container.cause().isEmpty()) {
      lines.add("  before: " + container.cause());
    }
    container.remedies().forEach(remedy -> lines.add("  remedy: " + remedy));
    verdicts(container);
  }

  private static String past(Container container) {
    if (container.attempt() == 0) {
      return ", was never launched";
    }
    String launched =
        ", was launched " + container.attempt() + (container.attempt() == 1 ? " time" : " times");
    return container.failures() == 0
        ? launched
        : launched + ", failed " + container.failures() + " in a row";
  }

  private void verdicts(Container container) {
    if (container.verdicts().isEmpty()) {
      return;
    }
    TextTable table = new TextTable("AGENT", "HOST", "ROLE", "VERDICT");
    container.verdicts().stream()
        .limit(SHOWN_VERDICTS)
        .forEach(v -> table.row(v.agentId(), v.hostname(), v.role(), verdict(v)));
    table.lines().forEach(line -> lines.add("  " + line));
    int more = Math.max(0, container.verdicts().size() - SHOWN_VERDICTS) + container.unnamed();
    if (more > 0) {
      lines.add("  and " + more + " more");
    }
  }

  private static String verdict(Verdict verdict) {
    return verdict.fits() ? "fits" : verdict.text();
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

  static String quantities(List<Quantity> quantities) {
    return quantities.stream().map(ExplanationText::quantity).collect(Collectors.joining(", "));
  }

  private static String quantity(Quantity quantity) {
    String number =
        BigDecimal.valueOf(quantity.amount())
            .setScale(3, RoundingMode.HALF_UP)
            .stripTrailingZeros()
            .toPlainString();
    boolean megabytes = quantity.resource().equals("mem") || quantity.resource().equals("disk");
    return number + (megabytes ? " MB " : " ") + quantity.resource();
  }
}
