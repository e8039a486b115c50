package org.apache.heron.cli.topology;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.heron.cli.console.TextTable;
import org.apache.heron.cli.console.TimeText;
import org.apache.heron.spi.scheduler.TopologyHistory;
import org.apache.heron.spi.scheduler.TopologyHistory.Happening;

/** A history as one table in the order of time. */
final class HistoryText {
  private HistoryText() {}

  private record Line(String of, Happening happening) {}

  static String of(TopologyHistory history) {
    List<Line> lines = new ArrayList<>();
    history.framework().forEach(happening -> lines.add(new Line("-", happening)));
    long forgotten = history.forgotten();
    for (TopologyHistory.Container container : history.containers()) {
      container.happenings().forEach(h -> lines.add(new Line("" + container.id(), h)));
      forgotten += container.forgotten();
    }
    lines.sort(Comparator.comparingLong(line -> line.happening().at()));
    TextTable table = new TextTable("TIME", "CONTAINER", "WHAT", "ATTEMPT", "STORY");
    for (Line line : lines) {
      Happening happening = line.happening();
      table.row(
          TimeText.at(happening.at()),
          line.of(),
          happening.kind(),
          happening.attempt() == 0 ? "" : happening.attempt(),
          happening.text());
    }
    List<String> text = new ArrayList<>();
    text.add("Topology '" + history.topology() + "', as told by " + history.source());
    if (forgotten > 0) {
      text.add(forgotten + " earlier happenings are no longer kept");
    }
    if (lines.isEmpty()) {
      text.add("nothing has happened yet");
    } else {
      text.addAll(table.lines());
    }
    return String.join("\n", text);
  }
}
