package org.apache.heron.minicluster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.heron.web.WebServer;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real agents are given what a real master asked of real ones, and must report what those reported:
 * every status of source agent or executor, in each task's order, with all its fields but ids,
 * times and process numbers. Updates that a recording shows for the second time (re-sent after 10 s
 * and 20 s) are left to {@code StatusUpdatesTest}, which moves the clock.
 */
final class AgentTranscriptTest {
  private static final DurationInfo UNHURRIED =
      DurationInfo.newBuilder().setNanoseconds(FakeMaster.LIMIT.toNanos()).build();

  private static final ObjectMapper JSON = JsonMapper.builder().build();

  @TempDir Path directory;
  private final Map<String, Agent> agents = new LinkedHashMap<>();
  private final Map<String, FakeMaster> masters = new HashMap<>();
  private final Map<String, String> agentOfTask = new HashMap<>();
  private final Map<String, String> hostOfAgentId = new HashMap<>();
  private final Map<String, Integer> seen = new HashMap<>();
  private final Map<String, TaskStatus> byRecordedUuid = new HashMap<>();
  private FrameworkInfo framework = FakeMaster.framework();
  private Optional<WebServer> web = Optional.empty();

  @AfterEach
  void close() {
    agents.values().forEach(Agent::close);
    web.ifPresent(WebServer::close);
  }

