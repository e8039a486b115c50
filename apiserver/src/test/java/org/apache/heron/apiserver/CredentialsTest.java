package org.apache.heron.apiserver;

import static org.apache.heron.apiserver.Served.PATIENCE;
import static org.apache.heron.apiserver.Served.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.remote.ApiServer;
import org.apache.heron.client.remote.Patience;
import org.apache.heron.client.runtime.SubmittedTopology;
import org.apache.heron.client.settings.TopologyTarget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server with a token, and callers with none or another. */
class CredentialsTest {
  private static final String WORDS = "/api/v1/topologies/test/ada/devel/words";

  @TempDir Path directory;

  /** Method and path of every operation that the description has, but those that only ask. */
  private static List<String[]> changes(Served served) throws Exception {
    JsonNode paths = Served.json(served.get("/api/v1/openapi.json")).path("paths");
    List<String[]> changes = new ArrayList<>();
    paths
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> {
                          if (!method.equals("get")) {
                            changes.add(
                                new String[] {
                                  method.toUpperCase(Locale.ROOT),
                                  path.getKey()
                                      .replace("{cluster}", "test")
                                      .replaceAll("\\{[a-z]+}", "words")
                                });
                          }
                        }));
    return changes;
  }

  @Test
  void everyPathThatChangesSomethingWantsTheToken() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "right-token\n");
    try (Served served = new Served(directory).start("--token-file", token.toString())) {
      List<String[]> changes = changes(served);
      assertThat(changes).hasSizeGreaterThanOrEqualTo(13);
      for (String[] change : changes) {
        HttpResponse<String> without = ask(served, change, "");
        assertThat(without.statusCode()).as("%s %s", (Object[]) change).isEqualTo(401);
        assertThat(message(without)).startsWith("a token is needed");
        HttpResponse<String> wrong = ask(served, change, "Bearer wrong-token");
        assertThat(wrong.statusCode()).as("%s %s", (Object[]) change).isEqualTo(401);
        assertThat(message(wrong)).isEqualTo("the token is not the right one");
        assertThat(ask(served, change, "Bearer right-token").statusCode())
            .as("%s %s", (Object[]) change)
            .isNotEqualTo(401);
      }
      assertThat(served.state()).isEmpty();
      assertThat(served.files("packages")).isEmpty();
    }
  }

  /** What no token is needed for must not decide which classes, files and hosts are used. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoeverOnlyAsksSetsNothing(boolean guarded) throws Exception {
    Path elsewhere = directory.resolve("elsewhere");
    try (ServerSocket host = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Served served = guarded(guarded)) {
      for (String setting :
          List.of(
              "heron.statemgr.root.path=" + elsewhere,
              "heron.class.state.manager=org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager"
                  + "&heron.statemgr.zookeeper.connection.timeout.ms=700"
                  + "&heron.statemgr.connection.string=127.0.0.1:"
                  + host.getLocalPort())) {
        for (String question : List.of("/explain", "/history")) {
          String path = WORDS + question;
          List<HttpRequest.Builder> askers =
              List.of(
                  served.request(path + "?" + setting),
                  served.request(path + "?container=1&" + setting),
                  served.request(path + "?" + setting).method("HEAD", BodyPublishers.noBody()),
                  form(served.request(path), "GET", setting));
          for (HttpRequest.Builder asker : askers) {
            HttpResponse<String> answer = served.send(asker);
            assertThat(answer.statusCode()).as(setting).isEqualTo(422);
            if (!answer.request().method().equals("HEAD")) {
              assertThat(message(answer))
                  .startsWith("heron.")
                  .endsWith("which needs no token; send it with POST");
            }
          }
        }
      }
      assertThat(elsewhere).doesNotExist();
      host.setSoTimeout(1); // who called before is waiting in its queue
      assertThatThrownBy(host::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aQuestionWithSettingsOfItsOwnIsAskedAsAChangeIs(boolean guarded) throws Exception {
    try (Served served = guarded(guarded)) {
      Map<String, Object> elsewhere =
          Map.of("heron.statemgr.root.path", directory.resolve("elsewhere").toString());
      Optional<Path> token =
          guarded ? Optional.of(directory.resolve("token")) : Optional.<Path>empty();
      assertThat(heron(served, token, Map.of()).explain(Optional.empty()).topology())
          .isEqualTo("words");
      assertThat(
              heron(served, token, Map.of("heron.some.key", "some value"))
                  .explain(Optional.empty())
                  .topology())
          .isEqualTo("words");
      assertThatThrownBy(() -> heron(served, token, elsewhere).explain(Optional.empty()))
          .hasMessageContaining("Topology 'words' does not exist");
      assertThatThrownBy(() -> heron(served, token, elsewhere).history(Optional.of(1)))
          .hasMessageContaining("Topology 'words' does not exist");
      HttpRequest.Builder page =
          form(served.request(WORDS + "/explain"), "POST", "heron.some.key=some+value")
              .header("Origin", "http://evil.example");
      if (guarded) {
        page.header("Authorization", "Bearer right-token");
      }
      assertThat(served.send(page).statusCode()).isEqualTo(403);
    }
  }

  /** A name that leads to this host makes a page's requests those of the same origin. */
  @Test
  void aPageThatCallsTheServerByItsOwnNameChangesNothing() throws Exception {
    try (Served served = guarded(false);
        Socket page = new Socket(InetAddress.getLoopbackAddress(), served.service().port())) {
      page.setSoTimeout((int) Served.PATIENCE.toMillis());
      String evil = "evil.example:" + served.service().port();
      page.getOutputStream()
          .write(
              ("POST "
                      + WORDS
                      + "/explain HTTP/1.1\r\nHost: "
                      + evil
                      + "\r\nOrigin: http://"
                      + evil
                      + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(page.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 403 ");
    }
  }

  /** A server with one topology, and with a token or none. */
  private Served guarded(boolean guarded) throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "right-token\n");
    Served served = new Served(directory);
    try {
      served.start(guarded ? new String[] {"--token-file", token.toString()} : new String[0]);
      HttpRequest.Builder submit = served.upload("/api/v1/topologies", Served.submitForm("words"));
      if (guarded) {
        submit.header("Authorization", "Bearer right-token");
      }
      assertThat(served.send(submit).statusCode()).isEqualTo(201);
      return served;
    } catch (Exception | AssertionError e) {
      served.close();
      throw e;
    }
  }

  private static SubmittedTopology heron(
      Served served, Optional<Path> token, Map<String, Object> properties) {
    return ApiServer.at(served.uri("").toString(), token, new Patience(PATIENCE, PATIENCE))
        .topology(
            new TopologyTarget("test", "ada", "devel", "ada"), "words", properties, Progress.NONE);
  }

  private static HttpRequest.Builder form(HttpRequest.Builder request, String method, String form) {
    return request
        .header("Content-Type", "application/x-www-form-urlencoded")
        .method(method, BodyPublishers.ofString(form));
  }

  private static HttpResponse<String> ask(Served served, String[] change, String authorization)
      throws Exception {
    var request = served.request(change[1]).method(change[0], BodyPublishers.noBody());
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return served.send(request);
  }
}
