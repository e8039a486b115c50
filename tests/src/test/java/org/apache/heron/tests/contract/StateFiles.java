package org.apache.heron.tests.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Shared state in files, as somebody sees it who lists them. */
final class StateFiles {
  private StateFiles() {}

  /** The kinds that hold a node of the topology. */
  static Set<String> of(Path root, String topology) throws IOException {
    while (true) {
      try {
        return kinds(root, topology);
      } catch (UncheckedIOException e) {
        // One of them has just been removed.
        if (!(e.getCause() instanceof NoSuchFileException)) {
          throw e;
        }
      }
    }
  }

  private static Set<String> kinds(Path root, String topology) throws IOException {
    if (!Files.exists(root)) {
      return Set.of();
    }
    Set<String> kinds = new TreeSet<>();
    try (Stream<Path> files = Files.walk(root)) {
      files
          .filter(Files::isRegularFile)
          .filter(file -> file.getFileName().toString().matches(topology + "(__.*)?"))
          .forEach(file -> kinds.add(root.relativize(file).getName(0).toString()));
    }
    return kinds;
  }
}