  private static List<JsonNode> lines(String name) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                AgentTranscriptTest.class.getResourceAsStream("/transcripts/" + name + ".jsonl"),
                StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(JSON.readTree(line));
      }
    }
    return lines;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "subscribe-and-finish",
        "task-failures",
        "executor-dies",
        "health-checks",
        "file-and-http-uris",
        "unacknowledged",
        "agent-lost",
        "drain"
      })
  void anAgentReportsAsRecorded(String name) throws Exception {
    serveSources();
    for (JsonNode line : lines(name)) {
      if (line.has("note")) {
        note(line.get("note").asText());
      } else if (line.path("request").path("json").has("type")) {
        request(line.at("/request/json"));
      } else if (line.path("event").has("type")) {
        event(line.get("event"));
      } else if (line.path("who").asText().equals("sandbox")) {
        sandbox(line);
      }
    }
    assertThat(byRecordedUuid).isNotEmpty();
  }

  private void serveSources() throws IOException {
    Path core = Files.createDirectories(directory.resolve("src")).resolve("core.tar.gz");
    String script = "#!/bin/sh\necho ran\n";
    try (var archive = org.apache.heron.minicluster.agent.fetcher.TestArchives.create(core)) {
      archive.directory("heron-core/", 0755);
      archive.directory("heron-core/bin/", 0755);
      archive.file("heron-core/bin/run", 0755, script);
    }
    web =
        Optional.of(
            WebServer.builder()
                .route(
                    "GET",
                    "/core.tar.gz",
                    (request, response) -> response.send("x/y", Files.readAllBytes(core)))
                .route(
                    "GET", "/heron-core/bin/run", (request, response) -> response.sendText(script))
                .start());
  }

  private void note(String note) throws IOException {
    if (note.startsWith("agent ") && note.contains(" started: ")) {
      String name = note.split(" ")[1];
      if (agents.containsKey(name)) {
        agents.get(name).restart();
        return;
      }
      FakeMaster master = new FakeMaster();
      master.acknowledges = false;
      masters.put(name, master);
      agents.put(
          name,
          Agent.builder()
              .hostname(name + ".example")
              .workDirectory(directory.resolve(name))
              .start(master));
    } else if (note.endsWith(": signal 9")) {
      agents.get(note.substring(0, note.indexOf(':'))).kill();
    }
  }

  private void request(JsonNode call) throws Exception {
    switch (call.get("type").asText()) {
      case "SUBSCRIBE" -> {
        ObjectNode info = call.at("/subscribe/framework_info").deepCopy();
        info.putObject("id").put("value", FakeMaster.FRAMEWORK.getValue());
        framework = MesosJson.merge(info, FrameworkInfo.newBuilder()).build();
      }
      case "ACCEPT" -> {
        for (JsonNode operation : call.at("/accept/operations")) {
          for (JsonNode task : operation.at("/launch/task_infos")) {
            launch(task);
          }
        }
      }
      case "KILL" -> {
        String task = call.at("/kill/task_id/value").asText();
        if (agentOfTask.containsKey(task)) {
          Optional<KillPolicy> policy =
              call.at("/kill").has("kill_policy")
                  ? Optional.of(KillPolicy.newBuilder().setGracePeriod(UNHURRIED).build())
                  : Optional.empty();
          masterOf(task).agent.killTask(FakeMaster.FRAMEWORK, FakeMaster.id(task), policy);
        }
      }
      case "ACKNOWLEDGE" -> {
        TaskStatus status = byRecordedUuid.get(call.at("/acknowledge/uuid").asText());
        masterOf(status.getTaskId().getValue())
            .agent
            .acknowledge(FakeMaster.FRAMEWORK, status.getTaskId(), status.getUuid());
      }
      case "DRAIN_AGENT" ->
          masters
              .get("agent")
              .agent
              .drain(DrainConfig.newBuilder().setMaxGracePeriod(UNHURRIED).build());
      default -> {}
    }
  }

  private FakeMaster masterOf(String task) {
    return masters.get(agentOfTask.get(task));
  }

  private void launch(JsonNode recorded) throws Exception {
    String text =
        recorded
            .toString()
            .replace("http://127.0.0.1:8899", "http://127.0.0.1:" + web.orElseThrow().port())
            .replaceAll("file:///work_dir/[^/\"]*", "file://" + directory);
    TaskInfo.Builder task = MesosJson.merge(MesosJson.parse(text), TaskInfo.newBuilder());
    // How long an end or a check may take on a slow machine is none of what is compared.
    task.getKillPolicyBuilder().setGracePeriod(UNHURRIED);
    if (task.hasHealthCheck()) {
      task.getHealthCheckBuilder().setGracePeriodSeconds(60).setTimeoutSeconds(60);
    }
    String agent =
        hostOfAgentId.getOrDefault(task.getAgentId().getValue(), agents.keySet().iterator().next());
    agentOfTask.put(task.getTaskId().getValue(), agent);
    masters.get(agent).run(framework, task.build());
  }

  private void event(JsonNode event) throws IOException {
    if (event.get("type").asText().equals("OFFERS")) {
      for (JsonNode offer : event.at("/offers/offers")) {
        String host = offer.get("hostname").asText();
        hostOfAgentId.put(
            offer.at("/agent_id/value").asText(), host.substring(0, host.indexOf('.')));
      }
    }
    JsonNode status = event.at("/update/status");
    String uuid = status.path("uuid").asText("");
    if (uuid.isEmpty() || byRecordedUuid.containsKey(uuid)) {
      return; // from the master itself, or sent again
    }
    assertThat(Base64.getDecoder().decode(uuid)).hasSize(16);
    String task = status.at("/task_id/value").asText();
    int index = seen.merge(task, 1, Integer::sum) - 1;
    Awaitility.await("status " + index + " of " + task + ": " + status)
        .atMost(FakeMaster.LIMIT)
        .until(() -> distinct(task).size() > index);
    TaskStatus ours = distinct(task).get(index);
    byRecordedUuid.put(uuid, ours);
    assertThat(comparable(MesosJson.tree(ours))).isEqualTo(comparable((ObjectNode) status));
  }

  /** Without those that were sent again. */
  private List<TaskStatus> distinct(String task) {
    Map<Object, TaskStatus> distinct = new LinkedHashMap<>();
    masterOf(task).of(task).forEach(status -> distinct.putIfAbsent(status.getUuid(), status));
    return List.copyOf(distinct.values());
  }

  private static JsonNode comparable(ObjectNode status) throws IOException {
    ObjectNode copy = (ObjectNode) JSON.readTree(status.toString());
    copy.put("uuid", "").put("timestamp", 0);
    copy.putObject("agent_id");
    if (copy.at("/container_status").isObject()) {
      ObjectNode container = (ObjectNode) copy.get("container_status");
      container.putObject("container_id").put("value", "");
      container.put("executor_pid", 0);
    }
    if (copy.has("message")) {
      String message = copy.get("message").asText();
      copy.put("message", message.replaceAll("container '[0-9a-f-]{36}'", "container ''"));
    }
    return copy;
  }

  private void sandbox(JsonNode line) throws IOException {
    String[] parts = line.get("file").asText().split("/");
    if (!parts[parts.length - 1].equals("stdout")) {
      return; // stderr is the fetcher's and executor's log, whose lines carry times and threads
    }
    Path file =
        directory.resolve(
            "agent/slaves/S0/frameworks/fw-0000/executors/" + parts[1] + "/runs/latest/stdout");
    assertThat(file).as(parts[1]).hasContent(line.get("text").asText().trim());
  }

  @Test
  void theAgentsPagesHaveTheRecordedFields() throws Exception {
    serveSources();
    FakeMaster master = new FakeMaster();
    masters.put("agent", master);
    agents.put(
        "agent",
        Agent.builder()
            .hostname("agent.example")
            .resources("cpus:4;mem:4096;disk:10000;ports:[31000-31999]")
            .attributes("rack:r1;ssd:true;gen:3")
            .faultDomain("eu", "eu-1")
            .workDirectory(directory.resolve("agent"))
            .start(master));
    String page = null;
    for (JsonNode line : lines("attributes-and-state")) {
      if (line.path("request").path("json").has("type")) {
        request(line.at("/request/json"));
      } else if (line.path("event").has("type")) {
        event(line.get("event"));
      } else if (line.path("who").asText().equals("agent-get")) {
        master.await("words-1-0", org.apache.mesos.v1.Protos.TaskState.TASK_RUNNING);
        if (line.has("request")) {
          page = line.at("/request/path").asText();
        } else {
          comparePage(page, JSON.readTree(line.at("/response/body").asText()));
        }
      }
    }
    assertThat(page).isEqualTo("/monitor/statistics");
  }

  private void comparePage(String path, JsonNode recorded) throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + agents.get("agent").port() + path))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    Set<String> differences = new TreeSet<>();
    compare("", recorded, JSON.readTree(response.body()), differences);
    assertThat(differences).as(path).isEmpty();
  }

  /** What this agent does not have: a build of its own, and flags that would do nothing. */
  private static boolean isLeftOut(String path) {
    return path.matches("/(git_sha|build_.*)") || path.startsWith("/flags/");
  }

  private static boolean isVolatile(String path) {
    return path.matches(
        ".*/(id|framework_id|slave_id|container|container_id|value|directory|pid|executor_pid"
            + "|start_time|timestamp|cpus_system_time_secs|cpus_user_time_secs|mem_rss_bytes)");
  }

  private static void compare(String path, JsonNode recorded, JsonNode ours, Set<String> found) {
    if (isLeftOut(path)) {
      return;
    }
    if (ours == null) {
      found.add(path + " is absent");
    } else if (recorded.isObject()) {
      recorded
          .properties()
          .forEach(
              field ->
                  compare(
                      path + "/" + field.getKey(),
                      field.getValue(),
                      ours.get(field.getKey()),
                      found));
      ours.fieldNames()
          .forEachRemaining(
              name -> {
                if (!recorded.has(name) && !isLeftOut(path + "/" + name)) {
                  found.add(path + "/" + name + " is more than recorded");
                }
              });
    } else if (recorded.isArray()) {
      if (recorded.size() != ours.size()) {
        found.add(path + " has " + ours.size() + " entries, recorded " + recorded.size());
        return;
      }
      for (int i = 0; i < recorded.size(); i++) {
        compare(path + "/" + i, recorded.get(i), ours.get(i), found);
      }
    } else if (!isVolatile(path) && !recorded.equals(ours)) {
      found.add(path + " is " + ours + ", recorded " + recorded);
    }
  }
}
