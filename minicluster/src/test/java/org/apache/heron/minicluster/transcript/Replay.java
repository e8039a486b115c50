package org.apache.heron.minicluster.transcript;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.heron.minicluster.client.MasterClient;
import org.apache.mesos.v1.Protos.TaskStatus;

/**
 * Plays a recording's calls to our master, and compares what comes back: status codes, headers,
 * texts, types and order of events, every field that is no id and no time. Agents are scripted
 * (they say what the recorded ones said) or ours, with real processes.
 */
final class Replay implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /**
   * A pause of the recording from here on is kept, cut to the limit; something may happen in it.
   */
  private static final double PAUSE_SECONDS = 2.5;

  private static final int MOST_EARLY_OFFERS = 5;
  private static final double LONGEST_PAUSE_SECONDS = 4;
  private static final Set<String> NOT_SENT = Set.of("Host", "Content-Length", "Connection");
  private static final Set<String> NOT_COMPARED = Set.of("date", "connection", "content-length");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Transcript transcript;
  private final Bindings bindings = new Bindings();
  private final ReplayedCluster cluster;
  private final RecordedStatuses statuses;
  private final MasterClient client = new MasterClient();
  private final Map<String, Connection> connections = new HashMap<>();
  private final Map<String, HttpResponse<InputStream>> answers = new HashMap<>();
  private final Map<String, JsonNode> requests = new HashMap<>();
  private final Map<String, String> streamIds = new HashMap<>();
  private final Set<String> tornDown = new HashSet<>();
  private final List<String> differences = new ArrayList<>();
  private Set<String> cutByMaster = Set.of();

  Replay(Transcript transcript, Path directory, boolean realAgents) throws Exception {
    this.transcript = transcript;
    this.cluster = new ReplayedCluster(directory, bindings, realAgents);
    this.statuses = new RecordedStatuses(transcript);
  }

  /** All differences, each with its line in the recording. */
  List<String> run() throws Exception {
    double before = 0;
    for (int i = 0; i < transcript.lines().size(); i++) {
      Transcript.Line line = transcript.lines().get(i);
      if (isSkipped(i)) {
        continue;
      }
      if (line.is("request")) {
        keepPause(line, line.seconds() - before);
        request(line);
      } else if (line.is("response")) {
        response(line);
      } else if (line.is("event") || line.is("event_b64")) {
        event(line, i);
      } else if (line.is("closed")) {
        closed(line);
      } else if (line.is("node")) {
        node(line);
      } else if (line.is("note") && line.who().isEmpty()) {
        note(line);
      }
      before = line.seconds();
    }
    return differences;
  }

  /** The agent's own pages have their own tests; see also {@link DeliberateDifferences}. */
  private boolean isSkipped(int index) {
    Transcript.Line line = transcript.lines().get(index);
    boolean waitsForElection =
        line.who().equals("new-leader")
            && (isRedirect(line)
                || (line.is("request") && isRedirect(transcript.lines().get(index + 1))));
    return line.who().equals("agent-get") || waitsForElection;
  }

  private static boolean isRedirect(Transcript.Line line) {
    return line.is("response") && line.get("response").path("status").asText().contains(" 307 ");
  }

  private void differ(Transcript.Line line, List<String> found) {
    found.forEach(each -> differences.add("line " + line.number() + ": " + each));
  }

  private void note(Transcript.Line line) throws Exception {
    String text = line.get("note").asText();
    if (text.equals("master: signal 9")) {
      cutByMaster = Set.copyOf(connections.keySet());
    }
    cluster.note(text);
  }

  /** In a pause of the recording nothing came; so nothing may come here. */
  private void keepPause(Transcript.Line line, double seconds) throws Exception {
    if (seconds < PAUSE_SECONDS) {
      return;
    }
    Duration pause = Duration.ofMillis(Math.round(1000 * Math.min(seconds, LONGEST_PAUSE_SECONDS)));
    await().pollDelay(pause).atMost(PATIENCE).until(() -> true);
    Connection connection = connections.get(line.who());
    if (connection != null && !connection.unexpected().isEmpty()) {
      differ(line, List.of("before it came, not recorded: " + connection.unexpected()));
    }
  }

  private void request(Transcript.Line line) throws Exception {
    JsonNode request = line.get("request");
    requests.put(line.who(), request);
    JsonNode call = request.path("json");
    if (call.path("type").asText().equals("SUBSCRIBE") && connections.isEmpty()) {
      sendUnheard(line.seconds());
    }
    if (call.path("type").asText().equals("TEARDOWN")) {
      tornDown.add(line.who());
    }
    Map<String, String> headers = new TreeMap<>();
    request
        .path("headers")
        .properties()
        .forEach(
            header -> {
              if (!NOT_SENT.contains(header.getKey())) {
                headers.put(header.getKey(), bindings.translate(header.getValue().asText()));
              }
            });
    String host = bindings.translate(request.path("headers").path("Host").asText());
    int port = Integer.parseInt(host.substring(host.indexOf(':') + 1));
    answers.put(
        line.who(),
        client.send(
            port,
            request.path("method").asText(),
            request.path("path").asText(),
            headers,
            body(line, request)));
  }

  private byte[] body(Transcript.Line line, JsonNode request) throws IOException {
    if (request.has("json")) {
      return MAPPER.writeValueAsBytes(
          unhurried(refusedForLong(line, bindings.translate(request.get("json")))));
    }
    String text = request.path("body").asText("");
    // What could not be written as text was recorded as replacement characters.
    return text.contains("\ufffd")
        ? new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff}
        : text.getBytes(StandardCharsets.UTF_8);
  }

  private void response(Transcript.Line line) throws Exception {
    JsonNode recorded = line.get("response");
    HttpResponse<InputStream> ours = answers.get(line.who());
    int status = Integer.parseInt(recorded.path("status").asText().split(" ")[1]);
    if (status != ours.statusCode()) {
      differ(line, List.of("recorded status " + status + ", ours " + ours.statusCode()));
    }
    headers(line, recorded, ours);
    if (recorded.path("stream").asBoolean()) {
      boolean protobuf = ours.headers().firstValue("Content-Type").orElse("").contains("protobuf");
      streamIds.put(line.who(), ours.headers().firstValue("Mesos-Stream-Id").orElse(""));
      connections.put(line.who(), new Connection(MasterClient.subscription(ours), protobuf));
      return;
    }
    String text = new String(ours.body().readAllBytes(), StandardCharsets.UTF_8);
    String wanted = recorded.path("body").asText();
    if (wanted.startsWith("{") && text.startsWith("{")) {
      String path = requests.get(line.who()).path("path").asText();
      JsonNode tree = MAPPER.readTree(text);
      JsonNode expected = DeliberateDifferences.expected(path, MAPPER.readTree(wanted), tree);
      differ(line, bindings.differences(expected, tree));
    } else {
      differ(line, bindings.differences(wanted, text));
    }
  }

  private void headers(Transcript.Line line, JsonNode recorded, HttpResponse<InputStream> ours) {
    Map<String, String> expected = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    recorded
        .path("headers")
        .properties()
        .forEach(header -> expected.put(header.getKey(), header.getValue().asText()));
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(ours.headers().map().keySet());
    names.remove("connection");
    if (!names.equals(expected.keySet())) {
      differ(line, List.of("recorded headers " + expected.keySet() + ", ours " + names));
    }
    expected.forEach(
        (name, value) -> {
          if (!NOT_COMPARED.contains(name.toLowerCase(java.util.Locale.ROOT))) {
            String mine = ours.headers().firstValue(name).orElse("");
            differ(line, bindings.differences(value, mine));
          }
        });
  }

  private void event(Transcript.Line line, int index) throws Exception {
    JsonNode recorded = RecordedStatuses.event(line).orElseThrow();
    String type = recorded.path("type").asText();
    Connection connection = connections.get(line.who());
    if (connection == null || (type.equals("HEARTBEAT") && !isFirstHeartbeat(line))) {
      return;
    }
    cluster.registerFor(recorded.toString());
    Predicate<JsonNode> same = sameKind(recorded);
    Optional<TaskStatus> status = RecordedStatuses.ofAgent(recorded);
    if (status.isPresent() && !cluster.isReal() && !connection.has(same)) {
      send(line, status.get());
    }
    if (type.equals("RESCIND") && isLast(index)) {
      cluster.killAgents();
    }
    Optional<JsonNode> ours =
        type.equals("OFFERS")
            ? offer(line, connection, recorded, same)
            : connection.take(same, PATIENCE);
    if (ours.isEmpty()) {
      differ(line, List.of("recorded " + recorded + ", ours are only " + connection.unexpected()));
      return;
    }
    differ(
        line,
        bindings.differences(DeliberateDifferences.expected("", recorded, ours.get()), ours.get()));
  }

  /**
   * The recorded offer. On a slow machine a round of offers may come between two events that were
   * closer together when recorded; such an offer is declined for no time, and the right one must
   * come after it.
   */
  private Optional<JsonNode> offer(
      Transcript.Line line, Connection connection, JsonNode recorded, Predicate<JsonNode> same)
      throws Exception {
    Optional<JsonNode> ours = connection.take(same, PATIENCE);
    for (int i = 0; i < MOST_EARLY_OFFERS && ours.isPresent() && isEarly(recorded, ours); i++) {
      JsonNode offer = ours.get().path("offers").path("offers").path(0);
      ObjectNode call = MAPPER.createObjectNode().put("type", "DECLINE");
      call.set("framework_id", offer.path("framework_id"));
      ObjectNode decline = call.putObject("decline");
      decline.putArray("offer_ids").add(offer.path("id"));
      decline.putObject("filters").put("refuse_seconds", 0.0);
      Map<String, String> headers =
          Map.of("Content-Type", "application/json", "Mesos-Stream-Id", streamIds.get(line.who()));
      client
          .send(
              cluster.leader().port(),
              "POST",
              "/api/v1/scheduler",
              headers,
              MAPPER.writeValueAsBytes(call))
          .body()
          .readAllBytes();
      ours = connection.take(same, PATIENCE);
    }
    return ours;
  }

  private static boolean isEarly(JsonNode recorded, Optional<JsonNode> ours) {
    JsonNode wanted = recorded.path("offers").path("offers").path(0).path("resources");
    return !ours.orElseThrow()
        .path("offers")
        .path("offers")
        .path(0)
        .path("resources")
        .equals(wanted);
  }

  /** Where no offer was recorded any more, none may come here, however slow the machine is. */
  private JsonNode refusedForLong(Transcript.Line line, JsonNode call) {
    String field = call.path("type").asText().equals("ACCEPT") ? "accept" : "decline";
    boolean last =
        transcript.lines().subList(line.number(), transcript.lines().size()).stream()
            .noneMatch(
                later -> later.content().path("event").path("type").asText().equals("OFFERS"));
    if (!call.has(field) || !last || transcript.name().equals("protobuf-task")) {
      return call;
    }
    ObjectNode patched = call.deepCopy();
    ((ObjectNode) patched.get(field)).putObject("filters").put("refuse_seconds", 3600.0);
    return patched;
  }

  /**
   * Real processes on a slow machine may need longer to end, or to check a health, than the
   * recorded ones; what they were granted is none of what is compared.
   */
  private JsonNode unhurried(JsonNode call) {
    if (!cluster.isReal()) {
      return call;
    }
    JsonNode patched = call.deepCopy();
    if (patched.path("drain_agent") instanceof ObjectNode drain) {
      // A google.protobuf.Duration; the recorded "nanoseconds" is no field of it and meant none.
      drain.putObject("max_grace_period").put("seconds", PATIENCE.toSeconds());
    }
    for (JsonNode operation : patched.path("accept").path("operations")) {
      for (JsonNode task : operation.path("launch").path("task_infos")) {
        ((ObjectNode) task)
            .putObject("kill_policy")
            .putObject("grace_period")
            .put("nanoseconds", PATIENCE.toNanos());
        if (task.path("health_check") instanceof ObjectNode check) {
          check
              .put("grace_period_seconds", PATIENCE.toSeconds())
              .put("timeout_seconds", PATIENCE.toSeconds());
        }
      }
    }
    return patched;
  }

  private boolean isFirstHeartbeat(Transcript.Line line) {
    return transcript.lines().stream()
        .filter(each -> each.who().equals(line.who()))
        .filter(
            each ->
                each.content().path("event").path("type").asText().equals("HEARTBEAT")
                    || each.content().path("event_b64").asText().equals("CAg="))
        .findFirst()
        .filter(first -> first.number() == line.number())
        .isPresent();
  }

  private boolean isLast(int index) {
    return transcript.lines().subList(index + 1, transcript.lines().size()).stream()
        .allMatch(line -> line.is("closed"));
  }

  /** Of the same type, about the same task and state, or the same agent's offer. */
  private static Predicate<JsonNode> sameKind(JsonNode recorded) {
    JsonNode status = recorded.path("update").path("status");
    String host = recorded.path("offers").path("offers").path(0).path("hostname").asText();
    return ours -> {
      JsonNode mine = ours.path("update").path("status");
      return ours.path("type").equals(recorded.path("type"))
          && mine.path("task_id").equals(status.path("task_id"))
          && mine.path("state").equals(status.path("state"))
          && mine.path("reason").equals(status.path("reason"))
          && mine.path("healthy").equals(status.path("healthy"))
          && ours.path("offers").path("offers").path(0).path("hostname").asText().equals(host);
    };
  }

  private void send(Transcript.Line line, TaskStatus recorded) {
    Optional<ScriptedAgent> agent = cluster.agentOf(recorded.getTaskId().getValue());
    if (agent.isEmpty()) {
      differ(line, List.of("no agent was asked to run " + recorded.getTaskId().getValue()));
      return;
    }
    TaskStatus status = withOurAgent(agent.get(), recorded);
    if (!agent.get().hasSent(status) && !agent.get().maySend(status)) {
      differ(line, List.of("the agent was not told what lets it send " + status));
    }
    agent.get().send(cluster.link(), status, statuses.latest(recorded, line.seconds()));
  }

  private static TaskStatus withOurAgent(ScriptedAgent agent, TaskStatus status) {
    return status.toBuilder().setAgentId(agent.id().orElseThrow()).build();
  }

  /** Sends what agents had to say while no scheduler listened: the master takes note. */
  private void sendUnheard(double seconds) {
    for (TaskStatus recorded : statuses.until(seconds)) {
      Optional<ScriptedAgent> agent = cluster.agentOf(recorded.getTaskId().getValue());
      if (agent.isPresent()) {
        TaskStatus status = withOurAgent(agent.get(), recorded);
        if (!agent.get().hasSent(status) && agent.get().maySend(status)) {
          agent.get().send(cluster.link(), status, statuses.latest(recorded, seconds));
        }
      }
    }
  }

  private void closed(Transcript.Line line) throws Exception {
    Connection connection = connections.remove(line.who());
    if (connection == null) {
      return;
    }
    boolean byMaster =
        connection.isFailed() || tornDown.contains(line.who()) || cutByMaster.contains(line.who());
    if (byMaster) {
      await().atMost(PATIENCE).until(connection::isOver);
    } else {
      connection.close();
      if (!isLast(line.number() - 1)) {
        await().atMost(PATIENCE).until(this::nobodyIsConnected);
      }
    }
  }

  private boolean nobodyIsConnected() throws Exception {
    HttpResponse<InputStream> page =
        client.send(cluster.leader().port(), "GET", "/frameworks", Map.of(), new byte[0]);
    long connected = 0;
    for (JsonNode framework : MAPPER.readTree(page.body()).path("frameworks")) {
      connected += framework.path("connected").asBoolean() ? 1 : 0;
    }
    return connected <= connections.size();
  }

  private void node(Transcript.Line line) throws Exception {
    String recorded = line.get("node").asText();
    if (!recorded.contains("json.info_")) {
      return;
    }
    try (CuratorFramework curator =
        CuratorFrameworkFactory.newClient(
            cluster.zooKeeper().connectString(), new RetryOneTime(1000))) {
      curator.start();
      String name = recorded.substring(recorded.lastIndexOf('/') + 1);
      List<String> nodes = new ArrayList<>(new TreeSet<>(curator.getChildren().forPath("/mesos")));
      if (bindings.ours(name).isEmpty()) {
        nodes.stream()
            .filter(node -> node.startsWith("json.info_"))
            .filter(node -> !boundNodes.contains(node))
            .findFirst()
            .ifPresent(
                node -> {
                  boundNodes.add(node);
                  bindings.bind(name, node);
                });
      }
      String ours =
          new String(
              curator.getData().forPath("/mesos/" + bindings.translate(name)),
              StandardCharsets.UTF_8);
      JsonNode tree = MAPPER.readTree(ours);
      JsonNode wanted = MAPPER.readTree(line.get("data").path(0).asText());
      differ(line, bindings.differences(DeliberateDifferences.expected("", wanted, tree), tree));
    }
  }

  private final Set<String> boundNodes = new HashSet<>();

  @Override
  public void close() throws IOException {
    for (Connection connection : connections.values()) {
      connection.close();
    }
    cluster.close();
  }
}
