package org.apache.heron.minicluster.master;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What a browser is shown at the master's root, where Mesos has its web interface: frameworks link
 * to {@code /#/frameworks/<id>}. Each framework with its tasks, and ways to the other pages.
 */
final class FrontPage {
  private static final List<String> PAGES =
      List.of("/state", "/slaves", "/frameworks", "/tasks", "/metrics/snapshot");
  private static final List<String> COLUMNS = List.of("name", "id", "slave_id", "state");

  private FrontPage() {}

  /** The page for an answer of {@code /frameworks}. */
  static String html(JsonNode frameworks) {
    StringBuilder html =
        new StringBuilder(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Mesos</title>"
                + "</head><body><h1>Mesos</h1><p>");
    PAGES.forEach(
        page -> html.append(String.format("<a href=\"%s\">%s</a> ", page, page.substring(1))));
    html.append("</p>");
    frameworks.path("frameworks").forEach(framework -> section(framework, "", html));
    frameworks
        .path("completed_frameworks")
        .forEach(framework -> section(framework, " (completed)", html));
    return html.append("</body></html>").toString();
  }

  private static void section(JsonNode framework, String remark, StringBuilder html) {
    String id = escape(framework.path("id").asText());
    html.append("<h2 id=\"/frameworks/").append(id).append("\">");
    html.append(escape(framework.path("name").asText())).append(remark);
    html.append("</h2><p>").append(id).append("</p><table><tr>");
    COLUMNS.forEach(column -> html.append("<th>").append(column).append("</th>"));
    html.append("</tr>");
    for (String kind : List.of("tasks", "unreachable_tasks", "completed_tasks")) {
      framework.path(kind).forEach(task -> row(task, html));
    }
    html.append("</table>");
  }

  private static void row(JsonNode task, StringBuilder html) {
    html.append("<tr>");
    COLUMNS.forEach(
        column -> html.append("<td>").append(escape(task.path(column).asText())).append("</td>"));
    html.append("</tr>");
  }

  /** Names are the frameworks' choice. */
  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
