package org.apache.heron.client.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.RecordingProgress;
import org.apache.heron.client.TestHome;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.runtime.SubmittedTopology;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.client.submit.MainWords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a command says of an API server that does not do its duty: one line, in limited time. */
class ApiServerTest {
  private static final Patience SHORT =
      new Patience(Duration.ofSeconds(20), Duration.ofMillis(500));
  private static final Patience LONG = new Patience(Duration.ofSeconds(20), Duration.ofMinutes(1));

  @TempDir Path directory;
  private ServerSocket listener;

  @BeforeEach
  void listen() throws IOException {
    listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    listener.close();
  }

  private String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /** Answers one request with these very bytes, and ends the connection. */
  private CompletableFuture<String> answer(String bytes) {
    CompletableFuture<String> request = new CompletableFuture<>();
    new Thread(
            () -> {
              try (Socket socket = listener.accept()) {
                request.complete(head(socket.getInputStream()));
                OutputStream out = socket.getOutputStream();
                out.write(bytes.getBytes(StandardCharsets.UTF_8));
                out.flush();
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
              } catch (IOException e) {
                request.completeExceptionally(e);
              }
            })
        .start();
    return request;
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      text.append((char) next);
    }
    return text.toString();
  }

  private static String response(String status, String type, String body) {
    return "HTTP/1.1 "
        + status
        + "\r\nContent-Type: "
        + type
        + "\r\nConnection: close\r\n\r\n"
        + body;
  }

  private SubmittedTopology words(Patience patience, Progress progress) {
    return ApiServer.at(url() + "/", Optional.empty(), patience)
        .topology(
            new TopologyTarget("test", "ada", "", "ada"),
            "words",
            Map.of("heron.some.key", "a b"),
            progress);
  }

  private void killFails(String... words) {
    assertThatThrownBy(() -> words(LONG, Progress.NONE).kill())
        .isInstanceOf(ClientException.class)
        .hasMessageContainingAll(words)
        .hasMessageNotContaining("\n");
  }

  @Test
  void theTopologyIsInThePathAndPropertiesInTheQuery() throws Exception {
    CompletableFuture<String> request =
        answer(response("200 OK", "application/json", "{\"message\":\"words killed\"}"));
    words(LONG, Progress.NONE).kill();
    assertThat(request.get())
        .startsWith("DELETE /api/v1/topologies/test/ada//words?heron.some.key=a+b HTTP/1.1\r\n");
  }

  @Test
  void aQuestionIsPostedIfItSetsConfiguration() throws Exception {
    String words = response("404 No", "application/json", "{\"message\":\"none\"}");
    CompletableFuture<String> request = answer(words);
    assertThatThrownBy(() -> words(LONG, Progress.NONE).explain(Optional.of(1))).hasMessage("none");
    assertThat(request.get())
        .startsWith("POST /api/v1/topologies/test/ada//words/explain HTTP/1.1\r\n");
    request = answer(words);
    SubmittedTopology plain =
        ApiServer.at(url(), Optional.empty(), LONG)
            .topology(
                new TopologyTarget("test", "ada", "", "ada"), "words", Map.of(), Progress.NONE);
    assertThatThrownBy(() -> plain.history(Optional.of(1))).hasMessage("none");
    assertThat(request.get())
        .startsWith("GET /api/v1/topologies/test/ada//words/history?container=1 HTTP/1.1\r\n");
  }

  @Test
  void whatTheServerTellsIsPassedOn() throws Exception {
    answer(
        response(
            "200 OK",
            "application/x-ndjson",
            """
            {"event":"stage","text":"ending the containers"}
            {"event":"alive"}
            {"event":"warn","text":"careful"}
            {"event":"end","status":404,"body":{"message":"Topology 'words' does not exist"}}
            """));
    RecordingProgress progress = new RecordingProgress();
    assertThatThrownBy(() -> words(LONG, progress).kill())
        .hasMessage("Topology 'words' does not exist");
    assertThat(progress.lines()).containsExactly("stage ending the containers", "warn careful");
  }

  @Test
  void nobodyThereIsSaid() throws Exception {
    listener.close();
    killFails("Cannot reach the API server at " + url(), "does it run there?");
  }

  @Test
  void silenceHasAnEnd() {
    // The listener accepts, and nobody ever answers.
    assertThatThrownBy(() -> words(SHORT, Progress.NONE).kill())
        .hasMessageContaining("has been silent for")
        .hasMessageContaining("whether the command is carried out is not known");
  }

  @Test
  void anAnswerThatIsCutOffIsNoSuccess() {
    answer(response("200 OK", "application/x-ndjson", "{\"event\":\"stage\",\"text\":\"a\"}\n"));
    killFails("broke (it ended before the answer was complete)");
    answer("");
    answer("");
    killFails("The connection to the API server at " + url() + " broke");
  }

  @Test
  void whatIsNoApiServerIsSaid() {
    answer(response("200 OK", "text/html", "<h1>It works!</h1>"));
    killFails("What answers at " + url() + " is no API server: it answers 200 <h1>It works!");
    answer(response("302 Found\r\nLocation: http://elsewhere/", "text/html", ""));
    killFails("sends the command on to http://elsewhere/");
    answer(response("502 Bad Gateway", "application/json", "{}"));
    killFails("Unknown error from API server 502");
  }

  @Test
  void aTokenIsShownAndAWrongOneIsSaid() throws Exception {
    Path file = Files.writeString(directory.resolve("token"), "secret-token\n");
    CompletableFuture<String> request =
        answer(response("401 No", "application/json", "{\"message\":\"not the right one\"}"));
    SubmittedTopology topology =
        ApiServer.at(url(), Optional.of(file), LONG)
            .topology(
                new TopologyTarget("test", "ada", "devel", "ada"),
                "words",
                Map.of(),
                Progress.NONE);
    assertThatThrownBy(topology::kill)
        .hasMessage("The API server at " + url() + " refuses the command: not the right one")
        .hasMessageNotContaining("secret-token");
    assertThat(request.get()).contains("Authorization: Bearer secret-token\r\n");
    Files.writeString(file, "two words");
    assertThatThrownBy(() -> ApiServer.at(url(), Optional.of(file), LONG))
        .hasMessageContaining("must hold one token and nothing else");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "413 Too Large | The API server takes no upload of \\d+ bytes; start it with a higher --max-upload-mb",
        "507 Insufficient Storage | The API server has no room for an upload of \\d+ bytes"
      })
  void anUploadThatIsRefusedIsNotSent(String status, String words) throws Exception {
    TestHome home = new TestHome(directory);
    CompletableFuture<String> request =
        answer(response(status, "application/json", "{\"message\":\"no\"}"));
    RemoteSubmitter submitter =
        ApiServer.at(url(), Optional.empty(), LONG)
            .submitter(TestHome.environment(), Progress.NONE);
    MainWords main =
        new MainWords(
            home.jar().toString(),
            "org.apache.heron.client.CopyingMain",
            List.of(home.definition("words", 1).toString()),
            List.of(),
            false);
    assertThatThrownBy(
            () ->
                submitter.submit(
                    new RemoteSubmitter.Request(
                        home.home(),
                        new TopologyTarget("test", "ada", "devel", "ada"),
                        main,
                        Map.of(),
                        false,
                        false),
                    Optional.empty()))
        .hasMessageMatching(words);
    assertThat(request.get())
        .startsWith("POST /api/v1/topologies HTTP/1.1\r\n")
        .containsIgnoringCase("Expect: 100-Continue");
  }
}
