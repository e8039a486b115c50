package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.heron.minicluster.zookeeper.EmbeddedZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers as processes of this host, with shared state in ZooKeeper. */
class LocalZooKeeperTest {
  private static final String MAIN = "org.apache.heron.examples.api.ExclamationTopology";
  private static final String PLACE = "localzk/ada/devel";
  private static final String NAME = "inzk";

  @TempDir Path temporary;

  @Test
  void aTopologyOutlivesItsSchedulerAndIsKilledWithoutATrace() throws Exception {
    Path directory = temporary.toRealPath();
    try (EmbeddedZooKeeper zookeeper = EmbeddedZooKeeper.start(directory.resolve("zk"), 0);
        ZooKeeperTree tree = new ZooKeeperTree(zookeeper.connectString())) {
      Heron heron =
          Heron.in(directory)
              .configure(
                  "localzk",
                  "statemgr.yaml",
                  Map.of("heron.statemgr.connection.string", zookeeper.connectString()));
      heron.run("submit", PLACE, Heron.examples().toString(), MAIN, NAME).succeeds();
      try {
        assertThat(tree.leaves("/heron", NAME))
            .contains("/heron/topologies/" + NAME, "/heron/schedulers/" + NAME);
        Map<String, Long> before = containers(directory);
        assertThat(before).containsOnlyKeys("0", "1");

        Processes.mentioning("org.apache.heron.scheduler.SchedulerMain").stream()
            .filter(Processes.mentioning(directory.toString())::contains)
            .forEach(Processes::crash);
        noKillClaimsToHaveEndedWhatRunsElsewhere(heron, directory);
        assertThat(tree.leaves("/heron", NAME))
            .contains("/heron/topologies/" + NAME, "/heron/executionstate/" + NAME);
        assertThat(containers(directory)).isEqualTo(before);
        heron.run("scheduler", "resume", PLACE, NAME).succeeds();

        assertThat(heron.run("explain", PLACE, NAME).succeeds().out())
            .contains("none of 2 containers waits");
        assertThat(containers(directory)).isEqualTo(before);
      } finally {
        heron.run("kill", PLACE, NAME).succeeds();
      }
      assertThat(tree.leaves("/heron", NAME)).isEmpty();
      assertThat(directory.resolve("home/.herondata/topologies/localzk/ada/" + NAME))
          .doesNotExist();
      await()
          .atMost(Topology.PATIENCE)
          .until(() -> Processes.mentioning(directory.toString()).isEmpty());
    }
  }

  private static void noKillClaimsToHaveEndedWhatRunsElsewhere(Heron heron, Path directory)
      throws Exception {
    Path other = directory.resolve("elsewhere");
    heron
        .run(
            "kill",
            PLACE,
            NAME,
            "--config-property",
            "heron.scheduler.local.working.directory=" + other)
        .failsWith(1, directory.resolve("home/.herondata/topologies/localzk/ada/" + NAME) + " ");
  }

  /** The process of each container. */
  private static Map<String, Long> containers(Path directory) {
    Map<String, Long> found = new TreeMap<>();
    for (ProcessHandle handle : Processes.mentioning("HERON_TOPOLOGY=" + NAME)) {
      boolean ours = Processes.mentioning(directory.toString()).contains(handle);
      if (ours && handle.children().findAny().isEmpty()) {
        Processes.variable(handle, "HERON_CONTAINER").ifPresent(id -> found.put(id, handle.pid()));
      }
    }
    return found;
  }
}
