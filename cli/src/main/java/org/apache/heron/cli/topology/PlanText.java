package org.apache.heron.cli.topology;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.heron.cli.console.TextTable;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.Explanation.Container;
import org.apache.heron.spi.scheduler.Explanation.Verdict;

/** What would become of a topology, as a page for people: what would not fit first, and why. */
final class PlanText {
  /** Up to so many containers that fit have a line each, above that each agent has one. */
  private static final int SHOWN_CONTAINERS = 40;

  private static final int SHOWN_AGENTS = 40;

  private final Explanation plan;
  private final List<Container> fitting;
  private final List<Container> waiting;
  private final List<String> lines = new ArrayList<>();

  private PlanText(Explanation plan) {
    this.plan = plan;
    Map<Boolean, List<Container>> byWaits =
        plan.containers().stream().collect(Collectors.partitioningBy(Container::waits));
    fitting = byWaits.get(false);
    waiting = byWaits.get(true);
  }

  static String of(Explanation plan) {
    PlanText text = new PlanText(plan);
    text.write();
    return String.join("\n", text.lines);
  }

  private void write() {
    lines.add("Topology '" + plan.topology() + "', if it were submitted now: " + outcome());
    if (!plan.problem().isEmpty()) {
      lines.add((isOffered() ? "All or none: " : "Note: ") + plan.problem());
    }
    if (plan.market().lastRound() > 0) {
      lines.add(
          "Offers: "
              + plan.market().offers()
              + " from "
              + plan.market().agents()
              + (plan.market().agents() == 1 ? " agent" : " agents"));
    }
    lines.addAll(WaitingText.of(waiting, plan.at()));
    if (!fitting.isEmpty()) {
      lines.add("");
      lines.addAll(fitting.size() > SHOWN_CONTAINERS && agentsAreKnown() ? agents() : each());
    }
  }

  private String outcome() {
    int all = plan.containers().size();
    if (all == 0) {
      return "it has no containers";
    }
    String containers = all == 1 ? "1 container" : all + " containers";
    if (waiting.isEmpty()) {
      return all == 1 ? "its container fits" : "all " + containers + " fit";
    }
    if (fitting.isEmpty()) {
      return "none of " + containers + " fits";
    }
    String some = fitting.size() + " of " + containers + (fitting.size() == 1 ? " fits" : " fit");
    return plan.problem().isEmpty() || !isOffered()
        ? some + "; the others would wait"
        : "nothing would be launched, for only " + some;
  }

  /** A launch is held back, until all fit, only where there are offers to wait for. */
  private boolean isOffered() {
    return !plan.market().demand().isEmpty();
  }

  private boolean agentsAreKnown() {
    return fitting.stream().noneMatch(container -> container.verdicts().isEmpty());
  }

  private List<String> each() {
    TextTable table = new TextTable("CONTAINER", "WHERE AND WHY");
    fitting.forEach(container -> table.row(container.id(), container.line()));
    return table.lines();
  }

  private List<String> agents() {
    Map<String, List<Container>> byAgent =
        fitting.stream()
            .collect(
                Collectors.groupingBy(
                    container -> container.verdicts().get(0).agentId(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    TextTable table = new TextTable("AGENT", "HOST", "HOW MANY", "CONTAINERS THAT FIT THERE");
    byAgent.values().stream().limit(SHOWN_AGENTS).forEach(there -> agent(table, there));
    List<String> rows = new ArrayList<>(table.lines());
    if (byAgent.size() > SHOWN_AGENTS) {
      int rest = byAgent.values().stream().skip(SHOWN_AGENTS).mapToInt(List::size).sum();
      rows.add(
          "and " + rest + " containers on " + (byAgent.size() - SHOWN_AGENTS) + " other agents");
    }
    return rows;
  }

  private static void agent(TextTable table, List<Container> there) {
    Verdict verdict = there.get(0).verdicts().get(0);
    table.row(
        verdict.agentId(),
        verdict.hostname(),
        there.size(),
        ContainerNumbers.ranges(there.stream().map(Container::id).toList()));
  }
}
