package org.apache.heron.client.dryrun;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.Resource;

/** The table of one container's instances: a column as wide as its widest cell, right-aligned. */
final class PlanTable {
  private static final List<String> HEADER =
      List.of("component", "task ID", "CPU", "RAM (MB)", "disk (MB)");

  private final List<Row> rows = new ArrayList<>();

  private record Row(List<String> cells, UnaryOperator<String> paint) {}

  static PlanTable of(List<InstancePlan> instances) {
    PlanTable table = new PlanTable();
    instances.forEach(instance -> table.add(instance, UnaryOperator.identity()));
    return table;
  }

  /**
   * Adds a row.
   *
   * @param paint applied to each padded cell
   */
  void add(InstancePlan instance, UnaryOperator<String> paint) {
    Resource resource = instance.resource();
    rows.add(
        new Row(
            List.of(
                instance.componentName(),
                String.valueOf(instance.taskId()),
                String.valueOf(resource.cpu()),
                String.valueOf(resource.ram().megabytes()),
                String.valueOf(resource.disk().megabytes())),
            paint));
  }

  /** The line with a container's own resources. */
  static String resources(Resource resource) {
    return "CPU: "
        + resource.cpu()
        + ", RAM: "
        + resource.ram().megabytes()
        + " MB, Disk: "
        + resource.disk().megabytes()
        + " MB";
  }

  /** As {@link #resources(Resource)}, with the change in percent behind what changed. */
  static String resources(Resource before, Resource after) {
    return "CPU: "
        + after.cpu()
        + change(before.cpu(), after.cpu())
        + ", RAM: "
        + after.ram().megabytes()
        + " MB"
        + change((double) before.ram().bytes(), (double) after.ram().bytes())
        + ", Disk: "
        + after.disk().megabytes()
        + " MB"
        + change((double) before.disk().bytes(), (double) after.disk().bytes());
  }

  private static String change(double before, double after) {
    if (before == after || before == 0) {
      return "";
    }
    return String.format(Locale.ROOT, " (%+.2f%%)", (after - before) * 100 / before);
  }

  /** The whole table; each line ends with a newline. */
  String render() {
    int[] widths = new int[HEADER.size()];
    int frame = 1;
    for (int column = 0; column < widths.length; column++) {
      widths[column] = HEADER.get(column).length();
      for (Row row : rows) {
        widths[column] = Math.max(widths[column], row.cells().get(column).length());
      }
      frame += widths[column] + 3;
    }
    StringBuilder text = new StringBuilder();
    text.append("=".repeat(frame)).append('\n');
    line(text, new Row(HEADER, UnaryOperator.identity()), widths);
    text.append("-".repeat(frame)).append('\n');
    rows.forEach(row -> line(text, row, widths));
    return text.append("=".repeat(frame)).append('\n').toString();
  }

  private static void line(StringBuilder text, Row row, int[] widths) {
    for (int column = 0; column < widths.length; column++) {
      String cell = row.cells().get(column);
      text.append("| ")
          .append(" ".repeat(widths[column] - cell.length()))
          .append(row.paint().apply(cell))
          .append(' ');
    }
    text.append("|\n");
  }
}
