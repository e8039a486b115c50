package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 32 topologies at once through one API server: all run, all are killed, nothing is left. Says how
 * long it took, and what memory the server, the schedulers and the containers used. Their spouts
 * are paused, or the tuples of so many would take all that a small machine has; {@code
 * -Dtopologies.active=true} lets them go.
 */
@Tag("soak")
class ManySubmitsTest {
  private static final String MAIN = "org.apache.heron.examples.api.ExclamationTopology";
  private static final int TOPOLOGIES = Integer.getInteger("topologies", 32);
  private static final boolean ACTIVE = Boolean.getBoolean("topologies.active");
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  @TempDir Path directory;

  @Test
  void allThatAreSubmittedAtOnceRunAndAreKilled() throws Exception {
    try (Cluster cluster =
        Cluster.startWith(
            directory,
            // Below the ports of the system's own choice, above those of the other tests.
            "cpus:1000;mem:1000000;disk:10000000;ports:[31000-32767]")) {
      Heron heron = cluster.configure(Heron.in(directory));
      heron.configure(
          "mesos",
          "scheduler.yaml",
          Map.of(
              "heron.mesos.submit.timeout.seconds",
              "1500",
              "heron.mesos.tmanager.ram",
              String.valueOf(256L << 20)));
      ApiProcess server =
          ApiProcess.start(
              heron, "mesos", heron.conf("mesos"), directory, "--submits", "4", "--commands", "4");
      try {
        String said = theWholeStory(cluster, heron, server);
        server.end();
        nothingIsLeft(cluster, heron);
        System.out.println(said);
      } finally {
        server.handle().destroy();
      }
    }
  }

  private String theWholeStory(Cluster cluster, Heron heron, ApiProcess server) throws Exception {
    long begin = System.nanoTime();
    all(heron, server, "submit");
    long submitted = System.nanoTime();
    assertThat(Pages.json(cluster.master(), "/state").path("frameworks")).hasSize(TOPOLOGIES);
    assertThat(runningTasks(cluster)).isEqualTo(2L * TOPOLOGIES);
    String memory = memory(server);

    all(heron, server, "kill");
    long killed = System.nanoTime();
    return "%d topologies: all run after %d s, all killed after %d s more%n%sAPI server after the kills: %s"
        .formatted(
            TOPOLOGIES,
            Duration.ofNanos(submitted - begin).toSeconds(),
            Duration.ofNanos(killed - submitted).toSeconds(),
            memory,
            Resident.of(server.handle()).text());
  }

  /** One command for each topology, all at once; each succeeds. */
  private void all(Heron heron, ApiProcess server, String command) throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < TOPOLOGIES; i++) {
      List<String> words = new ArrayList<>(List.of(command, Topology.target()));
      if (command.equals("submit")) {
        words.addAll(List.of(Heron.examples().toString(), MAIN));
      }
      words.addAll(List.of("many" + i, "--service-url", server.url()));
      if (command.equals("submit") && !ACTIVE) {
        words.add("--deploy-deactivated");
      }
      processes.add(heron.start(words, Map.of()));
    }
    try {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> processes.stream().noneMatch(Process::isAlive));
    } finally {
      processes.forEach(Process::destroy);
    }
    for (Process process : processes) {
      assertThat(process.exitValue()).as(heron.read(process, "err")).isZero();
    }
  }

  /** Those that run. */
  private static long runningTasks(Cluster cluster) {
    long running = 0;
    for (JsonNode framework : Pages.json(cluster.master(), "/state").path("frameworks")) {
      for (JsonNode task : framework.path("tasks")) {
        running += task.path("state").asText().equals("TASK_RUNNING") ? 1 : 0;
      }
    }
    return running;
  }

  private String memory(ApiProcess server) throws IOException {
    return "API server: "
        + Resident.of(server.handle()).text()
        + "\n"
        + Resident.text("scheduler processes", residents("SchedulerMain"))
        + "\n"
        + Resident.text("containers", residents("HERON_TOPOLOGY=many"))
        + "\n";
  }

  /** Of the test's own JVMs that mention this. */
  private List<Resident> residents(String mark) throws IOException {
    List<ProcessHandle> ours = Processes.mentioning(directory.toString());
    List<Resident> found = new ArrayList<>();
    for (ProcessHandle handle : Processes.mentioning(mark)) {
      if (ours.contains(handle)
          && Path.of(Processes.words(handle).get(0)).endsWith("java")
          && handle.children().findAny().isEmpty()) {
        found.add(Resident.of(handle));
      }
    }
    return found;
  }

  private void nothingIsLeft(Cluster cluster, Heron heron) throws Exception {
    try (ZooKeeperTree tree = new ZooKeeperTree(cluster.zookeeper())) {
      assertThat(tree.leaves("/heron", "many")).isEmpty();
    }
    assertThat(Pages.json(cluster.master(), "/state").path("frameworks")).isEmpty();
    try (Stream<Path> files = Files.walk(heron.userHome().resolve(".herondata"))) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
    await()
        .atMost(Topology.PATIENCE)
        .until(
            () ->
                Processes.mentioning("SchedulerMain").stream()
                    .filter(handle -> Processes.mentioning(directory.toString()).contains(handle))
                    .findAny()
                    .isEmpty());
  }
}
