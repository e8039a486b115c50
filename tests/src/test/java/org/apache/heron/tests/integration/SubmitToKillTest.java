package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.heron.proto.system.PackingPlans.ContainerPlan;
import org.apache.heron.proto.system.PackingPlans.PackingPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job, from {@code heron submit} to running tuples and back to nothing. */
class SubmitToKillTest {
  private static final String MAIN = "org.apache.heron.examples.api.MultiSpoutExclamationTopology";

  @TempDir Path directory;

  @Test
  void aTopologyIsSubmittedRunsAndIsKilledWithoutATrace() throws Exception {
    try (Cluster cluster = Cluster.start(directory, 3)) {
      Heron heron = cluster.configure(Heron.in(directory));
      Topology words = new Topology(heron, cluster, "words");

      words.submit(MAIN).succeeds();
      words.awaitAllRunning();
      words.awaitTuplesFlow();
      theTreeHoldsUpstreamsNodesAndOurs(cluster);
      theSandboxHoldsBothPackages(words);
      theTasksHaveTheResourcesOfThePlan(cluster, words);

      pausedTopologiesStandStill(words);
      aRestartedContainerIsANewTask(words);

      words.command("kill").succeeds();
      nothingIsLeft(cluster, words);
      words.command("kill").failsWith(1, "words");
    }
  }

  private static void theTreeHoldsUpstreamsNodesAndOurs(Cluster cluster) throws Exception {
    try (ZooKeeperTree tree = new ZooKeeperTree(cluster.zookeeper())) {
      assertThat(tree.leaves("/heron", "words"))
          .filteredOn(path -> !path.startsWith("/heron/frameworks/words"))
          // A lock in upstream's form, held as long as a scheduler leads.
          .filteredOn(path -> !path.startsWith("/heron/locks/words__leader"))
          .containsExactly(
              "/heron/executionstate/words",
              "/heron/packingplans/words",
              "/heron/pplans/words",
              "/heron/schedulers/words",
              "/heron/tmanagers/words",
              "/heron/topologies/words");
      assertThat(tree.exists("/heron/frameworks/words")).isTrue();
    }
  }

  private static void theSandboxHoldsBothPackages(Topology words) {
    assertThat(words.sandbox(1))
        .contains(
            "heron-core",
            "heron-conf",
            "words.defn",
            "heron-examples.jar",
            "log-files",
            "stdout",
            "stderr");
  }

  private static void theTasksHaveTheResourcesOfThePlan(Cluster cluster, Topology words)
      throws Exception {
    PackingPlan plan;
    try (ZooKeeperTree tree = new ZooKeeperTree(cluster.zookeeper())) {
      plan = PackingPlan.parseFrom(tree.data("/heron/packingplans/words"));
    }
    List<JsonNode> tasks = cluster.tasks("words");
    Map<Integer, JsonNode> containers = words.containers();
    assertThat(tasks).hasSize(containers.size());
    for (ContainerPlan container : plan.getContainerPlansList()) {
      String taskId = containers.get(container.getId()).path("taskId").asText();
      JsonNode resources =
          tasks.stream()
              .filter(task -> task.path("id").asText().equals(taskId))
              .findFirst()
              .orElseThrow()
              .path("resources");
      assertThat(resources.path("cpus").asDouble())
          .isEqualTo(container.getRequiredResource().getCpu());
      assertThat(resources.path("mem").asDouble())
          .isEqualTo(Math.ceil(container.getRequiredResource().getRam() / 1048576.0));
      assertThat(resources.path("disk").asDouble())
          .isEqualTo(Math.ceil(container.getRequiredResource().getDisk() / 1048576.0));
    }
  }

  private static void pausedTopologiesStandStill(Topology words) throws Exception {
    words.command("deactivate").succeeds();
    await()
        .atMost(Topology.PATIENCE)
        .pollInterval(java.time.Duration.ofSeconds(1))
        .until(
            () -> {
              Map<String, Long> first = words.progress();
              return first.equals(words.progress());
            });
    words.command("activate").succeeds();
    words.awaitTuplesFlow();
  }

  private static void aRestartedContainerIsANewTask(Topology words) throws Exception {
    Map<Integer, JsonNode> before = words.containers();
    words.command("restart", "1").succeeds();
    await()
        .atMost(Topology.PATIENCE)
        .ignoreExceptions()
        .until(
            () ->
                !words
                    .containers()
                    .get(1)
                    .path("taskId")
                    .asText()
                    .equals(before.get(1).path("taskId").asText()));
    words.awaitAllRunning();
    words.awaitTuplesFlow();
    assertThat(words.containers().get(2).path("taskId")).isEqualTo(before.get(2).path("taskId"));
  }

  private void nothingIsLeft(Cluster cluster, Topology words) throws Exception {
    try (ZooKeeperTree tree = new ZooKeeperTree(cluster.zookeeper())) {
      assertThat(tree.leaves("/heron", "words")).isEmpty();
    }
    assertThat(words.workingDirectory()).doesNotExist();
    assertThat(cluster.frameworks(words.name())).isEmpty();
    await().atMost(Topology.PATIENCE).until(() -> words.processes().isEmpty());
    assertThat(Processes.mentioning(words.workingDirectory().toString())).isEmpty();
  }
}
