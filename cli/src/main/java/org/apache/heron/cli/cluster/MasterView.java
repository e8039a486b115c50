package org.apache.heron.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.heron.cli.console.TextTable;

/** What a Mesos master's {@code /state} page says, read once. Works on any master. */
final class MasterView {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final JsonNode state;

  private MasterView(JsonNode state) {
    this.state = state;
  }

  /**
   * Reads the page.
   *
   * @param master {@code host:port}
   */
  static MasterView read(String master) throws IOException, InterruptedException {
    HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT).build();
    HttpResponse<byte[]> response =
        client.send(
            HttpRequest.newBuilder(URI.create("http://" + master + "/state"))
                .timeout(LIMIT)
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw new IOException("http://" + master + "/state answers " + response.statusCode());
    }
    return new MasterView(new ObjectMapper().readTree(response.body()));
  }

  /** The whole page. */
  JsonNode json() {
    return state;
  }

  /** Agents with what they have and use. */
  List<String> agentTable() {
    TextTable table =
        new TextTable(
            "AGENT", "HOST", "ADDRESS", "CPUS", "MEM MB", "USED CPUS", "USED MEM", "STATE");
    for (JsonNode agent : state.path("slaves")) {
      String address = agent.path("pid").asText();
      table.row(
          shortId(agent.path("id").asText()),
          agent.path("hostname").asText(),
          address.substring(address.indexOf('@') + 1),
          agent.path("resources").path("cpus").asText(),
          agent.path("resources").path("mem").asText(),
          agent.path("used_resources").path("cpus").asText("0"),
          agent.path("used_resources").path("mem").asText("0"),
          agent.path("active").asBoolean(true) ? "active" : "inactive");
    }
    return table.lines();
  }

  /** Tasks of all frameworks that are not over. */
  List<String> taskTable() {
    TextTable table = new TextTable("TASK", "FRAMEWORK", "STATE", "AGENT");
    List<JsonNode> frameworks = new ArrayList<>();
    state.path("frameworks").forEach(frameworks::add);
    for (JsonNode framework : frameworks) {
      for (JsonNode task : framework.path("tasks")) {
        table.row(
            task.path("id").asText(),
            framework.path("name").asText(),
            task.path("state").asText(),
            shortId(task.path("slave_id").asText()));
      }
    }
    return table.lines();
  }

  /** What tells the agents of one master apart: the end of the id, for example S0. */
  static String shortId(String agentId) {
    return agentId.substring(agentId.lastIndexOf('-') + 1);
  }
}
