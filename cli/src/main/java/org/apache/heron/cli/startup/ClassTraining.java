package org.apache.heron.cli.startup;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.heron.cli.Heron;
import org.apache.heron.cli.console.ConsoleLogging;
import org.apache.heron.minicluster.zookeeper.EmbeddedZooKeeper;

/**
 * Loads the classes that short commands need, by carrying them out: {@code bin/heron} runs this
 * once with {@code -XX:ArchiveClassesAtExit}, so that later commands find their classes ready made.
 * No other process, and nothing outside a temporary directory, is touched.
 */
public final class ClassTraining {
  private ClassTraining() {}

  /** Trains; exit code 0 if all commands did what is expected of them. */
  public static void main(String[] arguments) throws IOException {
    System.exit(train() ? 0 : 1);
  }

  /** Returns true if every command ended as it does in daily use. */
  static boolean train() throws IOException {
    PrintWriter nowhere =
        new PrintWriter(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    // Before ZooKeeper logs: else the commands' way of logging would not be trained.
    ConsoleLogging.activate(false);
    Path work = Files.createTempDirectory("heron-classes");
    try (EmbeddedZooKeeper zookeeper = EmbeddedZooKeeper.start(work, 0)) {
      boolean helped = Heron.run(nowhere, nowhere, "help") == 0;
      int killed =
          Heron.run(
              nowhere,
              nowhere,
              "kill",
              "mesos/training",
              "no-such-topology",
              "--config-property",
              "heron.statemgr.connection.string=" + zookeeper.connectString());
      // Nothing of that name runs.
      return helped && killed == 1;
    } finally {
      delete(work);
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(directory)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }
}
