package org.apache.heron.minicluster.agent;

import static org.apache.heron.minicluster.agent.FakeMaster.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.Value;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AgentPagesTest {
  @TempDir Path directory;
  private final FakeMaster master = new FakeMaster();
  private final HttpClient client = HttpClient.newHttpClient();
  private Agent agent;
  private Path sandbox;

  @BeforeEach
  void start() throws IOException {
    directory = directory.toRealPath();
    agent =
        Agent.builder()
            .hostname("agent.example")
            .resources("cpus:4;mem:4096;disk:10000;ports:[31000-31999];cpus(prod):2")
            .attributes("rack:r1;ssd:true;gen:3")
            .faultDomain("eu", "eu-1")
            .workDirectory(directory.resolve("agent"))
            .start(master);
    Files.writeString(directory.resolve("secret"), "secret");
    Files.writeString(directory.resolve("agent/secret"), "secret");
    master.run(
        task("words", "echo grüße; ln -s " + directory + "/secret out; sleep 1000")
            .addResources(scalar("cpus", 0.1))
            .addResources(scalar("mem", 32)));
    master.await("words", TaskState.TASK_RUNNING);
    sandbox =
        directory
            .resolve("agent/slaves/S0/frameworks/fw-0000/executors/words/runs/latest")
            .toRealPath();
    org.awaitility.Awaitility.await()
        .atMost(FakeMaster.LIMIT)
        .until(() -> Files.isSymbolicLink(sandbox.resolve("out")));
  }

  @AfterEach
  void close() {
    agent.close();
  }

  private static Resource scalar(String name, double amount) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(amount))
        .build();
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String path) {
    try {
      return client.send(
          request
              .uri(URI.create("http://127.0.0.1:" + agent.port() + path))
              .timeout(Duration.ofSeconds(60))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(), path);
  }

  private JsonNode json(String path) throws IOException {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JsonMapper.builder().build().readTree(response.body());
  }

  private static String encoded(Object path) {
    return URLEncoder.encode(path.toString(), StandardCharsets.UTF_8);
  }

  @Test
  void theStatePageShowsWhatMesosShows() throws IOException {
    JsonNode state = json("/state");
    assertThat(json("/slave(1)/state").get("id")).isEqualTo(state.get("id"));
    assertThat(state.get("id").asText()).isEqualTo("S0");
    assertThat(state.get("pid").asText()).isEqualTo("slave(1)@127.0.0.1:" + agent.port());
    assertThat(state.get("hostname").asText()).isEqualTo("agent.example");
    assertThat(state.get("attributes").toString())
        .isEqualTo("{\"rack\":\"r1\",\"ssd\":\"true\",\"gen\":3.0}");
    assertThat(state.at("/domain/fault_domain/zone/name").asText()).isEqualTo("eu-1");
    assertThat(state.get("unreserved_resources").toString())
        .isEqualTo(
            "{\"disk\":10000.0,\"mem\":4096.0,\"gpus\":0.0,\"cpus\":4.0,"
                + "\"ports\":\"[31000-31999]\"}");
    assertThat(state.at("/reserved_resources/prod/cpus").asDouble()).isEqualTo(2.0);
    assertThat(state.get("unreserved_resources_allocated").toString())
        .isEqualTo("{\"disk\":0.0,\"mem\":64.0,\"gpus\":0.0,\"cpus\":0.2}");
    JsonNode executor = state.at("/frameworks/0/executors/0");
    assertThat(executor.get("directory").asText()).isEqualTo(sandbox.toString());
    assertThat(executor.get("name").asText())
        .startsWith("Command Executor (Task: words) (Command: sh -c '");
    assertThat(executor.at("/tasks/0/statuses").size()).isEqualTo(2);
    assertThat(executor.at("/tasks/0/state").asText()).isEqualTo("TASK_RUNNING");
    assertThat(state.at("/flags/resources").asText()).startsWith("cpus:4;");
  }

  @Test
  void theOtherPagesAnswer() throws IOException {
    assertThat(get("/health").body()).isEmpty();
    assertThat(json("/version").get("version").asText()).isEqualTo("1.12.0");
    JsonNode container = json("/containers").get(0);
    assertThat(container.get("executor_id").asText()).isEqualTo("words");
    assertThat(container.at("/statistics/mem_limit_bytes").asLong()).isEqualTo(64L << 20);
    assertThat(container.at("/statistics/mem_rss_bytes").asLong()).isPositive();
    assertThat(container.at("/status/container_id/value").asText())
        .isEqualTo(sandbox.getFileName().toString());
    assertThat(json("/monitor/statistics").get(0).has("status")).isFalse();
    assertThat(json("/metrics/snapshot").get("slave/tasks_running").asDouble()).isEqualTo(1.0);
    assertThat(json("/flags").at("/flags/hostname").asText()).isEqualTo("agent.example");
  }

  @Test
  void aTaskThatEndedIsShownAsCompleted() throws IOException {
    master.kill("words");
    master.await("words", TaskState.TASK_KILLED);
    org.awaitility.Awaitility.await()
        .atMost(FakeMaster.LIMIT)
        .until(
            () ->
                json("/state")
                    .at("/completed_frameworks/0/completed_executors/0/completed_tasks/0/state")
                    .asText()
                    .equals("TASK_KILLED"));
    assertThat(json("/metrics/snapshot").get("slave/tasks_killed").asDouble()).isEqualTo(1.0);
    assertThat(json("/files/browse?path=" + encoded(sandbox)).size()).isEqualTo(3);
  }

  @Test
  void aSandboxCanBeBrowsedAndReadByEitherPath() throws IOException {
    String virtual = "/frameworks/fw-0000/executors/words/runs/latest";
    for (String path : new String[] {sandbox.toString(), virtual}) {
      JsonNode entries = json("/files/browse?path=" + encoded(path));
      assertThat(entries.findValuesAsText("path"))
          .containsExactly(path + "/out", path + "/stderr", path + "/stdout");
      assertThat(entries.get(2).get("mode").asText()).matches("-rw-[r-][w-]-[r-]--");
      assertThat(entries.get(2).get("nlink").asInt()).isEqualTo(1);
      JsonNode piece = json("/files/read?offset=0&path=" + encoded(path + "/stdout"));
      assertThat(piece.get("data").asText()).isEqualTo("grüße\n");
    }
    String file = encoded(sandbox.resolve("stdout"));
    assertThat(json("/files/read?path=" + file).toString())
        .isEqualTo("{\"data\":\"\",\"offset\":8}");
    assertThat(json("/files/read?path=" + file + "&offset=1&length=3").get("data").asText())
        .isEqualTo("rü");
    assertThat(json("/files/read?path=" + file + "&offset=0&length=3").get("data").asText())
        .as("a character that is cut comes with the next read")
        .isEqualTo("gr");
    assertThat(json("/files/read?path=" + file + "&offset=1000").get("data").asText()).isEmpty();
    assertThat(get("/files/download?path=" + file).body()).isEqualTo("grüße\n");
    assertThat(get("/files/download?path=" + file).headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename=stdout");
  }

  @Test
  void nothingOutsideTheSandboxesIsServed() {
    Path slaves = directory.resolve("agent/slaves");
    for (Object path :
        new Object[] {
          directory.resolve("secret"),
          directory.resolve("agent/secret"),
          slaves + "/../secret",
          slaves + "/S0/../../../secret",
          sandbox.resolve("out"),
          sandbox + "/out/..",
          "/frameworks/../../../secret",
          "/frameworks/fw-0000/executors/words/runs/latest/out",
          "/etc/passwd",
          "etc/passwd",
          "../secret",
          "/proc/self/environ",
          sandbox + "/no\0such",
          "",
          "/"
        }) {
      for (String page : new String[] {"read", "browse", "download"}) {
        HttpResponse<String> response = get("/files/" + page + "?offset=0&path=" + encoded(path));
        assertThat(response.statusCode()).as(page + " " + path).isIn(400, 404);
        assertThat(response.body()).doesNotContain("root:", "PATH=");
      }
    }
  }

  @Test
  void malformedQuestionsAreAnsweredWithTheReason() {
    String file = encoded(sandbox.resolve("stdout"));
    assertThat(get("/files/read").body()).isEqualTo("Expecting 'path=value' in query.\n");
    assertThat(get("/files/read?path=" + file + "&offset=x").statusCode()).isEqualTo(400);
    assertThat(get("/files/read?path=" + file + "&offset=-2").body())
        .isEqualTo("Negative offset provided: -2.\n");
    assertThat(get("/files/read?path=" + file + "&offset=99999999999999999999").statusCode())
        .isEqualTo(400);
    assertThat(get("/files/read?path=" + encoded(sandbox)).statusCode()).isEqualTo(400);
    assertThat(get("/files/browse?path=" + file).statusCode()).isEqualTo(404);
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> call(String body) {
    return send(
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)),
        "/api/v1");
  }

  @Test
  void operatorCallsThatLookAreAnswered() {
    assertThat(call("{\"type\":\"GET_HEALTH\"}").body())
        .isEqualTo("{\"type\":\"GET_HEALTH\",\"get_health\":{\"healthy\":true}}");
    assertThat(call("{\"type\":\"GET_AGENT\"}").body()).contains("\"hostname\":\"agent.example\"");
    assertThat(call("{\"type\":\"GET_CONTAINERS\"}").body())
        .contains("\"executor_id\":{\"value\":\"words\"}");
    String list = "{\"type\":\"LIST_FILES\",\"list_files\":{\"path\":\"" + sandbox + "\"}}";
    assertThat(call(list).body()).contains("stdout\"");
    String read =
        "{\"type\":\"READ_FILE\",\"read_file\":{\"path\":\"" + sandbox + "/stdout\",\"offset\":0}}";
    assertThat(call(read).body()).contains("\"size\":8,\"data\":\"Z3LDvMOfZQo=\"");

    assertThat(call("{\"type\":\"SET_LOGGING_LEVEL\"}").statusCode()).isEqualTo(501);
    assertThat(call("{}").statusCode()).isEqualTo(400);
    assertThat(call("nope").statusCode()).isEqualTo(400);
    assertThat(call("[]").statusCode()).isEqualTo(400);
    assertThat(call("{\"type\":\"READ_FILE\"}").statusCode()).isEqualTo(400);
  }
}
