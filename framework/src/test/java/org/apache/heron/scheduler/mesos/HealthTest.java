package org.apache.heron.scheduler.mesos;

import static org.apache.heron.scheduler.mesos.WordsOnACluster.awaitAllRunning;
import static org.apache.heron.scheduler.mesos.WordsOnACluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.apache.heron.spi.executor.ExecutorPort;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.mesos.v1.master.Protos.Call;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Mesos looks at and shows of containers, on a cluster with real processes. */
class HealthTest {
  @TempDir private Path directory;
  private WordsOnACluster words;

  @BeforeEach
  void start() throws IOException {
    words = WordsOnACluster.start(directory, cluster -> cluster.agents(1));
  }

  @AfterEach
  void stop() {
    words.close();
  }

  private List<org.apache.mesos.v1.Protos.Task> tasks() throws Exception {
    return words
        .cluster()
        .operator()
        .send(Call.newBuilder().setType(Call.Type.GET_TASKS).build())
        .getGetTasks()
        .getTasksList();
  }

  @Test
  void aContainerThatAnswersNoMoreIsKilledAndReplacedWithTheReasonShown() throws Exception {
    words.with("heron.mesos.health.check.type", "tcp");
    words.with("heron.mesos.health.check.interval.ms", 100);
    words.with("heron.mesos.health.check.failures", 2);
    MesosScheduler scheduler = words.schedule(Words.plan(1, 0.2));
    SchedulerStatus before = awaitAllRunning(scheduler);
    SchedulerStatus.Container sick = before.containers().get(1);
    int shell = sick.ports().get(ExecutorPort.SHELL.portName());
    try (ServerSocket port = new ServerSocket(shell, 1000, InetAddress.getByName("127.0.0.1"))) {
      eventually()
          .until(
              () ->
                  tasks().stream()
                      .filter(task -> task.getTaskId().getValue().equals(sick.taskId()))
                      .flatMap(task -> task.getStatusesList().stream())
                      .anyMatch(status -> status.hasHealthy() && status.getHealthy()));
      assertThat(port.isBound()).isTrue();
    }
    eventually()
        .untilAsserted(
            () -> {
              SchedulerStatus.Container now = scheduler.status().containers().get(1);
              assertThat(now.attempt()).isGreaterThan(1);
              // Its own words after SIGTERM are the executor's: it ended in order.
              assertThat(now.reason()).contains("its health check failed: Command exited with");
            });
    // Its failures in the five minutes of grace do not count before the first success.
    assertThat(awaitAllRunning(scheduler).containers().get(0).attempt()).isEqualTo(1);
    assertThat(scheduler.onKill()).isEqualTo(Outcome.done("killed"));
  }

  @Test
  void mesosShowsWhatAContainerIsAndTheJobLinkLeadsThere() throws Exception {
    words.with("heron.mesos.container.labels", "team=streams");
    words.with("heron.mesos.kill.grace.ms", 4321);
    MesosScheduler scheduler = words.schedule(Words.plan(1, 0.2));
    SchedulerStatus status = awaitAllRunning(scheduler);
    var task =
        tasks().stream()
            .filter(each -> each.getTaskId().getValue().equals(status.containers().get(1).taskId()))
            .findFirst()
            .orElseThrow();
    assertThat(task.getLabels().getLabelsList().toString())
        .contains("heron.topology")
        .contains("team")
        .contains("streams");
    assertThat(task.getKillPolicy().getGracePeriod().getNanoseconds()).isEqualTo(4_321_000_000L);
    assertThat(task.getHealthCheck().getHttp().getPath()).isEqualTo("/health");
    assertThat(task.getDiscovery().getPorts().getPortsList())
        .extracting(port -> port.getName() + " " + port.getNumber())
        .contains("shell-port " + task.getHealthCheck().getHttp().getPort());

    HttpResponse<String> page =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(scheduler.jobLinks().get(0))).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body())
        .contains("id=\"/frameworks/" + status.frameworkId() + "\"")
        .contains(status.containers().get(1).taskId());
    assertThat(scheduler.onKill()).isEqualTo(Outcome.done("killed"));
  }

  @Test
  void anImageOnAgentsWithoutImagesIsSaidAsTheAgentSaysIt() throws Exception {
    words.with("heron.mesos.container.type", "mesos");
    words.with("heron.mesos.container.image", "eclipse-temurin:17-jre");
    MesosScheduler scheduler = words.schedule(Words.plan(1, 0.2));
    eventually()
        .untilAsserted(
            () ->
                assertThat(scheduler.status().containers().get(0).reason())
                    .contains("Unsupported container image type: DOCKER"));
    assertThat(scheduler.onKill()).isEqualTo(Outcome.done("killed"));
  }
}
