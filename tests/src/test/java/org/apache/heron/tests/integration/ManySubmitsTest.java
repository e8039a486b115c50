package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
 * long it took and what memory the server used at most.
 */
@Tag("soak")
class ManySubmitsTest {
  private static final String MAIN = "org.apache.heron.examples.api.ExclamationTopology";
  private static final int TOPOLOGIES = Integer.getInteger("topologies", 32);
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  @TempDir Path directory;

  @Test
  void allThatAreSubmittedAtOnceRunAndAreKilled() throws Exception {
    try (Cluster cluster =
        Cluster.startWith(
            directory,
            "cpus:1000;mem:1000000;disk:10000000;ports:[20000-"
                + (20_000 + 40 * TOPOLOGIES)
                + "]")) {
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
      long begin = System.nanoTime();
      all(heron, server, "submit");
      long submitted = System.nanoTime();
      assertThat(Pages.json(cluster.master(), "/state").path("frameworks")).hasSize(TOPOLOGIES);
      long peak = peakKilobytes(server.handle());

      all(heron, server, "kill");
      long killed = System.nanoTime();
      peak = Math.max(peak, peakKilobytes(server.handle()));
      server.end();
      nothingIsLeft(cluster, heron);
      System.out.printf(
          "%d topologies: all run after %d s, all killed after %d s more; peak RSS of the API"
              + " server %d MiB%n",
          TOPOLOGIES,
          Duration.ofNanos(submitted - begin).toSeconds(),
          Duration.ofNanos(killed - submitted).toSeconds(),
          peak / 1024);
    }
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
      processes.add(heron.start(words, Map.of()));
    }
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> processes.stream().noneMatch(Process::isAlive));
    for (Process process : processes) {
      assertThat(process.exitValue()).as(heron.read(process, "err")).isZero();
    }
  }

  private static long peakKilobytes(ProcessHandle handle) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(handle.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
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
