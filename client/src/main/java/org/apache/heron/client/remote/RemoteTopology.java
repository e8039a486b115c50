package org.apache.heron.client.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.runtime.SubmittedTopology;
import org.apache.heron.client.runtime.UpdateRequest;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.TopologyHistory;

/** A submitted topology whose commands an API server carries out. */
record RemoteTopology(
    ApiConnection connection,
    TopologyTarget target,
    String name,
    Map<String, Object> properties,
    Progress progress)
    implements SubmittedTopology {

  @Override
  public void activate() {
    post("/activate", List.of());
  }

  @Override
  public void deactivate() {
    post("/deactivate", List.of());
  }

  @Override
  public void kill() {
    Answers.require(
        connection, connection.call("DELETE", path("", overrides()), Optional.empty(), progress));
  }

  @Override
  public void restart(int container, int parallel) {
    List<Map.Entry<String, String>> fields = new ArrayList<>();
    fields.add(Map.entry("container_id", String.valueOf(container)));
    if (parallel > 0) {
      fields.add(Map.entry("parallel", String.valueOf(parallel)));
    }
    post("/restart", fields);
  }

  @Override
  public Optional<String> update(UpdateRequest request) {
    List<Map.Entry<String, String>> fields = new ArrayList<>();
    request.parallelism().forEach(change -> fields.add(Map.entry("component_parallelism", change)));
    request
        .containers()
        .ifPresent(number -> fields.add(Map.entry("container_number", String.valueOf(number))));
    request.runtimeConfig().forEach(change -> fields.add(Map.entry("runtime_config", change)));
    request
        .dryRun()
        .ifPresent(
            format -> {
              fields.add(Map.entry("dry_run", "True"));
              fields.add(Map.entry("dry_run_format", format.text().toUpperCase(Locale.ROOT)));
            });
    JsonNode body = post("/update", fields);
    return request.dryRun().map(format -> body.path("response").asText());
  }

  @Override
  public String resumeScheduler() {
    return post("/scheduler/resume", List.of()).path("response").asText();
  }

  @Override
  public String standBy() {
    return post("/scheduler/standby", List.of()).path("response").asText();
  }

  @Override
  public Explanation explain(Optional<Integer> container) {
    return ask("/explain", container, Explanation.class);
  }

  @Override
  public TopologyHistory history(Optional<Integer> container) {
    return ask("/history", container, TopologyHistory.class);
  }

  private JsonNode post(String command, List<Map.Entry<String, String>> fields) {
    List<Map.Entry<String, String>> all = new ArrayList<>(fields);
    all.addAll(overrides());
    return Answers.require(
        connection,
        connection.call(
            "POST", path(command, List.of()), Optional.of(new RequestBody.Form(all)), progress));
  }

  private JsonNode get(String question, List<Map.Entry<String, String>> query) {
    return Answers.require(
        connection, connection.call("GET", path(question, query), Optional.empty(), progress));
  }

  private <T> T ask(String question, Optional<Integer> container, Class<T> type) {
    List<Map.Entry<String, String>> fields = new ArrayList<>();
    container.ifPresent(id -> fields.add(Map.entry("container", String.valueOf(id))));
    // A server takes configuration only with what not everybody may send.
    JsonNode body = properties.isEmpty() ? get(question, fields) : post(question, fields);
    try {
      return ApiConnection.Json.MAPPER.treeToValue(body, type);
    } catch (JsonProcessingException e) {
      throw new ClientException(
          "The API server at "
              + connection.base()
              + " answers what this command does not understand: "
              + e.getOriginalMessage(),
          e);
    }
  }

  private List<Map.Entry<String, String>> overrides() {
    return properties.entrySet().stream()
        .map(entry -> Map.entry(entry.getKey(), String.valueOf(entry.getValue())))
        .toList();
  }

  /** A role or an environment may be empty; its segment of the path is, too. */
  private String path(String command, List<Map.Entry<String, String>> query) {
    return "/topologies/"
        + segment(target.cluster())
        + "/"
        + segment(target.role())
        + "/"
        + segment(target.environ())
        + "/"
        + segment(name)
        + command
        + (query.isEmpty() ? "" : "?" + RequestBody.Form.encoded(query));
  }

  private static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {}
}
