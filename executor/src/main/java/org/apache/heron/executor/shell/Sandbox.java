package org.apache.heron.executor.shell;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.apache.heron.web.HttpError;

/** The directory that may be shown. Every path of a request goes through {@link #resolve}. */
final class Sandbox {
  private final Path root;

  /**
   * @throws IOException if the directory does not exist
   */
  Sandbox(Path directory) throws IOException {
    root = directory.toRealPath();
  }

  /**
   * The file of a request's decoded path.
   *
   * @throws HttpError 403 if the path is absolute, goes up, or leads outside through a link; 404 if
   *     there is no such file
   */
  Path resolve(String requested) {
    Path relative;
    try {
      relative = Path.of(requested);
    } catch (InvalidPathException e) {
      throw new HttpError(403, "Only relative paths are allowed");
    }
    if (relative.isAbsolute() || requested.startsWith("/")) {
      throw new HttpError(403, "Only relative paths are allowed");
    }
    for (Path part : relative) {
      if (part.toString().equals("..")) {
        throw new HttpError(403, "Only relative paths are allowed");
      }
    }
    Path real;
    try {
      real = root.resolve(relative).toRealPath();
    } catch (IOException e) {
      throw new HttpError(404, "there is no " + requested + " in this container");
    }
    if (!real.startsWith(root)) {
      throw new HttpError(
          403, requested + " is a link that leads out of the container's directory");
    }
    return real;
  }

  /** The path as it stands in links, empty for the directory itself. */
  String relative(Path file) {
    return root.relativize(file).toString();
  }
}
