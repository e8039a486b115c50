package org.apache.heron.framework.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The account of one history, in a file of its own: what tests print is not seen where a build
 * redirects it, and a timeline is longer than a message should be.
 *
 * @param summary one line: what the history came to
 * @param file that tells all
 */
record Account(String summary, Path file) {
  /** Where accounts are, in the module's directory, in which its tests run. */
  static final Path DIRECTORY = Path.of("target", "simulation");

  /** Runs a history again, and writes down what happened; shrunk if it breaks a promise. */
  static Account write(Path directory, History history, Surgery surgery) throws IOException {
    Simulation.Result told = Simulation.tell(history, surgery);
    String summary =
        "seed "
            + history.seed()
            + told.violation().map(broken -> " breaks " + broken).orElse(" keeps every promise");
    String text =
        told.violation().isPresent()
            ? Simulation.report(history, surgery)
            : whole(summary, history, told);
    Files.createDirectories(directory);
    Path file = directory.resolve("seed-" + history.seed() + ".txt");
    Files.writeString(file, text + "\n");
    return new Account(summary, file);
  }

  private static String whole(String summary, History history, Simulation.Result told) {
    List<String> lines = new ArrayList<>();
    lines.add(summary + ": " + history.setting());
    history.plan().forEach(planned -> lines.add("  " + planned));
    lines.add("");
    lines.addAll(told.timeline());
    return String.join("\n", lines);
  }

  /** For the message of an assertion. */
  @Override
  public String toString() {
    return summary + "\n  told in " + file.toAbsolutePath();
  }
}
