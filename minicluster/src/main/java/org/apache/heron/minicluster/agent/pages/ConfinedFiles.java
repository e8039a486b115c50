package org.apache.heron.minicluster.agent.pages;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/**
 * The files below one directory. A path that leads out of it, by dots or by links, is treated as if
 * there were nothing; so is what is neither file nor directory. Thread-safe.
 */
final class ConfinedFiles {
  private final Path root;

  /**
   * @param root without links in its path; need not exist yet
   */
  ConfinedFiles(Path root) {
    this.root = root;
  }

  Path root() {
    return root;
  }

  /** The file or directory that a path leads to, without links in its path. */
  Optional<Path> find(String path) {
    try {
      Path asked = Path.of(path);
      for (Path part : asked) {
        if (part.toString().equals("..")) {
          return Optional.empty();
        }
      }
      if (!asked.startsWith(root)) {
        return Optional.empty();
      }
      Path real = asked.toRealPath();
      boolean known =
          Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)
              || Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS);
      return real.startsWith(root) && known ? Optional.of(real) : Optional.empty();
    } catch (IOException | InvalidPathException e) {
      return Optional.empty(); // what cannot be looked at is not there for the asker
    }
  }

  /**
   * Opens a file that {@link #find} has found. Every directory on the way is opened without
   * following links: a task may have changed its sandbox meanwhile.
   */
  SeekableByteChannel open(Path file) throws IOException {
    try (DirectoryStream<Path> start = Files.newDirectoryStream(root)) {
      if (!(start instanceof SecureDirectoryStream<Path> secure)) {
        return Files.newByteChannel(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
      }
      return open(secure, root.relativize(file), 0);
    }
  }

  private static SeekableByteChannel open(
      SecureDirectoryStream<Path> directory, Path relative, int depth) throws IOException {
    Path name = relative.getName(depth);
    if (depth == relative.getNameCount() - 1) {
      return directory.newByteChannel(
          name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }
    try (SecureDirectoryStream<Path> next =
        directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      return open(next, relative, depth + 1);
    }
  }
}
