package org.apache.heron.minicluster.master;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What a browser is shown at the master's root, where Mesos has its web interface: frameworks link
 * here. A table of the tasks, and ways to the other pages.
 */
final class FrontPage {
  private static final List<String> PAGES =
      List.of("/state", "/slaves", "/frameworks", "/tasks", "/metrics/snapshot");
  private static final List<String> COLUMNS =
      List.of("framework_id", "name", "id", "slave_id", "state");

  private FrontPage() {}

  /** The page for an answer of {@code /tasks}. */
  static String html(JsonNode tasks) {
    StringBuilder html =
        new StringBuilder(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Mesos</title>"
                + "</head><body><h1>Mesos</h1><p>");
    PAGES.forEach(
        page -> html.append(String.format("<a href=\"%s\">%s</a> ", page, page.substring(1))));
    html.append("</p><table><tr>");
    COLUMNS.forEach(column -> html.append("<th>").append(column).append("</th>"));
    html.append("</tr>");
    for (JsonNode task : tasks.path("tasks")) {
      html.append("<tr>");
      COLUMNS.forEach(
          column -> html.append("<td>").append(escape(task.path(column).asText())).append("</td>"));
      html.append("</tr>");
    }
    return html.append("</table></body></html>").toString();
  }

  /** Names of tasks are their frameworks' choice. */
  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
