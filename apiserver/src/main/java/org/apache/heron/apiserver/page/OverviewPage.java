package org.apache.heron.apiserver.page;

import java.time.Instant;
import java.util.List;
import org.apache.heron.client.runtime.TopologyDirectory;

/** The topologies of the cluster as a page for people. */
public final class OverviewPage {
  private OverviewPage() {}

  /** The page's HTML. */
  public static String of(String cluster, List<TopologyDirectory.Entry> topologies) {
    StringBuilder html =
        new StringBuilder(
            """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Heron</title><style>
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #222; }
            table { border-collapse: collapse; }
            th, td { text-align: left; padding: .3rem 1.2rem .3rem 0; border-bottom: 1px solid #ddd; }
            </style></head><body>
            """);
    html.append("<h1>Heron on ").append(escaped(cluster)).append("</h1>\n");
    if (topologies.isEmpty()) {
      html.append("<p>No topology is submitted.</p>\n");
    } else {
      html.append("<table><tr><th>topology</th><th>role</th><th>environment</th><th>state</th>")
          .append("<th>submitted</th><th>by</th><th>scheduler</th><th>pages</th></tr>\n");
      topologies.forEach(topology -> row(html, topology));
      html.append("</table>\n");
    }
    return html.append("<p><a href=\"/api/v1/topologies\">/api/v1/topologies</a>, ")
        .append("<a href=\"/api/v1/version\">/api/v1/version</a>, ")
        .append("<a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a></p></body></html>\n")
        .toString();
  }

  private static void row(StringBuilder html, TopologyDirectory.Entry topology) {
    html.append("<tr>");
    cell(html, topology.name());
    cell(html, topology.role());
    cell(html, topology.environment());
    cell(html, topology.state().isEmpty() ? "starting" : topology.state());
    cell(
        html,
        topology.submittedAt() == 0
            ? ""
            : Instant.ofEpochSecond(topology.submittedAt()).toString());
    cell(html, topology.submittedBy());
    cell(html, topology.scheduler().isEmpty() ? "none runs" : topology.scheduler());
    html.append("<td>");
    for (String page : topology.jobPages()) {
      // Only what is a web page: shared state is written by others, too.
      if (page.startsWith("http://") || page.startsWith("https://")) {
        html.append("<a href=\"").append(escaped(page)).append("\">job</a> ");
      }
    }
    html.append("</td></tr>\n");
  }

  private static void cell(StringBuilder html, String text) {
    html.append("<td>").append(escaped(text)).append("</td>");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
