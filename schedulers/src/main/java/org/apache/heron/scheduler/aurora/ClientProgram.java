package org.apache.heron.scheduler.aurora;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds Aurora's client, as a shell would. */
final class ClientProgram {
  private ClientProgram() {}

  /**
   * The program's file.
   *
   * @param name a name that is looked up on the path, or a path
   * @param searchPath directories as in the environment variable PATH; may be empty
   * @return empty if there is none that can be executed
   */
  static Optional<Path> find(String name, String searchPath) {
    if (name.indexOf('/') >= 0) {
      return executable(name);
    }
    for (String directory : searchPath.split(File.pathSeparator, -1)) {
      Optional<Path> found = executable((directory.isEmpty() ? "." : directory) + "/" + name);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<Path> executable(String text) {
    try {
      Path file = Path.of(text).toAbsolutePath();
      return Files.isRegularFile(file) && Files.isExecutable(file)
          ? Optional.of(file)
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
