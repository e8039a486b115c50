package org.apache.heron.apiserver;

import static org.apache.heron.apiserver.Served.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.heron.apiserver.BadServer.Manner;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each path that needs a scheduler or a topology manager, with one that fails in each manner: the
 * right status, one line, and nothing changed.
 */
class FailingPartsTest {
  private static final String WORDS = "/api/v1/topologies/test/ada/devel/words";

  @TempDir static Path directory;
  private static Served served;

  @BeforeAll
  static void submit() throws Exception {
    served = new Served(directory).start();
    assertThat(served.submit("words").statusCode()).isEqualTo(201);
  }

  @AfterAll
  static void kill() throws Exception {
    try {
      assertThat(served.delete(WORDS).statusCode()).isEqualTo(200);
      assertThat(served.state()).isEmpty();
      await().atMost(Served.PATIENCE).until(() -> served.files("store").isEmpty());
    } finally {
      served.close();
    }
  }

  private static HttpResponse<String> ask(String command) throws Exception {
    String[] words = command.split(" ", 2);
    return switch (words[0]) {
      case "kill" -> served.delete(WORDS);
      case "explain", "history" -> served.get(WORDS + "/" + words[0]);
      case "restart", "update", "activate", "deactivate", "scheduler/resume" ->
          served.post(WORDS + "/" + words[0], words.length > 1 ? words[1] : "");
      default -> throw new IllegalArgumentException(command);
    };
  }

  /** One that has ended, or where no scheduler answers, is started again: see other tests. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kill | FAILS | scheduler at 127.0.0.1:PORT answers 500 no memory",
        "kill | BREAKS_OFF | no answer from the scheduler at 127.0.0.1:PORT: the connection ended after 7 of 900 bytes",
        "restart | ENDED | start it again with: heron scheduler resume test/ada/devel words",
        "restart | FAILS | scheduler at 127.0.0.1:PORT answers 500 no memory",
        "restart | TALKS_NONSENSE | what answers at 127.0.0.1:PORT is no scheduler",
        "restart | BREAKS_OFF | no answer from the scheduler at 127.0.0.1:PORT: the connection ended after 7 of 900 bytes",
        "restart container_id=1 | ENDED | start it again with: heron scheduler resume test/ada/devel words",
        "restart container_id=1 | FAILS | scheduler at 127.0.0.1:PORT answers 500 no memory",
        "restart container_id=1 | TALKS_NONSENSE | what answers at 127.0.0.1:PORT is no scheduler",
        "restart container_id=1 | BREAKS_OFF | no answer from the scheduler at 127.0.0.1:PORT: the connection ended after 7 of 900 bytes",
        "update component_parallelism=count:3 | ENDED | start it again with: heron scheduler resume test/ada/devel words",
        "update component_parallelism=count:3 | FAILS | scheduler at 127.0.0.1:PORT answers 500 no memory",
        "update component_parallelism=count:3 | TALKS_NONSENSE | what answers at 127.0.0.1:PORT is no scheduler",
        "update component_parallelism=count:3 | BREAKS_OFF | no answer from the scheduler at 127.0.0.1:PORT: the connection ended after 7 of 900 bytes",
        "explain | ENDED | The scheduler at 127.0.0.1:PORT does not answer",
        "explain | FAILS | The scheduler at 127.0.0.1:PORT does not answer",
        "explain | TALKS_NONSENSE | The scheduler at 127.0.0.1:PORT does not answer",
        "explain | BREAKS_OFF | The scheduler at 127.0.0.1:PORT does not answer",
        "history | ENDED | no scheduler answers",
        "history | FAILS | no scheduler answers",
        "history | TALKS_NONSENSE | no scheduler answers",
        "history | BREAKS_OFF | no scheduler answers",
      })
  void aSchedulerThatFailsIsSaidInOneLine(String command, Manner manner, String words)
      throws Exception {
    Path file = directory.resolve("state/schedulers/words");
    byte[] location = Files.readAllBytes(file);
    try (BadServer scheduler = new BadServer(manner)) {
      Files.write(
          file,
          SchedulerLocation.parseFrom(location).toBuilder()
              .setHttpEndpoint("127.0.0.1:" + scheduler.port())
              .build()
              .toByteArray());
      failsInOneLine(command, words.replace("PORT", "" + scheduler.port()));
    } finally {
      Files.write(file, location);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "deactivate | ENDED | The topology manager at 127.0.0.1:PORT does not answer: Connection refused",
        "deactivate | FAILS | Non OK HTTP response 500 from TManager for command deactivate: no memory",
        "deactivate | BREAKS_OFF | The topology manager at 127.0.0.1:PORT does not answer: the connection ended after 7 of 900",
        "update runtime_config=topology.debug:true | ENDED | The topology manager at 127.0.0.1:PORT does not answer: Connection refused",
        "update runtime_config=topology.debug:true | FAILS | Non OK HTTP response 500 from TManager for command runtime-config: no memory",
        "update runtime_config=topology.debug:true | BREAKS_OFF | The topology manager at 127.0.0.1:PORT does not answer: the connection ended after 7 of 900",
      })
  void aTopologyManagerThatFailsIsSaidInOneLine(String command, Manner manner, String words)
      throws Exception {
    Path file = directory.resolve("state/tmanagers/words");
    try (BadServer manager = new BadServer(manner)) {
      Files.write(
          file,
          TManagerLocation.newBuilder()
              .setTopologyName("words")
              .setTopologyId("words-0001")
              .setHost("127.0.0.1")
              .setControllerPort(manager.port())
              .setServerPort(1)
              .build()
              .toByteArray());
      failsInOneLine(command, words.replace("PORT", "" + manager.port()));
    } finally {
      Files.delete(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/topologies", "/api/v1/plan"})
  void aClusterThatCannotBeAskedIsSaidByWhoeverNeedsIt(String path) throws Exception {
    List<String> state = served.state();
    List<String> packages = served.files("packages");
    StandInLauncher.breakWith("no Mesos master at 127.0.0.1:1");
    try {
      HttpResponse<String> answer = served.post(path, Served.submitForm("birds"));
      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(message(answer)).isEqualTo("no Mesos master at 127.0.0.1:1");
    } finally {
      StandInLauncher.breakWith("");
    }
    assertThat(served.state()).isEqualTo(state);
    assertThat(served.files("packages")).isEqualTo(packages);
  }

  private void failsInOneLine(String command, String words) throws Exception {
    List<String> state = served.state();
    List<String> packages = served.files("packages");
    HttpResponse<String> answer = ask(command);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(500);
    assertThat(message(answer)).contains(words).doesNotContain("\n", "Exception", "java.");
    assertThat(served.state()).isEqualTo(state);
    assertThat(served.files("packages")).isEqualTo(packages);
  }
}
