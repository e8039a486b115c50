package org.apache.heron.apiserver;

import static org.apache.heron.apiserver.Served.json;
import static org.apache.heron.apiserver.Served.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.heron.apiserver.Served.Form;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every path about topologies, with its fields, answers and failures. */
class TopologyPathsTest {
  private static final String WORDS = "/api/v1/topologies/test/ada/devel/words";

  @TempDir Path directory;
  private Served served;

  @BeforeEach
  void start() throws Exception {
    served = new Served(directory).start();
  }

  @AfterEach
  void noRequestLeavesAFile() throws Exception {
    // The body of a request is removed right after its answer.
    await().atMost(Served.PATIENCE).until(() -> served.files("store").isEmpty());
    served.close();
    assertThat(served.files("store")).isEmpty();
  }

  @Test
  void aTopologyIsSubmittedAndKilledWithoutATrace() throws Exception {
    HttpResponse<String> created = served.submit("words");

    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    assertThat(created.headers().firstValue("Location"))
        .contains("/topologies/test/ada/devel/words");
    assertThat(json(created))
        .isEqualTo(
            Served.JSON.readTree(
                """
                {"name":"words","cluster":"test","role":"ada","environment":"devel",
                 "id":"words-0001","containers":2,"links":["http://127.0.0.1/jobs/words"]}
                """));
    assertThat(served.state()).contains("topologies/words", "executionstate/words");
    assertThat(served.files("packages")).hasSize(1);

    HttpResponse<String> killed = served.delete(WORDS);
    assertThat(killed.statusCode()).isEqualTo(200);
    assertThat(message(killed)).isEqualTo("words killed");
    assertThat(served.state()).isEmpty();
    assertThat(served.files("packages")).isEmpty();

    HttpResponse<String> again = served.delete(WORDS);
    assertThat(again.statusCode()).isEqualTo(404);
    assertThat(message(again)).isEqualTo("Topology 'words' does not exist");
  }

