package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command against an Aurora whose instances are real containers. */
class AuroraTest {
  private static final String MAIN = "org.apache.heron.examples.api.ExclamationTopology";
  private static final String PLACE = "aurora/ada/devel";

  @TempDir Path directory;
  private AuroraHost aurora;
  private Heron heron;

  private Heron.Result run(String command, String... rest) throws Exception {
    List<String> words = new ArrayList<>(List.of(command, PLACE));
    words.addAll(List.of(rest));
    Process process = heron.start(words, aurora.environment());
    assertThat(process.waitFor(4, TimeUnit.MINUTES)).as("heron %s ends", words).isTrue();
    return new Heron.Result(
        process.exitValue(), heron.read(process, "out"), heron.read(process, "err"), words);
  }

  @Test
  void aTopologyRunsAsAJobAndIsRestartedUpdatedAndKilled() throws Exception {
    assumeTrue(AuroraHost.isPossible(), "python3 is not installed");
    Path root = directory.toRealPath();
    aurora = new AuroraHost(root);
    heron = aurora.configure(Heron.in(root));
    try {
      run("submit", Heron.examples().toString(), MAIN, "life").succeeds();
      assertThat(aurora.copies()).containsOnlyKeys(0, 1);
      assertThat(aurora.state("life"))
          .contains("topologies", "packingplans", "executionstate", "schedulers", "pplans");
      run("submit", Heron.examples().toString(), MAIN, "life")
          .failsWith(1, "Topology 'life' already exists");

      theCommandsOfARunningTopologyWork();

      aurora.unreachable(true);
      run("kill", "life")
          .failsWith(
              1,
              "it cannot reach Aurora's scheduler: TimeoutError: Timed out trying to connect to"
                  + " scheduler at aurora");
      assertThat(aurora.state("life")).contains("topologies", "packingplans", "executionstate");
    } finally {
      aurora.unreachable(false);
      run("kill", "life").succeeds();
    }
    assertThat(aurora.copies()).isEmpty();
    assertThat(aurora.traces()).isEmpty();
    assertThat(aurora.state("life")).isEmpty();
    run("kill", "life").failsWith(1, "Topology 'life' does not exist");
  }

  private void theCommandsOfARunningTopologyWork() throws Exception {
    Map<Integer, String> first = aurora.copies();
    run("restart", "life", "1").succeeds();
    Map<Integer, String> second = aurora.copies();
    assertThat(second.get(1)).isNotEqualTo(first.get(1));
    assertThat(second.get(0)).isEqualTo(first.get(0));
    run("restart", "life", "7").failsWith(1, "container 7");

    assertThat(run("explain", "life").succeeds().out()).contains("RUNNING on localhost");
    assertThat(run("history", "life").succeeds().out()).contains("RUNNING");

    run("update", "life", "--container-number", "2").succeeds();
    assertThat(aurora.copies()).containsOnlyKeys(0, 1, 2).containsAllEntriesOf(second);
  }
}
