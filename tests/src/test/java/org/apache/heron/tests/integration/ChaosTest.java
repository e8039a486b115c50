package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes are killed in any order while a topology runs. A failure names its seed; {@code
 * -Dchaos.seed=N} repeats the order of the calamities, though not the moments at which they come.
 */
class ChaosTest {
  private static final String MAIN = "org.apache.heron.examples.api.MultiSpoutExclamationTopology";

  // How long a standby waits for a leader that says nothing any more.
  private static final String SESSION_MILLIS = "4000";
  private static final String BACK_OFF_MILLIS = "2000";

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path directory;

  /** In a cluster within this process, where calamities are quick: one of each kind. */
  @Test
  void aTopologySurvivesOneCalamityOfEachKind() throws Exception {
    try (Cluster cluster = Cluster.start(directory, 3)) {
      assumeThat(cluster.isEmbedded()).as("faults are made in the embedded cluster").isTrue();
      int kinds = cluster.faults().possible().size();
      calamities(cluster, Integer.getInteger("chaos.strikes", kinds), Duration.ofHours(1));
    }
  }

  /** Each part of the cluster is a process here, which dies of kill -9 or stands still a while. */
  @Test
  @Tag("soak")
  void aTopologySurvivesMinutesOfCalamitiesOfRealProcesses() throws Exception {
    try (Cluster cluster = Cluster.ofProcesses(directory, 3)) {
      calamities(
          cluster, Integer.MAX_VALUE, Duration.ofSeconds(Integer.getInteger("chaos.seconds", 300)));
    }
  }

  private void calamities(Cluster cluster, int strikes, Duration time) throws Exception {
    long seed = Long.getLong("chaos.seed", new SplittableRandom().nextInt(1_000_000));
    System.out.println("chaos.seed=" + seed);
    Heron heron = cluster.configure(Heron.in(directory));
    // Who is struck every few seconds would soon be retried every few minutes only.
    heron.configure(
        "mesos", "scheduler.yaml", Map.of("heron.mesos.backoff.max.ms", BACK_OFF_MILLIS));
    heron.configure(
        "mesos",
        "statemgr.yaml",
        Map.of("heron.statemgr.zookeeper.session.timeout.ms", SESSION_MILLIS));
    Topology storm = new Topology(heron, cluster, "storm");
    try (Faults faults = cluster.faults()) {
      storm.submit(MAIN).succeeds();
      storm.standBy();
      Chaos chaos = new Chaos(cluster, faults, storm, seed);
      try {
        storm.awaitAllRunning();
        JsonNode status =
            await().atMost(PATIENCE).ignoreExceptions().until(storm::status, Objects::nonNull);
        String framework = status.path("frameworkId").asText();
        TreeSet<Integer> wanted = new TreeSet<>();
        status.path("containers").forEach(each -> wanted.add(each.path("id").asInt()));
        long end = System.nanoTime() + time.toNanos();
        for (int i = 0; i < strikes && System.nanoTime() - end < 0; i++) {
          chaos.strike();
        }
        chaos.nothingIsMissingTwiceOrLeftBehind(framework, wanted);
        storm.awaitTuplesFlow();
        storm.command("kill").succeeds();
        chaos.nothingIsLeft();
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            "chaos.seed=" + seed + "\n" + String.join("\n", chaos.timeline()), e);
      }
    }
  }
}
