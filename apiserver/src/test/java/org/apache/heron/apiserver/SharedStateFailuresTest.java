package org.apache.heron.apiserver;

import static org.apache.heron.apiserver.Served.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every path that needs shared state, when there is none to be had: one line, nothing left. */
class SharedStateFailuresTest {
  private static final String WORDS = "/api/v1/topologies/test/ada/devel/words";

  @TempDir Path directory;

  /** All that there are, each as it would succeed. */
  private static Map<String, HttpRequest.Builder> requests(Served served) {
    Map<String, HttpRequest.Builder> requests = new LinkedHashMap<>();
    requests.put("submit", served.upload("/api/v1/topologies", Served.submitForm("words")));
    requests.put("kill", served.request(WORDS).DELETE());
    requests.put("describe", served.request(WORDS));
    requests.put("list", served.request("/api/v1/topologies"));
    requests.put("explain", served.request(WORDS + "/explain"));
    requests.put("history", served.request(WORDS + "/history"));
    Map.of(
            "activate", "",
            "deactivate", "",
            "restart", "container_id=1",
            "update", "component_parallelism=count:3",
            "scheduler/resume", "",
            "scheduler/standby", "")
        .forEach(
            (command, form) ->
                requests.put(
                    command,
                    served
                        .request(WORDS + "/" + command)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))));
    return requests;
  }

  private void allFail(String configuration, String... words) throws Exception {
    try (Served served = new Served(directory)) {
      Files.writeString(directory.resolve("home/conf/template/statemgr.yaml"), configuration);
      served.start();
      Map<String, CompletableFuture<HttpResponse<String>>> answers = new LinkedHashMap<>();
      requests(served)
          .forEach(
              (name, request) ->
                  answers.put(
                      name,
                      served.client.sendAsync(
                          request.build(), HttpResponse.BodyHandlers.ofString())));
      for (var each : answers.entrySet()) {
        HttpResponse<String> answer = each.getValue().get();
        assertThat(answer.statusCode()).as(each.getKey()).isEqualTo(500);
        assertThat(message(answer)).as(each.getKey()).contains(words).doesNotContain("\n");
      }
      assertThat(served.files("packages")).isEmpty();
      await().atMost(Served.PATIENCE).until(() -> served.files("store").isEmpty());
      assertThat(StandInLauncher.calls()).isEmpty();
    }
  }

  private static String zooKeeper(int port) {
    return """
        heron.class.state.manager: org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager
        heron.statemgr.connection.string: 127.0.0.1:%d
        heron.statemgr.root.path: /heron
        heron.statemgr.zookeeper.connection.timeout.ms: 700
        heron.statemgr.zookeeper.retry.count: 1
        heron.statemgr.zookeeper.retry.interval.ms: 100
        """
        .formatted(port);
  }

  @Test
  void nobodyListens() throws Exception {
    try (Socket reserved = new Socket()) {
      reserved.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = reserved.getLocalPort();
      allFail(zooKeeper(port), "127.0.0.1:" + port, "heron.statemgr.connection.string");
    }
  }

  @Test
  void whoListensDoesNotAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
      int port = silent.getLocalPort();
      allFail(zooKeeper(port), "127.0.0.1:" + port, "heron.statemgr.connection.string");
    }
  }

  @Test
  void theDirectoryCannotBeMade() throws Exception {
    Path file = Files.writeString(directory.resolve("a-file"), "");
    allFail(
        """
        heron.class.state.manager: org.apache.heron.statemgr.localfs.LocalFileSystemStateManager
        heron.statemgr.connection.string: LOCALMODE
        heron.statemgr.root.path: %s/state
        """
            .formatted(file),
        file.toString(),
        "heron.statemgr.root.path");
  }
}
