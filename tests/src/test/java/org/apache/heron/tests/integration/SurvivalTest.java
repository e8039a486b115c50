package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes on when a process is lost. */
class SurvivalTest {
  private static final String MAIN = "org.apache.heron.examples.api.MultiSpoutExclamationTopology";

  @TempDir Path directory;

  @Test
  void theLossOfAContainerASchedulerOrAnAgentIsMended() throws Exception {
    try (Cluster cluster = Cluster.start(directory, 3)) {
      Heron heron = cluster.configure(Heron.in(directory));
      Topology birds = new Topology(heron, cluster, "birds");
      birds.submit(MAIN).succeeds();
      birds.awaitAllRunning();
      birds.awaitTuplesFlow();

      aKilledContainerComesBackAfterABackOffThatIsShown(cluster, birds);
      aKilledSchedulerIsResumedAndStartsNothing(cluster, birds);
      if (cluster.isEmbedded()) {
        containersOfALostAgentComeBackElsewhere(cluster, birds);
      }

      birds.command("kill").succeeds();
    }
  }

  private static void aKilledContainerComesBackAfterABackOffThatIsShown(
      Cluster cluster, Topology birds) {
    String before = birds.containers().get(2).path("taskId").asText();

    if (cluster.isEmbedded()) {
      Processes.crash(birds.executor(2));
    } else {
      // Its process is another machine's.
      birds.killThroughShell(2);
    }

    await()
        .atMost(Topology.PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              JsonNode container = birds.containers().get(2);
              assertThat(container.path("reason").asText()).isNotEmpty();
              assertThat(
                      container.path("retryAt").asLong() > 0
                          || !container.path("taskId").asText().equals(before))
                  .isTrue();
            });
    birds.awaitAllRunning();
    assertThat(birds.containers().get(2).path("taskId").asText()).isNotEqualTo(before);
    birds.awaitTuplesFlow();
  }

  private static void aKilledSchedulerIsResumedAndStartsNothing(Cluster cluster, Topology birds)
      throws Exception {
    Map<Integer, String> tasks = taskIds(birds);
    String framework = birds.status().path("frameworkId").asText();

    Processes.crash(birds.scheduler());
    Map<String, Long> counts = new TreeMap<>();
    birds.resume().succeeds();

    birds.awaitAllRunning();
    counts.putAll(birds.progress());
    assertThat(birds.status().path("frameworkId").asText()).isEqualTo(framework);
    assertThat(taskIds(birds)).isEqualTo(tasks);
    assertThat(cluster.tasks("birds")).hasSize(tasks.size());
    birds.awaitTuplesFlow();
    assertThat(counts).isNotEmpty();
  }

  private static void containersOfALostAgentComeBackElsewhere(Cluster cluster, Topology birds) {
    String lost = birds.containers().get(1).path("agentId").asText();

    cluster.killAgent(lost);

    await()
        .atMost(Topology.PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(birds.containers().values())
                    .allSatisfy(
                        container -> {
                          assertThat(container.path("state").asText()).isEqualTo("RUNNING");
                          assertThat(container.path("agentId").asText()).isNotEqualTo(lost);
                        }));
    birds.awaitTuplesFlow();
  }

  private static Map<Integer, String> taskIds(Topology topology) {
    Map<Integer, String> ids = new TreeMap<>();
    topology
        .containers()
        .forEach((id, container) -> ids.put(id, container.path("taskId").asText()));
    return ids;
  }
}
