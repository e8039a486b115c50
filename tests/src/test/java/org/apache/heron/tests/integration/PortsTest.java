package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents whose port ranges are small or in pieces. */
class PortsTest {
  private static final String MAIN = "org.apache.heron.examples.api.ExclamationTopology";

  @TempDir Path directory;

  @Test
  void tooFewPortsAreSaidAndScatteredOnesSuffice() throws Exception {
    try (Cluster cluster =
        Cluster.startWith(
            directory, "cpus:8;mem:16384;disk:65536;ports:[31000-31004,31010-31014]")) {
      Heron heron = cluster.configure(Heron.in(directory));
      Topology topology = new Topology(heron, cluster, "narrow");

      topology
          .submit(MAIN, "--config-property", "heron.mesos.submit.timeout.seconds=20")
          .failsWith(1, "ports");

      try (ZooKeeperTree tree = new ZooKeeperTree(cluster.zookeeper())) {
        assertThat(tree.leaves("/heron", "narrow")).isEmpty();
      }
    }
    try (Cluster cluster =
        Cluster.startWith(
            directory.resolve("second"),
            "cpus:8;mem:16384;disk:65536;ports:[31100-31103,31110-31113,31120-31123,31130-31135]")) {
      Heron heron = cluster.configure(Heron.in(directory.resolve("second")));
      Topology topology = new Topology(heron, cluster, "scattered");

      topology.submit(MAIN).succeeds();

      topology.awaitTuplesFlow();
      topology.command("kill").succeeds();
    }
  }
}
