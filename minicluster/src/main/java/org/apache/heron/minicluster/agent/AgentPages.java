package org.apache.heron.minicluster.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.function.Supplier;
import org.apache.heron.minicluster.agent.checkpoint.WorkDirectory;
import org.apache.heron.minicluster.agent.pages.FilePages;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.heron.minicluster.json.MesosJsonException;
import org.apache.heron.minicluster.ports.FreePort;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.RequestHandler;
import org.apache.heron.web.WebRequest;
import org.apache.heron.web.WebResponse;
import org.apache.heron.web.WebServer;

/** What an agent answers over HTTP, with and without Mesos' {@code /slave(1)}. Thread-safe. */
final class AgentPages {
  private static final String JSON = "application/json";

  private final AgentSettings settings;
  private final Supplier<AgentView> view;
  private final FilePages files;

  AgentPages(AgentSettings settings, WorkDirectory work, Supplier<AgentView> view) {
    this.settings = settings;
    this.view = view;
    this.files =
        new FilePages(
            work.sandboxes(),
            path ->
                path.startsWith("/frameworks/")
                    ? work.sandboxes().resolve(view.get().info().getId().getValue()) + path
                    : path);
  }

  /** Binds the port; 0 takes a free one. */
  WebServer serve(int asked) throws IOException {
    WebServer.Builder server =
        WebServer.builder().name("agent-http-" + settings.hostname()).host(settings.bindAddress());
    page(server, "/health", (request, response) -> response.sendEmpty());
    page(server, "/version", json(AgentJson::version));
    page(server, "/state", json(() -> AgentJson.state(settings, view.get())));
    page(server, "/flags", json(() -> AgentJson.flags(settings, view.get())));
    page(server, "/containers", json(() -> AgentJson.containers(view.get(), true)));
    page(server, "/monitor/statistics", json(() -> AgentJson.containers(view.get(), false)));
    server.route("GET", "/metrics/snapshot", json(() -> AgentMetrics.snapshot(view.get())));
    for (String prefix : new String[] {"/files", "/slave(1)/files"}) {
      server.route("GET", prefix + "/browse", files::browse);
      server.route("GET", prefix + "/read", files::read);
      server.route("GET", prefix + "/download", files::download);
    }
    server.route("POST", "/api/v1", this::call);
    server.route("POST", "/slave(1)/api/v1", this::call);
    return FreePort.listen(asked, port -> server.port(port).start());
  }

  private static void page(WebServer.Builder server, String path, RequestHandler handler) {
    server.route("GET", path, handler);
    server.route("GET", "/slave(1)" + path, handler);
  }

  private static RequestHandler json(Supplier<JsonNode> page) {
    return (request, response) -> response.send(JSON, MesosJson.write(page.get()));
  }

  /** The operator calls that look; those that change an agent are refused. */
  private void call(WebRequest request, WebResponse response) throws IOException {
    if (!request.contentType().equals(JSON)) {
      throw new HttpError(415, "Expecting 'Content-Type' of application/json");
    }
    JsonNode call;
    try {
      call = MesosJson.parse(request.bodyText());
    } catch (MesosJsonException e) {
      throw new HttpError(400, "Failed to parse body into JSON: " + e.getMessage());
    }
    String type = call.path("type").asText("");
    ObjectNode answer = MesosJson.object();
    answer.put("type", type);
    switch (type) {
      case "GET_HEALTH" -> answer.putObject("get_health").put("healthy", true);
      case "GET_VERSION" ->
          answer.putObject("get_version").set("version_info", AgentJson.version());
      case "GET_AGENT" ->
          answer.putObject("get_agent").set("agent_info", MesosJson.tree(view.get().info()));
      case "GET_CONTAINERS" ->
          answer
              .putObject("get_containers")
              .set("containers", AgentJson.callContainers(view.get()));
      case "GET_METRICS" -> {
        if (!call.has("get_metrics")) {
          throw new HttpError(
              400, "Failed to validate agent::Call: Expecting 'get_metrics' to be present");
        }
        answer.putObject("get_metrics").set("metrics", metrics());
      }
      case "LIST_FILES" ->
          answer
              .putObject("list_files")
              .set("file_infos", AgentJson.fileInfos(files.list(path(call, "list_files"))));
      case "READ_FILE" -> answer.set("read_file", readFile(call));
      case "" -> throw new HttpError(400, "Failed to validate agent::Call: Expecting 'type'");
      default ->
          throw new HttpError(
              501, "this agent does not answer " + type + "; ask its pages, or its master");
    }
    response.send(JSON, MesosJson.write(answer));
  }

  private static String path(JsonNode call, String field) {
    String path = call.path(field).path("path").asText("");
    if (path.isEmpty()) {
      throw new HttpError(
          400, "Failed to validate agent::Call: Expecting '" + field + ".path' to be present");
    }
    return path;
  }

  private JsonNode metrics() {
    var list = MesosJson.array();
    AgentMetrics.snapshot(view.get())
        .properties()
        .forEach(
            metric -> {
              ObjectNode entry = list.addObject();
              entry.put("name", metric.getKey());
              entry.set("value", metric.getValue());
            });
    return list;
  }

  private ObjectNode readFile(JsonNode call) throws IOException {
    String path = path(call, "read_file");
    JsonNode asked = call.path("read_file");
    long offset = Math.max(0, asked.path("offset").asLong(0));
    long length = asked.path("length").asLong(-1);
    ObjectNode piece = files.piece(path, offset, length);
    byte[] data = piece.path("data").asText().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    ObjectNode answer = MesosJson.object();
    answer.put("size", files.piece(path, -1, -1).path("offset").asLong());
    answer.put("data", java.util.Base64.getEncoder().encodeToString(data));
    return answer;
  }
}
