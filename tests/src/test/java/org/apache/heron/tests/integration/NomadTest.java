package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.heron.scheduler.nomad.Node;
import org.apache.heron.scheduler.nomad.RealTasks;
import org.apache.heron.scheduler.nomad.StandInNomad;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topology on Nomad, whose server is a stand-in and whose tasks are real processes. */
class NomadTest {
  private static final String MAIN = "org.apache.heron.examples.api.MultiSpoutExclamationTopology";
  private static final String TARGET = "nomad/ada/devel";

  @TempDir Path directory;

  @Test
  void aTopologyIsSubmittedRunsIsRestartedAndKilledWithoutATrace() throws Exception {
    try (RealTasks tasks = new RealTasks();
        StandInNomad nomad = new StandInNomad(tasks).with(Node.large("localhost"))) {
      tasks.runIn(directory.resolve("alloc"));
      Heron heron = configured(nomad);

      Heron.Result submit =
          heron
              .run("submit", TARGET, Heron.examples().toString(), MAIN, "words", "--verbose")
              .succeeds();

      List<String> jobs = nomad.jobs();
      assertThat(jobs).hasSizeGreaterThan(1);
      assertThat(submit.out() + submit.err()).contains(nomad.uri() + "/ui/jobs/" + jobs.get(0));
      awaitTuplesFlow(nomad, jobs);
      Heron.Result explained = heron.run("explain", TARGET, "words").succeeds();
      assertThat(explained.out()).contains("none of").contains("on localhost, allocation");

      heron.run("restart", TARGET, "words", "1").succeeds();
      awaitTuplesFlow(nomad, jobs);

      heron.run("kill", TARGET, "words").succeeds();
      assertThat(nomad.jobs()).isEmpty();
      assertThat(tasks.alive()).isZero();
      assertThat(files(heron.userHome().resolve(".herondata"))).isEmpty();
      heron.run("kill", TARGET, "words").failsWith(1, "Topology 'words' does not exist");
    }
  }

  @Test
  void aServerThatIsNotThereLeavesNothing() throws Exception {
    StandInNomad nomad = new StandInNomad(new RealTasks());
    nomad.close();
    Heron heron = configured(nomad);
    heron
        .run("submit", TARGET, Heron.examples().toString(), MAIN, "words")
        .failsWith(1, "no Nomad server answers (heron.nomad.scheduler.uri, from", nomad.uri());
    assertThat(files(heron.userHome().resolve(".herondata"))).isEmpty();
  }

  private Heron configured(StandInNomad nomad) throws IOException {
    return Heron.in(directory)
        .configure(
            "nomad",
            "scheduler.yaml",
            Map.of(
                "heron.nomad.scheduler.uri", nomad.uri(),
                "heron.nomad.driver", "raw_exec",
                "heron.directory.sandbox.java.home", "${JAVA_HOME}",
                "heron.nomad.metrics.service.register", "False"))
        .configure(
            "nomad",
            "statemgr.yaml",
            Map.of(
                "heron.class.state.manager",
                "org.apache.heron.statemgr.localfs.LocalFileSystemStateManager",
                "heron.statemgr.connection.string",
                "LOCALMODE",
                "heron.statemgr.root.path",
                "${HOME}/.herondata/state"))
        .configure(
            "nomad",
            "uploader.yaml",
            Map.of(
                "heron.class.uploader",
                "org.apache.heron.uploader.localfs.LocalFileSystemUploader",
                "heron.uploader.localfs.file.system.directory",
                "${HOME}/.herondata/packages"));
  }

  /** Files of a topology; the state's tree itself, with its guard against writers, may stay. */
  private static List<String> files(Path root) throws IOException {
    if (!Files.exists(root)) {
      return List.of();
    }
    try (Stream<Path> tree = Files.walk(root)) {
      return tree.filter(Files::isRegularFile)
          .map(Path::toString)
          .filter(name -> !name.endsWith("/.guard"))
          .toList();
    }
  }

  /** Waits until every component's counter is higher than when it was first seen. */
  private static void awaitTuplesFlow(StandInNomad nomad, List<String> jobs) {
    Map<String, Long> before = new TreeMap<>();
    await()
        .atMost(Topology.PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              Map<String, Long> now = progress(nomad, jobs);
              if (!before.keySet().equals(now.keySet())) {
                before.clear();
                before.putAll(now);
              }
              assertThat(now).hasSizeGreaterThan(1);
              now.forEach(
                  (component, count) ->
                      assertThat(count).as(component).isGreaterThan(before.get(component)));
            });
  }

  private static Map<String, Long> progress(StandInNomad nomad, List<String> jobs) {
    Map<String, Long> sums = new TreeMap<>();
    for (String job : jobs.subList(1, jobs.size())) {
      String shell = "127.0.0.1:" + nomad.port(job, "shell_port");
      for (JsonNode instance : Pages.json(shell, "/counters").path("instances")) {
        boolean spout = instance.path("kind").asText().equals("SPOUT");
        long sum = 0;
        for (JsonNode value : instance.path(spout ? "emitted" : "executed")) {
          sum += value.asLong();
        }
        sums.merge(instance.path("component").asText(), sum, Long::sum);
      }
    }
    return sums;
  }
}
