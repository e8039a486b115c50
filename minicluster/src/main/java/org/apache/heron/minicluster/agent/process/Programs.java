package org.apache.heron.minicluster.agent.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds programs as a shell does. */
public final class Programs {
  private Programs() {}

  /** The first executable file of that name on {@code PATH}. */
  public static Optional<Path> find(String name) {
    String path = System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    for (String directory : path.split(File.pathSeparator)) {
      Optional<Path> candidate = executable(directory, name);
      if (candidate.isPresent()) {
        return candidate;
      }
    }
    return Optional.empty();
  }

  private static Optional<Path> executable(String directory, String name) {
    try {
      Path candidate = Path.of(directory, name);
      return !directory.isEmpty() && Files.isRegularFile(candidate) && Files.isExecutable(candidate)
          ? Optional.of(candidate)
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty(); // a PATH entry that no file can have
    }
  }
}
