package org.apache.heron.scheduler.mesos;

import static org.apache.heron.scheduler.mesos.WordsOnACluster.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.heron.minicluster.operator.Operator;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole framework while an operator takes its agents away, in order. */
class MesosSchedulerMaintenanceTest {
  @TempDir private Path directory;
  private WordsOnACluster words;
  private MesosScheduler scheduler;

  @BeforeEach
  void start() throws IOException {
    words = WordsOnACluster.start(directory, cluster -> cluster.agents(2));
  }

  @AfterEach
  void stop() {
    words.close();
  }

  private List<String> awaitAllRunningOn(List<String> hosts) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              SchedulerStatus status = scheduler.status();
              assertThat(status).matches(SchedulerStatus::allRunning);
              assertThat(status.containers()).allMatch(each -> hosts.contains(each.hostname()));
            });
    return scheduler.status().containers().stream()
        .map(SchedulerStatus.Container::hostname)
        .toList();
  }

  private List<String> hosts() {
    return words.cluster().agents().stream().map(agent -> agent.hostname()).toList();
  }

  @Test
  void containersLeaveAnAgentThatIsDrainedAndOneThatIsToBeMaintained() throws Exception {
    Operator operator = words.cluster().operator();
    String first = hosts().get(0);
    String second = hosts().get(1);
    scheduler = words.schedule(Words.plan(2, 0.2));
    assertThat(awaitAllRunningOn(hosts())).contains(first, second);

    operator.drain(operator.agentId(first), Optional.of(Duration.ofSeconds(5)), false);
    awaitAllRunningOn(List.of(second));
    assertThat(scheduler.status().containers())
        .as("a drained container has not failed")
        .allMatch(each -> each.attempt() <= 2);

    operator.reactivate(operator.agentId(first));
    await().atMost(LIMIT).until(() -> operator.agent(first).orElseThrow().getActive());
    List<Integer> attempts = attempts();
    operator.maintain(Instant.now().plusSeconds(120), Duration.ofHours(1), second);
    awaitAllRunningOn(List.of(first));
    assertThat(attempts()).isEqualTo(attempts.stream().map(each -> each + 1).toList());

    assertThat(scheduler.onKill().ok()).isTrue();
    assertThat(words.cluster().leader().frameworks()).isEmpty();
  }

  private List<Integer> attempts() {
    return scheduler.status().containers().stream()
        .map(SchedulerStatus.Container::attempt)
        .toList();
  }
}
