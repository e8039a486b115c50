package org.apache.heron.scheduler.mesos;

import static org.apache.heron.scheduler.mesos.WordsOnACluster.awaitAllRunning;
import static org.apache.heron.scheduler.mesos.WordsOnACluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.TopologyHistory;
import org.apache.heron.spi.scheduler.TopologyHistory.Happening;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scheduler says when it is asked. */
class QuestionsTest {
  @TempDir private Path directory;
  private WordsOnACluster words;

  @BeforeEach
  void start() throws IOException {
    words =
        WordsOnACluster.start(directory, cluster -> cluster.agents(1))
            .with("heron.mesos.gang.wait.ms", 0);
  }

  @AfterEach
  void stop() {
    words.close();
  }

  @Test
  void aContainerThatFitsNowhereIsExplainedAndTheOthersToo() throws Exception {
    MesosScheduler scheduler = words.schedule(Words.plan(1, 500));
    eventually()
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
    MesosScheduler scheduler = words.schedule(Words.plan(1, 0.2));
    awaitAllRunning(scheduler);
    eventually()
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
