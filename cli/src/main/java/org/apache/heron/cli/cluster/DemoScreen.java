package org.apache.heron.cli.cluster;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.heron.cli.console.TextTable;
import org.apache.heron.spi.scheduler.SchedulerStatus;

/**
 * Shows a topology again and again: in place on a terminal, one block after the other elsewhere.
 */
final class DemoScreen {
  private static final String BOLD = "\u001b[1m";
  private static final String RESET = "\u001b[0m";

  private final PrintStream out;
  private final boolean terminal;
  private int drawn;

  DemoScreen(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Draws the topology as it is now. */
  void show(
      SchedulerStatus status,
      ComponentCounts counts,
      ComponentCounts earlier,
      double seconds,
      Duration elapsed) {
    List<String> lines = new ArrayList<>();
    long running = status.containers().stream().filter(c -> c.state().equals("RUNNING")).count();
    long agents =
        status.containers().stream()
            .filter(c -> c.state().equals("RUNNING"))
            .map(SchedulerStatus.Container::agentId)
            .distinct()
            .count();
    lines.add(
        bold(
            String.format(
                "%s after %d s: %d of %d containers RUNNING on %d agents",
                status.topology(),
                elapsed.toSeconds(),
                running,
                status.containers().size(),
                agents)));
    lines.addAll(containers(status));
    lines.add("");
    lines.addAll(counts.table(earlier, seconds));
    lines.add("");
    draw(lines);
  }

  private static List<String> containers(SchedulerStatus status) {
    TextTable table = new TextTable("CONTAINER", "STATE", "AGENT", "HOST", "TASK", "NOTE");
    for (SchedulerStatus.Container container : status.containers()) {
      table.row(
          container.id(),
          container.state(),
          MasterView.shortId(container.agentId()),
          container.hostname(),
          container.taskId(),
          container.reason());
    }
    return table.lines();
  }

  private void draw(List<String> lines) {
    StringBuilder text = new StringBuilder();
    if (terminal && drawn > 0) {
      text.append("\u001b[").append(drawn).append("F\u001b[J");
    }
    lines.forEach(line -> text.append(line).append('\n'));
    out.print(text);
    out.flush();
    drawn = lines.size();
  }

  private String bold(String text) {
    return terminal ? BOLD + text + RESET : text;
  }
}
