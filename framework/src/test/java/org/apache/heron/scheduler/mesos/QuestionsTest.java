package org.apache.heron.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.minicluster.MiniCluster;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.TopologyHistory;
import org.apache.heron.spi.scheduler.TopologyHistory.Happening;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scheduler says when it is asked. */
class QuestionsTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path directory;
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
    Packages.core(directory, Packages.EXECUTOR);
    Packages.archive(directory.resolve("topology.tar.gz"), Map.of("words.defn", "words"));
  }

  @AfterEach
  void stop() {
    scheduler.close();
    cluster.close();
  }

  private Map<String, Object> values() {
    Map<String, Object> values = new HashMap<>();
    values.put("heron.mesos.master.uri", cluster.masterUri());
    values.put("heron.statemgr.connection.string", cluster.zooKeeper().connectString());
    values.put("heron.mesos.gang.wait.ms", 0);
    return values;
  }

  private void schedule(PackingPlan plan) {
    scheduler = new MesosScheduler();
    scheduler.initialize(
        new SchedulerContext(
            Words.config(values()),
            Words.topology("words-id"),
            null,
            directory,
            Map.of(
                "heron.package.core.uri",
                directory.resolve("heron-core.tar.gz").toUri().toString(),
                "heron.package.topology.uri",
                directory.resolve("topology.tar.gz").toString()),
            false));
    scheduler.onSchedule(() -> plan);
  }

  @Test
  void aContainerThatFitsNowhereIsExplainedAndTheOthersToo() throws Exception {
    schedule(Words.plan(1, 500));
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(scheduler.explain())
                    .hasValueSatisfying(
                        now -> {
                          assertThat(now.containers()).hasSize(2);
                          assertThat(now.containers().get(0).state()).isEqualTo("RUNNING");
                          assertThat(now.containers().get(1).verdicts()).isNotEmpty();
                        }));
    Explanation explanation = scheduler.explain().orElseThrow();
    assertThat(explanation.problem()).isEmpty();
    Explanation.Container waiting = explanation.containers().get(1);
    assertThat(waiting.state()).isEqualTo("WAITING");
    assertThat(waiting.line()).contains("cpus");
    assertThat(waiting.needs())
        .contains(new Explanation.Quantity("cpus", 500), new Explanation.Quantity("ports", 9));
    assertThat(waiting.verdicts().get(0).lacks())
        .singleElement()
        .satisfies(lack -> assertThat(lack.resource()).isEqualTo("cpus"));
    assertThat(waiting.remedies()).isNotEmpty();
    assertThat(explanation.containers().get(0).line()).startsWith("on ");
    assertThat(explanation.market().lastRound()).isPositive();
    assertThat(explanation.market().agents()).isEqualTo(1);
  }

  @Test
  void theHistoryTellsOfEachContainer() throws Exception {
    schedule(Words.plan(1, 0.2));
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(scheduler.status()).matches(SchedulerStatus::allRunning));
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(kinds(scheduler.history().orElseThrow(), 1))
                    .containsSubsequence("LAUNCHED", "RUNNING"));
    TopologyHistory told = scheduler.history().orElseThrow();
    assertThat(told.framework()).isNotEmpty();
  }

  private static List<String> kinds(TopologyHistory history, int container) {
    return history.containers().get(container).happenings().stream().map(Happening::kind).toList();
  }
}
