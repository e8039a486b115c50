package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code heron cluster}, after the process of the cluster was killed. */
@Tag("soak")
class ClusterReturnTest {
  private static final String MAIN = "org.apache.heron.examples.api.MultiSpoutExclamationTopology";

  @TempDir Path directory;

  @Test
  void aClusterThatWasKilledIsBroughtBackWithTheTopologyThatRanOnIt() throws Exception {
    Heron heron = Heron.in(directory);
    heron.run("cluster", "start", "--agents=2", "--port=0", "--zookeeper-port=0").succeeds();
    JsonNode before = status(heron);
    try (Cluster cluster =
        Cluster.at(directory, before.path("master").asText(), before.path("zookeeper").asText())) {
      cluster.configure(heron);
      Topology phoenix = new Topology(heron, cluster, "phoenix");
      phoenix.submit(MAIN).succeeds();
      Map<Integer, List<ProcessHandle>> containers = phoenix.executors();
      assertThat(containers).isNotEmpty();

      crash(before);
      heron.run("cluster", "status").failsWith(1, "no cluster runs");
      heron
          .run("cluster", "start", "--agents=5")
          .failsWith(1, "--agents=2", "heron cluster start", "heron cluster stop");
      heron.run("cluster", "start").succeeds();

      JsonNode after = status(heron);
      assertThat(after.path("master")).isEqualTo(before.path("master"));
      assertThat(after.path("zookeeper")).isEqualTo(before.path("zookeeper"));
      await()
          .atMost(Topology.PATIENCE)
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(cluster.tasks("phoenix")).hasSize(containers.size()));
      phoenix.awaitAllRunning();
      phoenix.awaitTuplesFlow();
      assertThat(phoenix.executors()).isEqualTo(containers);

      crash(after);
      phoenix.schedulers().forEach(Processes::crash);
      assertThat(phoenix.executors()).isNotEmpty();
      heron.run("cluster", "stop").succeeds();
      assertThat(phoenix.executors()).isEmpty();
      assertThat(heron.userHome().resolve(".herondata/cluster")).doesNotExist();
    }
  }

  private static JsonNode status(Heron heron) throws Exception {
    return new ObjectMapper().readTree(heron.run("cluster", "status", "--json").succeeds().out());
  }

  private static void crash(JsonNode cluster) {
    Processes.crash(ProcessHandle.of(cluster.path("pid").asLong()).orElseThrow());
  }
}
