package org.apache.heron.minicluster.agent;

import static org.apache.heron.minicluster.agent.FakeMaster.task;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.heron.web.WebServer;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HealthCheckTest {
  @TempDir Path directory;
  private final FakeMaster master = new FakeMaster();
  private Agent agent;

  @BeforeEach
  void start() throws IOException {
    agent = Agent.builder().workDirectory(directory).start(master);
  }

  @AfterEach
  void close() {
    agent.close();
  }

  private static HealthCheck.Builder check() {
    return HealthCheck.newBuilder()
        .setDelaySeconds(0)
        .setIntervalSeconds(0.05)
        .setTimeoutSeconds(20)
        .setGracePeriodSeconds(0)
        .setConsecutiveFailures(2);
  }

  @Test
  void aTaskThatFailsItsChecksIsKilledAndSaidToBeUnhealthy() {
    master.run(
        task("words", "touch ok; until test -f seen; do sleep 0.05; done; rm ok; sleep 1000")
            .setHealthCheck(
                check()
                    .setGracePeriodSeconds(60)
                    .setType(HealthCheck.Type.COMMAND)
                    .setCommand(CommandInfo.newBuilder().setValue("test -f ok && touch seen"))));
    TaskStatus killed = master.await("words", TaskState.TASK_KILLED);
    assertThat(killed.getHealthy()).isFalse();
    assertThat(killed.getMessage()).isEqualTo("Command terminated with signal Terminated");
    assertThat(killed.hasReason()).isFalse();

    var statuses = master.of("words");
    assertThat(statuses.stream().map(TaskStatus::hasHealthy))
        .containsExactly(false, false, true, true, true, true);
    assertThat(statuses.subList(2, 5).stream().map(TaskStatus::getHealthy))
        .containsExactly(true, false, false);
    assertThat(statuses.subList(2, 5))
        .allSatisfy(
            status -> {
              assertThat(status.getState()).isEqualTo(TaskState.TASK_RUNNING);
              assertThat(status.getReason())
                  .isEqualTo(TaskStatus.Reason.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED);
            });
  }

  @Test
  void aCheckThatHangsIsAFailureAndLeavesNothing() {
    master.run(
        task("words", "sleep 1000")
            .setHealthCheck(
                check()
                    .setTimeoutSeconds(0.3)
                    .setConsecutiveFailures(1)
                    .setCommand(CommandInfo.newBuilder().setValue("sleep 999"))));
    master.await("words", TaskState.TASK_KILLED);
  }

  @Test
  void aPageThatAnswersGoodOrBadIsHealth() throws IOException {
    AtomicInteger looks = new AtomicInteger();
    try (WebServer web =
        WebServer.builder()
            .route(
                "GET",
                "/health",
                (request, response) ->
                    response.status(looks.incrementAndGet() <= 3 ? 204 : 500).sendEmpty())
            .start()) {
      master.run(
          task("words", "sleep 1000")
              .setHealthCheck(
                  check()
                      .setHttp(
                          HealthCheck.HTTPCheckInfo.newBuilder()
                              .setPort(web.port())
                              .setPath("/health"))));
      master.await(
          "words", status -> status.hasHealthy() && status.getHealthy(), "a healthy status");
      master.await("words", TaskState.TASK_KILLED);
    }
  }

  @Test
  void aPortThatAnswersIsHealth() throws IOException {
    WebServer web = WebServer.builder().start();
    try {
      master.run(
          task("words", "sleep 1000")
              .setHealthCheck(
                  check().setTcp(HealthCheck.TCPCheckInfo.newBuilder().setPort(web.port()))));
      master.await(
          "words", status -> status.hasHealthy() && status.getHealthy(), "a healthy status");
    } finally {
      web.close();
    }
    master.await("words", TaskState.TASK_KILLED);
  }
}
