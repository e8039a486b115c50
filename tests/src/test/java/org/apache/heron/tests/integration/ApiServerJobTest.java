package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.heron.scheduler.nomad.JobFile;
import org.apache.heron.scheduler.nomad.Node;
import org.apache.heron.scheduler.nomad.RealTasks;
import org.apache.heron.scheduler.nomad.StandInNomad;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API server as a job of Nomad, by the shipped job file. */
class ApiServerJobTest {
  private static final String TOKEN = "a-token-of-this-test";

  @TempDir Path directory;
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void theShippedJobFileRunsAnApiServerThatNomadFindsWell() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), TOKEN);
    ObjectNode job =
        JobFile.read(
            Heron.home().resolve("conf/nomad/apiserver.nomad"),
            Map.of("heron_home", Heron.home().toString(), "token_file", token.toString()));
    // Its port may be taken here, and its files are not to lie in the home directory.
    ObjectNode network = (ObjectNode) job.at("/TaskGroups/0/Networks/0");
    assertThat(network.at("/ReservedPorts/0/Value").asInt()).isEqualTo(9000);
    network.set("DynamicPorts", network.remove("ReservedPorts"));
    ObjectNode environment = (ObjectNode) job.at("/TaskGroups/0/Tasks/0/Env");
    environment.put("HOME", directory.toString()).put("HERON_APISERVER_MEM_MIN", "64M");

    try (RealTasks tasks = new RealTasks();
        StandInNomad nomad = new StandInNomad(tasks).with(Node.large("localhost"))) {
      tasks.runIn(directory.resolve("alloc"));
      HttpResponse<String> registered =
          send(
              HttpRequest.newBuilder(URI.create(nomad.uri() + "/v1/jobs"))
                  .PUT(
                      BodyPublishers.ofString(
                          new ObjectMapper().createObjectNode().set("Job", job).toString())));
      assertThat(registered.statusCode()).as(registered.body()).isEqualTo(200);

      URI server = URI.create("http://127.0.0.1:" + nomad.port("heron-apiserver", "http"));
      String check = job.at("/TaskGroups/0/Services/0/Checks/0/Path").asText();
      await()
          .atMost(Topology.PATIENCE)
          .ignoreExceptions()
          .until(() -> send(HttpRequest.newBuilder(server.resolve(check))).statusCode() == 200);
      HttpRequest.Builder kill =
          HttpRequest.newBuilder(server.resolve("/api/v1/file/download/nothing")).DELETE();
      assertThat(send(kill).statusCode()).isEqualTo(401);
      assertThat(send(kill.header("Authorization", "Bearer " + TOKEN)).statusCode()).isEqualTo(404);
      HttpResponse<Void> core =
          client.send(
              HttpRequest.newBuilder(server.resolve("/api/v1/file/download/core")).build(),
              HttpResponse.BodyHandlers.discarding());
      assertThat(core.statusCode()).isEqualTo(200);

      send(
          HttpRequest.newBuilder(URI.create(nomad.uri() + "/v1/job/heron-apiserver?purge=true"))
              .DELETE());
      await().atMost(Topology.PATIENCE).until(() -> tasks.alive() == 0);
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
