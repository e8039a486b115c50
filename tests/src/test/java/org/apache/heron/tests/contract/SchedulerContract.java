package org.apache.heron.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.heron.tests.integration.Heron;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same words, exit codes and traces from every scheduler. A subclass brings the back end; the
 * command line is the installed one, in processes of its own but where only its words count.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SchedulerContract {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String MAIN = "org.apache.heron.examples.api.ExclamationTopology";
  private static final List<String> TOPOLOGIES = List.of("life", "failing", "cut");
  private static final String USER = System.getProperty("user.name");

  private Backend backend;
  private Heron heron;

  /** The back end, running. */
  abstract Backend start(Path temporary) throws Exception;

  @BeforeAll
  void begin(@TempDir Path temporary) throws Exception {
    Path directory = temporary.toRealPath();
    backend = start(directory);
    heron = Heron.in(directory);
    backend.configure(heron);
  }

  @AfterAll
  void end() {
    if (backend != null) {
      backend.close();
    }
  }

  /** Ends what a test that failed has left, so that it disturbs no other. */
  @AfterEach
  void nothingIsLeft() throws Exception {
    backend.mend("cut");
    List<String> left = new ArrayList<>();
    for (String topology : TOPOLOGIES) {
      if (!backend.state(topology).isEmpty()) {
        left.add(topology + ": " + backend.state(topology));
        command("kill", topology);
      }
      left.addAll(backend.traces(topology));
    }
    Path packages = heron.userHome().resolve(".herondata/repository/topologies");
    if (Files.exists(packages)) {
      try (Stream<Path> files = Files.walk(packages)) {
        files.filter(Files::isRegularFile).forEach(file -> left.add(file.toString()));
      }
    }
    assertThat(left).isEmpty();
  }

  private Heron.Result submit(String topology, List<String> rest) throws Exception {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("submit", target(), Heron.examples().toString(), MAIN, topology));
    words.addAll(rest);
    return heron.run(words.toArray(String[]::new));
  }

  private Heron.Result command(String command, String topology, String... rest) throws Exception {
    List<String> words = new ArrayList<>(List.of(command, target(), topology));
    words.addAll(List.of(rest));
    return heron.run(words.toArray(String[]::new));
  }

  private String target() {
    return backend.target(USER);
  }

  /** What users and their scripts read. */
  private static void says(Heron.Result result, String... words) {
    result.succeeds();
    assertThat(result.out() + result.err()).contains(words);
  }

  // One story, because each submit takes seconds.
  @Test
  void aTopologyIsSubmittedRestartedUpdatedAndKilledInTheSameWords() throws Exception {
    says(submit("life", List.of()), "Successfully launched topology 'life'");
    assertThat(backend.state("life"))
        .contains("topologies", "packingplans", "executionstate", "schedulers");
    awaitCopies("life", 2);
    backend.awaitServices("life");

    submit("life", List.of()).failsWith(1, "Topology 'life' already exists");

    oneIsRestarted();
    allAreRestarted();
    everyCommandSaysTheSame();
    if (backend.runsTuples()) {
      anUpdateChangesTheContainers();
    }

    says(command("kill", "life"), "Successfully kill topology: life");
    assertThat(backend.copies("life")).isEmpty();
    nothingIsLeft();
    command("kill", "life").failsWith(1, "Topology 'life' does not exist");
    command("restart", "life").failsWith(1, "Topology 'life' does not exist");
  }

  /** A command, and how it ends whatever the scheduler. */
  private record Line(List<String> words, int exit, String said) {}

  private List<Line> lines() {
    String other = backend.target("someone_else");
    List<Line> lines = new ArrayList<>();
    lines.add(line("restart life 7", 1, "Topology 'life' has no container 7"));
    lines.add(
        line("restart life --parallel=-1", 2, "Invalid value '-1' of --parallel: at least 1"));
    lines.add(line("restart absent", 1, "Topology 'absent' does not exist"));
    lines.add(line("update absent --container-number=2", 1, "Topology 'absent' does not exist"));
    lines.add(line("kill absent", 1, "Topology 'absent' does not exist"));
    lines.add(new Line(List.of("kill", other, "life"), 1, "cluster/role/environ does not match"));
    lines.add(new Line(List.of("restart", other, "life"), 1, "does not match"));
    lines.add(line("explain life", 0, "Topology 'life': none of 2 containers waits"));
    lines.add(line("explain life 7", 1, "Topology 'life' has no container 7"));
    if (backend.hasSchedulerProcess()) {
      lines.add(line("history life", 0, "Topology 'life', as told by the scheduler at"));
      lines.add(line("history life 7", 1, "Topology 'life' has no container 7"));
      lines.add(line("scheduler resume life", 1, "The scheduler of topology 'life' runs at"));
    }
    if (backend.runsTuples()) {
      lines.add(line("deactivate life", 0, "Successfully deactivate topology: life"));
      lines.add(line("activate life", 0, "Successfully activate topology: life"));
    }
    return lines;
  }

  /** The command's words, with the target where it belongs: before the topology. */
  private Line line(String text, int exit, String said) {
    List<String> words = new ArrayList<>(List.of(text.split(" ")));
    words.add(words.get(0).equals("scheduler") ? 2 : 1, target());
    return new Line(words, exit, said);
  }

  private void everyCommandSaysTheSame() throws Exception {
    for (Line line : lines()) {
      Heron.Result result = heron.runHere(line.words());
      assertThat(result.exit()).as("exit code of %s", result).isEqualTo(line.exit());
      assertThat(result.out() + result.err())
          .as("what %s says", line.words())
          .contains(line.said())
          .doesNotContain("\tat org.");
    }
  }

  private void oneIsRestarted() throws Exception {
    Map<Integer, String> before = backend.copies("life");
    says(command("restart", "life", "1"), "Successfully restart container 1 of topology: life");
    awaitCopies("life", 2);
    Map<Integer, String> after = backend.copies("life");
    assertThat(after.get(1)).isNotEqualTo(before.get(1));
    assertThat(after.get(0)).isEqualTo(before.get(0));
  }

  private void allAreRestarted() throws Exception {
    Map<Integer, String> before = backend.copies("life");
    says(command("restart", "life"), "Successfully restart topology: life");
    awaitCopies("life", 2);
    Map<Integer, String> after = backend.copies("life");
    assertThat(after.keySet()).isEqualTo(before.keySet());
    before.forEach((id, copy) -> assertThat(after.get(id)).isNotEqualTo(copy));
    if (backend.runsTuples()) {
      // A container runs before its topology manager has said where it is.
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(backend.state("life")).contains("tmanagers"));
    }
  }

  private void anUpdateChangesTheContainers() throws Exception {
    Map<Integer, String> before = backend.copies("life");
    says(command("update", "life", "--container-number=2"), "Successfully update topology: life");
    awaitCopies("life", 3);
    assertThat(backend.copies("life")).containsAllEntriesOf(before);

    // One container gets all that two had, and goes on as it is.
    Heron.Result fewer = command("update", "life", "--container-number=1");
    says(fewer, "Successfully update topology: life", "these containers need more than they");
    awaitCopies("life", 2);
    Map<Integer, String> after = backend.copies("life");
    assertThat(before).containsAllEntriesOf(after);
    if (backend.resizes()) {
      says(fewer, "for example by: heron restart " + target());
    } else {
      assertThat(fewer.out() + fewer.err())
          .contains("submit it anew")
          .doesNotContain("restart " + target());
    }
  }

  @Test
  void aSubmitThatFailsHalfWayIsUndone() throws Exception {
    Heron.Result result = submit("failing", backend.failingLaunch());
    assertThat(result.exit()).as("%s", result).isEqualTo(1);
    assertThat(result.err()).contains("ERROR").doesNotContain("\tat ");
    command("kill", "failing").failsWith(1, "Topology 'failing' does not exist");
  }

  @Test
  void aSchedulerThatCannotBeReachedIsSaidAndTheKillCanBeRepeated() throws Exception {
    submit("cut", List.of()).succeeds();
    awaitCopies("cut", 2);
    backend.cutOff("cut");
    Heron.Result restart = command("restart", "cut", "1");
    assertThat(restart.exit()).as("%s", restart).isEqualTo(1);
    assertThat(restart.err()).contains("cut").doesNotContain("\tat ");
    if (!backend.hasSchedulerProcess()) {
      killAndSubmitWaitForTheBackEnd();
    }
    assertThat(backend.state("cut")).contains("topologies", "packingplans", "executionstate");
    backend.mend("cut");
    says(command("kill", "cut"), "Successfully kill topology: cut");
    assertThat(backend.copies("cut")).isEmpty();
  }

  /** Without a process of Heron's to start again, nothing can be done but to say so. */
  private void killAndSubmitWaitForTheBackEnd() throws Exception {
    Heron.Result kill = command("kill", "cut").failsWith(1, "cut");
    assertThat(kill.out() + kill.err()).doesNotContain("Successfully");
    submit("failing", List.of()).failsWith(1, "failing");
    assertThat(backend.state("failing")).isEmpty();
  }

  private void awaitCopies(String topology, int count) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(backend.copies(topology)).hasSize(count));
  }
}
