package org.apache.heron.framework.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a history came to is found in a file, whatever becomes of a test's output. */
class AccountTest {
  @TempDir private Path directory;

  @Test
  void aHistoryThatBreaksAPromiseIsToldInAFileThatTheMessageNames() throws IOException {
    Mutant mutant = Mutant.LETS_THE_LOSER_LIVE;
    History failing =
        LongStream.rangeClosed(1, 2_000)
            .mapToObj(History::of)
            .filter(history -> Simulation.run(history, mutant).violation().isPresent())
            .findFirst()
            .orElseThrow();

    Account account = Account.write(directory, failing, mutant);

    Path file = directory.resolve("seed-" + failing.seed() + ".txt");
    assertThat(account.toString())
        .contains("seed " + failing.seed() + " breaks ", mutant.promise(), file.toString())
        .hasLineCount(2);
    assertThat(file)
        .content()
        .contains(
            "seed " + failing.seed() + " breaks ",
            "shrunk from ",
            "scheduler-1",
            "-Dheron.sim.seed=" + failing.seed());
  }

  @Test
  void aHistoryThatKeepsEveryPromiseIsToldAsItIs() throws IOException {
    Account account = Account.write(directory.resolve("new"), History.of(1), Surgery.NONE);

    assertThat(account.summary()).isEqualTo("seed 1 keeps every promise");
    assertThat(account.file()).content().startsWith(account.summary()).contains("scheduler-1");
  }
}
