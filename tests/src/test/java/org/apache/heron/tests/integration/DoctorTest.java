package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code heron doctor} of the installation, on a cluster with what others have left. */
class DoctorTest {
  private static final String ROLE = System.getProperty("user.name");

  @TempDir Path directory;

  @Test
  void whatADeadTopologyHasLeftIsRemovedAndAnAgentFetchesTheCorePackage() throws Exception {
    try (Cluster cluster = Cluster.start(directory, 1);
        ZooKeeperTree tree = new ZooKeeperTree(cluster.zookeeper())) {
      Heron heron = cluster.configure(Heron.in(directory));
      Topology dead = new Topology(heron, cluster, "dead");
      Path repository = leftBehind(dead, heron, tree);

      Heron.Result said =
          heron.run("doctor", "mesos/" + ROLE, "--fetch", "--fix", "--yes").succeeds();

      assertThat(said.out())
          .contains("of dead there is only executionstate, locks left: Mesos has never given")
          .contains("removed what was left of dead")
          .containsPattern("ok +fetch ")
          .containsPattern("ok +uploader +uploaded to ")
          .containsPattern("ok +ports ")
          .containsPattern("ok +clock ");
      assertThat(tree.leaves("/heron", "dead")).isEmpty();
      assertThat(dead.workingDirectory()).doesNotExist();
      assertThat(repository).doesNotExist();
      assertThat(cluster.frameworks("doctor")).isEmpty();
      assertThat(Pages.json(cluster.master(), "/state").path("frameworks")).isEmpty();

      cluster.faulty().stopLeader();
      said = heron.run("doctor", "mesos/" + ROLE);
      assertThat(said.exit()).isEqualTo(1);
      assertThat(said.out()).containsPattern("FAIL +master ").contains("-> start the master, or");
    }
  }

  /** As after a machine was lost whose topology Mesos has given up since; returns its package. */
  private static Path leftBehind(Topology dead, Heron heron, ZooKeeperTree tree) throws Exception {
    tree.create(
        "/heron/executionstate/dead",
        ExecutionState.newBuilder()
            .setTopologyName("dead")
            .setTopologyId("dead-1")
            .setSubmissionTime(Instant.now().minusSeconds(3600).getEpochSecond())
            .setCluster("mesos")
            .setRole(ROLE)
            .setEnviron("default")
            .build()
            .toByteArray());
    tree.create("/heron/locks/dead__updateTopology/leases", new byte[0]);
    Path directory = Files.createDirectories(dead.workingDirectory().resolve("heron-conf"));
    Files.writeString(directory.resolveSibling("dead.defn"), "definition");
    Path repository =
        heron
            .userHome()
            .resolve(".herondata/repository/topologies/mesos")
            .resolve(ROLE)
            .resolve("dead");
    Files.createDirectories(repository);
    Files.writeString(repository.resolve("dead-" + ROLE + "-tag-0.tar.gz"), "package");
    return repository;
  }
}