  @Test
  void whatIsMissingIsNamedAsUpstreamDoes() throws Exception {
    HttpResponse<String> answer =
        served.post("/api/v1/topologies", new Form().field("name", "words").field("role", "ada"));
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body())
        .isEqualTo(
            "{\"message\":\"Validation failed missing required params: [cluster, definition,"
                + " topology]\",\"errors\":{\"missing_parameters\":[\"cluster\",\"definition\","
                + "\"topology\"]}}");
  }

  @Test
  void anotherClusterIsRefusedWhateverIsAsked() throws Exception {
    Form form = new Form().field("name", "words").field("cluster", "prod").field("role", "ada");
    form.file("definition", "d", new byte[1]).file("topology", "t.jar", new byte[1]);
    HttpResponse<String> submit = served.post("/api/v1/topologies", form);
    assertThat(submit.statusCode()).isEqualTo(422);
    assertThat(message(submit)).isEqualTo("Unknown cluster prod expecting 'test'");
    HttpResponse<String> kill = served.delete("/api/v1/topologies/prod/ada/devel/words");
    assertThat(kill.statusCode()).isEqualTo(422);
    // By any capitalisation it is this one.
    assertThat(served.delete("/api/v1/topologies/TEST/ada/devel/words").statusCode())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "RAW, Packing class: org.apache.heron",
    "TABLE, Total number of containers: 1",
    "COLORED_TABLE, Total number of containers: 1",
    "JSON, '{\"packingClass\":'",
    "unknown, Total number of containers: 1",
  })
  void aDryRunShowsThePlanInEachFormatAndTouchesNothing(String format, String begin)
      throws Exception {
    Form form = Served.submitForm("words").field("dry_run", "").field("dry_run_format", format);
    HttpResponse<String> answer = served.post("/api/v1/topologies", form);
    assertThat(answer.statusCode()).isEqualTo(200);
    String text = json(answer).path("response").asText();
    assertThat(text).startsWith(begin);
    assertThat(text.contains("\u001b[1m")).isEqualTo(format.equals("COLORED_TABLE"));
    assertThat(served.state()).isEmpty();
    assertThat(StandInLauncher.calls()).isEmpty();
  }

  @Test
  void theEnvironmentIsDefaultAndTheUserTheRoleUnlessTheyAreGiven() throws Exception {
    Form form = new Form().field("name", "words").field("cluster", "test").field("role", "ada");
    form.file("definition", "d", Served.words("words", 1).toByteArray());
    form.file("topology", "words.tar.gz", new byte[1]);
    assertThat(json(served.post("/api/v1/topologies", form)).path("environment").asText())
        .isEqualTo("default");
    JsonNode described = json(served.get("/api/v1/topologies/test/ada/default/words"));
    assertThat(described.path("submittedBy").asText()).isEqualTo("ada");
    assertThat(described.path("state").asText()).isEqualTo("RUNNING");
    assertThat(served.delete("/api/v1/topologies/test/ada/default/words").statusCode())
        .isEqualTo(200);
  }

  @Test
  void anEnvironmentMayBeEmpty() throws Exception {
    Form form = new Form().field("name", "words").field("cluster", "test").field("role", "ada");
    form.field("environment", "").file("topology", "words.jar", new byte[1]);
    form.file("definition", "d", Served.words("words", 1).toByteArray());
    assertThat(served.post("/api/v1/topologies", form).statusCode()).isEqualTo(201);
    assertThat(served.get("/api/v1/topologies/test/ada//words").statusCode()).isEqualTo(200);
    assertThat(served.delete("/api/v1/topologies/test/ada//words").statusCode()).isEqualTo(200);
  }

  @Test
  void overridesOfTheRequestWinAndTravelInThePackage() throws Exception {
    served.stop();
    served.start("-D", "heron.mesos.role=base", "-D", "heron.mesos.principal=both");
    Form form = Served.submitForm("words").field("heron.mesos.principal", "mine");
    assertThat(served.post("/api/v1/topologies", form).statusCode()).isEqualTo(201);
    Path stored = directory.resolve("packages").resolve(served.files("packages").get(0));
    String override = Tar.text(stored, "heron-conf/override.yaml");
    assertThat(override)
        .contains("\"heron.mesos.role\": \"base\"", "\"heron.mesos.principal\": \"mine\"");
    assertThat(Tar.text(stored, "heron-conf/release.yaml")).contains("1.2.3");
    assertThat(Tar.names(stored)).contains("words.jar", "words.defn");
    assertThat(served.delete(WORDS).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "heron.directory.home",
        "heron.directory.conf",
        "heron.apiserver.http.file.system.directory",
        "heron.config.file.statemgr.yaml"
      })
  void theServersOwnPathsAreNotTheRequestsToSet(String key) throws Exception {
    HttpResponse<String> answer =
        served.post("/api/v1/topologies", Served.submitForm("words").field(key, "/tmp"));
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(message(answer)).startsWith(key + " is the API server's own");
    assertThat(served.state()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../../../../evil.jar", "..\\..\\evil.jar", "/etc/evil.jar", "..evil.jar"})
  void aNameOfAFileIsNoPath(String name) throws Exception {
    Form form = new Form().field("name", "words").field("cluster", "test").field("role", "ada");
    form.file("definition", "../../../../x.defn", Served.words("words", 1).toByteArray());
    form.file("topology", name, new byte[] {1});
    assertThat(served.post("/api/v1/topologies", form).statusCode()).isEqualTo(201);
    Path stored = directory.resolve("packages").resolve(served.files("packages").get(0));
    assertThat(Tar.names(stored)).contains("evil.jar");
    assertThat(served.delete("/api/v1/topologies/test/ada/default/words").statusCode())
        .isEqualTo(200);
    try (var files = Files.walk(directory)) {
      assertThat(files.filter(file -> file.toString().contains("evil"))).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"role, a/b", "role, ..", "environment, ../x", "user, a/b"})
  void aPartThatCannotBeADirectoryIsRefused(String field, String value) throws Exception {
    Form form = new Form().field(field, value).field("name", "words").field("cluster", "test");
    form.field("role", "ada").file("topology", "a.jar", new byte[1]);
    form.file("definition", "d", Served.words("words", 1).toByteArray());
    HttpResponse<String> answer = served.post("/api/v1/topologies", form);
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(message(answer)).contains("'" + value + "' cannot be a name");
  }

  @Test
  void whatCannotBeSubmittedIsSaidInOneLine() throws Exception {
    Form other = new Form().field("name", "birds").field("cluster", "test").field("role", "ada");
    other.file("definition", "d", Served.words("words", 1).toByteArray());
    other.file("topology", "words.jar", new byte[1]);
    HttpResponse<String> mismatch = served.post("/api/v1/topologies", other);
    assertThat(mismatch.statusCode()).isEqualTo(422);
    assertThat(message(mismatch))
        .isEqualTo("name is 'birds', but the definition is of topology 'words'");

    Form broken = new Form().field("name", "words").field("cluster", "test").field("role", "ada");
    broken.file("definition", "d", "nothing".getBytes(StandardCharsets.US_ASCII));
    broken.file("topology", "words.jar", new byte[1]);
    HttpResponse<String> unreadable = served.post("/api/v1/topologies", broken);
    assertThat(unreadable.statusCode()).isEqualTo(422);
    assertThat(message(unreadable)).startsWith("the definition is none: ");

    Form zip = new Form().field("name", "words").field("cluster", "test").field("role", "ada");
    zip.file("definition", "d", Served.words("words", 1).toByteArray());
    zip.file("topology", "words.zip", new byte[1]);
    assertThat(message(served.post("/api/v1/topologies", zip)))
        .startsWith("Unknown file type '.zip'");

    StandInLauncher.breakWith("no Mesos master at 127.0.0.1:1");
    HttpResponse<String> failed = served.submit("words");
    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(message(failed)).isEqualTo("no Mesos master at 127.0.0.1:1");
    assertThat(served.state()).isEmpty();
    assertThat(served.files("packages")).isEmpty();

    HttpResponse<String> noForm = served.post("/api/v1/topologies", "name=words");
    assertThat(noForm.statusCode()).isEqualTo(415);
    assertThat(message(noForm)).contains("send multipart/form-data");
  }

  @Test
  void ofSubmitsOfOneNameExactlyOneWins() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      answers.add(
          served.client.sendAsync(
              served.upload("/api/v1/topologies", Served.submitForm("words")).build(),
              HttpResponse.BodyHandlers.ofString()));
    }
    List<Integer> codes = new ArrayList<>();
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      codes.add(answer.get().statusCode());
    }
    assertThat(codes).containsOnlyOnce(201).containsOnly(201, 500);
    assertThat(served.files("packages")).hasSize(1);
    HttpResponse<String> killed = served.delete(WORDS);
    assertThat(killed.statusCode()).as(killed.body()).isEqualTo(200);
    assertThat(served.state()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "RAW, Packing class: org.apache.heron, false",
    "TABLE, Total number of containers:, false",
    "COLORED_TABLE, Total number of containers:, true",
    "JSON, New packing plan:, false",
    "unknown, Total number of containers:, false",
  })
  void aDryRunOfAnUpdateShowsBothPlansInEachFormatAndTouchesNothing(
      String format, String begin, boolean colored) throws Exception {
    served.submit("words");
    List<String> before = served.state();
    HttpResponse<String> answer =
        served.post(
            WORDS + "/update", "component_parallelism=count%3A4&dry_run=&dry_run_format=" + format);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    String text = json(answer).path("response").asText();
    assertThat(text).startsWith(begin);
    assertThat(text.contains("\u001b[32m")).isEqualTo(colored);
    assertThat(served.state()).isEqualTo(before);
    assertThat(StandInLauncher.calls()).doesNotContain("update words");
    assertThat(served.delete(WORDS).statusCode()).isEqualTo(200);
  }

  @Test
  void aSubmitWhoseCallerLeavesIsTakenBack() throws Exception {
    StandInLauncher.hold(new CountDownLatch(1));
    byte[] form = Served.submitForm("words").whole();
    try (Socket socket = new Socket("127.0.0.1", served.service().port())) {
      socket
          .getOutputStream()
          .write(
              ("POST /api/v1/topologies HTTP/1.1\r\nHost: x\r\nContent-Length: "
                      + form.length
                      + "\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(form);
      await().atMost(Served.PATIENCE).until(() -> served.state().contains("schedulers/words"));
    }
    await().atMost(Served.PATIENCE).until(() -> served.state().isEmpty());
    await().atMost(Served.PATIENCE).until(() -> served.files("store").isEmpty());
    assertThat(served.files("packages")).isEmpty();
  }

  @Test
  void whoWantsToHearMoreHearsItLineByLine() throws Exception {
    HttpResponse<String> answer =
        served.send(
            served
                .upload("/api/v1/topologies", Served.submitForm("words"))
                .header("Accept", "application/x-ndjson"));
    List<String> lines = answer.body().lines().toList();
    assertThat(lines)
        .contains(
            "{\"event\":\"info\",\"text\":\"Successfully launched topology 'words'\"}",
            "{\"event\":\"stage\",\"text\":\"connecting to shared state\"}");
    JsonNode last = Served.JSON.readTree(lines.get(lines.size() - 1));
    assertThat(last.path("event").asText()).isEqualTo("end");
    assertThat(last.path("status").asInt()).isEqualTo(201);
    assertThat(last.path("body").path("name").asText()).isEqualTo("words");
    assertThat(served.delete(WORDS).statusCode()).isEqualTo(200);
  }

  @Test
  void commandsAreCarriedOutByTheScheduler() throws Exception {
    served.submit("words");
    assertThat(message(served.post(WORDS + "/restart", "container_id=1")))
        .isEqualTo("words restarted");
    assertThat(message(served.post(WORDS + "/restart", ""))).isEqualTo("words restarted");
    assertThat(StandInLauncher.calls()).filteredOn("restart words"::equals).hasSize(2);

    HttpResponse<String> active = served.post(WORDS + "/activate", "");
    assertThat(active.statusCode()).isEqualTo(200);
    assertThat(message(active)).isEqualTo("words activated");
    HttpResponse<String> stop = served.post(WORDS + "/deactivate", "");
    assertThat(stop.statusCode()).as("there is no topology manager").isEqualTo(500);
    assertThat(message(stop)).contains("topology manager of topology 'words' is not there");

    assertThat(message(served.post(WORDS + "/update", "component_parallelism=count:3")))
        .isEqualTo("words updated");
    assertThat(StandInLauncher.calls()).contains("update words");
    assertThat(message(served.post(WORDS + "/update", "runtime_config=topology.debug:true")))
        .contains("topology manager");
    String dry =
        json(served.post(
                WORDS + "/update",
                "component_parallelism=count%3A4&container_number=2&dry_run=1&dry_run_format=RAW"))
            .path("response")
            .asText();
    assertThat(dry).startsWith("Packing class: ").contains("New packing plan:");
    assertThat(served.delete(WORDS).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "restart | container_id=one | container_id is 'one', which is no number",
        "restart | containerid=1 | unknown field 'containerid'",
        "restart | container_id=1&parallel=2 | parallel goes with the restart of all",
        "restart | parallel=0 | parallel is 0; at least 1",
        "update | '' | no param",
        "update | dry_run=1 | missing component_parallelism or runtime_config param",
        "update | component_parallelism=count | Invalid value 'count' of --component-parallelism",
        "update | container_number=0 | --container-number must be at least 1",
        "update | container_number=1&runtime_config=a:b | can't be updated at the same time",
        "activate | now=1 | unknown field 'now'",
      })
  void wrongFieldsAreRefusedBeforeAnythingIsDone(String command, String form, String words)
      throws Exception {
    HttpResponse<String> answer = served.post(WORDS + "/" + command, form);
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(message(answer)).contains(words);
  }

  @Test
  void whatCannotBeATopologyIsTheCallersFaultAndTellsNothingOfTheServer() throws Exception {
    Form form = new Form().field("name", "words").field("cluster", "test").field("role", "ada");
    form.file("definition", "d", new byte[] {7, 7, 7}).file("topology", "t.jar", new byte[1]);
    HttpResponse<String> answer = served.post("/api/v1/topologies", form);
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(message(answer))
        .startsWith("the definition is none: ")
        .doesNotContain(directory.toString());
    HttpResponse<String> named = served.get("/api/v1/topologies/test/ada/devel/.words");
    assertThat(named.statusCode()).isEqualTo(422);
    assertThat(message(named)).startsWith("Topology name '.words' must not");
    assertThat(served.state()).isEmpty();
  }

  @Test
  void whatIsNotThereIsSaid() throws Exception {
    for (String command : List.of("activate", "deactivate", "restart")) {
      HttpResponse<String> answer = served.post(WORDS + "/" + command, "");
      assertThat(answer.statusCode()).as(command).isEqualTo(500);
      assertThat(message(answer)).isEqualTo("Topology 'words' does not exist");
    }
    assertThat(served.get(WORDS).statusCode()).isEqualTo(404);
    assertThat(served.get(WORDS + "/explain").statusCode()).isEqualTo(404);
    assertThat(served.get(WORDS + "/history").statusCode()).isEqualTo(404);
  }

  @Test
  void topologiesCanBeListedAndAskedAbout() throws Exception {
    assertThat(json(served.get("/api/v1/topologies")).path("topologies")).isEmpty();
    served.submit("words");
    JsonNode one = json(served.get("/api/v1/topologies")).path("topologies").path(0);
    assertThat(one.path("name").asText()).isEqualTo("words");
    assertThat(one.path("jobPages").path(0).asText()).isEqualTo("http://127.0.0.1/jobs/words");
    assertThat(served.get("/topologies/test/ada/devel/words").body()).isEqualTo(one.toString());
    assertThat(served.get("/api/v1/topologies/test/bob/devel/words").statusCode()).isEqualTo(404);
    assertThat(json(served.get(WORDS + "/explain")).path("topology").asText()).isEqualTo("words");
    assertThat(served.get("/").body()).contains("<td>words</td>");
    assertThat(
            json(served.post("/api/v1/plan", Served.submitForm("birds"))).path("topology").asText())
        .isEqualTo("birds");
    assertThat(served.delete(WORDS).statusCode()).isEqualTo(200);
  }

  @Test
  void schedulersThatHaveEndedAreStartedAgainWithTheServer() throws Exception {
    served.submit("words");
    served.submit("birds");
    served.stop();
    StandInLauncher.crash("words");

    served.start();
    served.service().awaitSchedulers();

    assertThat(StandInLauncher.calls()).contains("resume words").doesNotContain("resume birds");
    assertThat(json(served.get(WORDS + "/explain")).path("topology").asText()).isEqualTo("words");
    HttpResponse<String> running = served.post(WORDS + "/scheduler/resume", "");
    assertThat(message(running)).startsWith("The scheduler of topology 'words' runs at ");
    assertThat(served.delete(WORDS).statusCode()).isEqualTo(200);
    assertThat(served.delete("/api/v1/topologies/test/ada/devel/birds").statusCode())
        .isEqualTo(200);
  }
}
