package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topology that is asked about and changed while it runs. */
class UpdateTest {
  private static final String MAIN = "org.apache.heron.examples.api.MultiSpoutExclamationTopology";

  @TempDir Path directory;

  @Test
  void aRunningTopologyGrowsAndShrinksByJustTheDifference() throws Exception {
    try (Cluster cluster = Cluster.start(directory, 2)) {
      Heron heron = cluster.configure(Heron.in(directory));
      Topology words = new Topology(heron, cluster, "words");
      thePlanFits(heron);
      words.submit(MAIN).succeeds();
      words.awaitTuplesFlow();
      Map<Integer, String> before = tasks(words);
      assertThat(before.keySet()).containsExactly(0, 1, 2);

      whatCannotBeIsRefused(words);
      growing(cluster, words, before);
      shrinking(cluster, words, before);
      theScheduler(words);

      words.command("kill").succeeds();
      try (ZooKeeperTree tree = new ZooKeeperTree(cluster.zookeeper())) {
        assertThat(tree.leaves("/heron", "words")).isEmpty();
      }
    }
  }

  private static void thePlanFits(Heron heron) throws Exception {
    Heron.Result plan =
        heron.run("plan", Topology.target(), Heron.examples().toString(), MAIN, "words").succeeds();
    assertThat(plan.out()).contains("Topology 'words'", "all 3 containers fit", "would go to ");
    Heron.Result tooLarge =
        heron.run(
            "plan",
            Topology.target(),
            Heron.examples().toString(),
            MAIN,
            "words",
            "--config-property",
            "heron.mesos.tmanager.cpu=5000");
    assertThat(tooLarge.exit()).as(tooLarge.err()).isEqualTo(3);
    assertThat(tooLarge.out()).contains("Container 0", "5000", "cpus", "remedy:");
  }

  private static void whatCannotBeIsRefused(Topology words) throws Exception {
    words
        .command("update", "--component-parallelism", "sink:2")
        .failsWith(1, "sink", "exclaim1", "word0");
    words.command("update", "--component-parallelism", "exclaim1:0").failsWith(1, "exclaim1:0");
    words
        .command("update", "--component-parallelism", "exclaim1:2")
        .failsWith(1, "Not taking action");
    words.command("update", "--container-number", "99").failsWith(1, "99");
    assertThat(words.command("update", "--container-number", "many").exit()).isEqualTo(2);
    words.command("explain", "9").failsWith(1, "no container 9");
  }

  private static void growing(Cluster cluster, Topology words, Map<Integer, String> before)
      throws Exception {
    Heron.Result shown =
        words.command("update", "--component-parallelism", "exclaim1:6", "--dry-run").succeeds();
    assertThat(shown.out()).contains("Container 3 NEW");
    assertThat(tasks(words)).isEqualTo(before);

    words.command("update", "--component-parallelism", "exclaim1:6").succeeds();

    Map<Integer, String> after = tasks(words);
    assertThat(after.keySet()).containsExactly(0, 1, 2, 3);
    assertThat(after).containsAllEntriesOf(before);
    assertThat(cluster.tasks("words")).hasSize(4);
    words.awaitTuplesFlow();
  }

  private static void shrinking(Cluster cluster, Topology words, Map<Integer, String> before)
      throws Exception {
    words.command("update", "--component-parallelism", "exclaim1:2").succeeds();

    assertThat(tasks(words)).isEqualTo(before);
    assertThat(cluster.tasks("words")).hasSize(3);
    words.awaitTuplesFlow();
  }

  private static void theScheduler(Topology words) throws Exception {
    assertThat(words.command("explain").succeeds().out())
        .contains("Topology 'words': none of 3 containers waits");
    JsonNode explanation =
        new ObjectMapper().readTree(words.command("explain", "1", "--json").succeeds().out());
    assertThat(explanation.path("containers")).hasSize(1);
    assertThat(explanation.path("containers").get(0).path("state").asText()).isEqualTo("RUNNING");

    assertThat(words.command("history", "3").exit()).as("container 3 is forgotten").isEqualTo(1);
    assertThat(words.command("history", "1").succeeds().out())
        .contains("as told by the scheduler at", "LAUNCHED", "RUNNING");

    Map<Integer, String> before = tasks(words);
    assertThat(words.command("restart").succeeds().err()).contains("of 3 restarted");
    Map<Integer, String> after = tasks(words);
    assertThat(after.keySet()).isEqualTo(before.keySet());
    assertThat(after.values()).doesNotContainAnyElementsOf(before.values());
    words.awaitTuplesFlow();
  }

  private static Map<Integer, String> tasks(Topology topology) {
    topology.awaitAllRunning();
    Map<Integer, String> tasks = new TreeMap<>();
    topology.containers().forEach((id, c) -> tasks.put(id, c.path("taskId").asText()));
    return tasks;
  }
}
