package org.apache.heron.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.minicluster.MiniCluster;
import org.apache.heron.spi.executor.ExecutorPort;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.mesos.v1.master.Protos.Call;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Mesos looks at and shows of containers, on a cluster with real processes. */
class HealthTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir private Path directory;
  private final Map<String, Object> values = new HashMap<>();
  private MiniCluster cluster;
  private MesosScheduler scheduler;

  @BeforeEach
  void start() throws IOException {
    cluster =
        MiniCluster.builder()
            .directory(directory.resolve("cluster"))
            .allocationInterval(Duration.ofMillis(200))
            .agents(1)
            .start();
  }

  @AfterEach
  void stop() {
    scheduler.close();
    cluster.close();
  }

  private void schedule() throws IOException {
    Path core = Packages.core(directory, Packages.EXECUTOR);
    Path topology =
        Packages.archive(directory.resolve("topology.tar.gz"), Map.of("words.defn", "words"));
    values.put("heron.mesos.master.uri", cluster.masterUri());
    values.put("heron.statemgr.connection.string", cluster.zooKeeper().connectString());
    scheduler = new MesosScheduler();
    scheduler.initialize(
        new SchedulerContext(
            Words.config(values),
            Words.topology("words-id"),
            null,
            directory,
            Map.of(
                "heron.package.core.uri", core.toUri().toString(),
                "heron.package.topology.uri", topology.toString()),
            false));
    scheduler.onSchedule(() -> Words.plan(1, 0.2));
  }

  private SchedulerStatus awaitAllRunning() {
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(scheduler.status()).matches(SchedulerStatus::allRunning));
    return scheduler.status();
  }

  private List<org.apache.mesos.v1.Protos.Task> tasks() throws Exception {
    return cluster
        .operator()
        .send(Call.newBuilder().setType(Call.Type.GET_TASKS).build())
        .getGetTasks()
        .getTasksList();
  }

  @Test
  void aContainerThatAnswersNoMoreIsKilledAndReplacedWithTheReasonShown() throws Exception {
    values.put("heron.mesos.health.check.type", "tcp");
    values.put("heron.mesos.health.check.interval.ms", 100);
    values.put("heron.mesos.health.check.failures", 2);
    schedule();
    SchedulerStatus before = awaitAllRunning();
    SchedulerStatus.Container sick = before.containers().get(1);
    int shell = sick.ports().get(ExecutorPort.SHELL.portName());
    try (ServerSocket port = new ServerSocket(shell, 1000, InetAddress.getByName("127.0.0.1"))) {
      await()
          .atMost(LIMIT)
          .ignoreExceptions()
          .until(
              () ->
                  tasks().stream()
                      .filter(task -> task.getTaskId().getValue().equals(sick.taskId()))
                      .flatMap(task -> task.getStatusesList().stream())
                      .anyMatch(status -> status.hasHealthy() && status.getHealthy()));
      assertThat(port.isBound()).isTrue();
    }
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              SchedulerStatus.Container now = scheduler.status().containers().get(1);
              assertThat(now.attempt()).isGreaterThan(1);
              // Its own words after SIGTERM are the executor's: it ended in order.
              assertThat(now.reason()).contains("its health check failed: Command exited with");
            });
    // Its failures in the five minutes of grace do not count before the first success.
    assertThat(awaitAllRunning().containers().get(0).attempt()).isEqualTo(1);
    assertThat(scheduler.onKill()).isEqualTo(Outcome.done("killed"));
  }

  @Test
  void mesosShowsWhatAContainerIsAndTheJobLinkLeadsThere() throws Exception {
    values.put("heron.mesos.container.labels", "team=streams");
    values.put("heron.mesos.kill.grace.ms", 4321);
    schedule();
    SchedulerStatus status = awaitAllRunning();
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
    values.put("heron.mesos.container.type", "mesos");
    values.put("heron.mesos.container.image", "eclipse-temurin:17-jre");
    schedule();
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(scheduler.status().containers().get(0).reason())
                    .contains("Unsupported container image type: DOCKER"));
    assertThat(scheduler.onKill()).isEqualTo(Outcome.done("killed"));
  }
}
