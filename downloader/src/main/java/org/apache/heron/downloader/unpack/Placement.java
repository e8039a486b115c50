package org.apache.heron.downloader.unpack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * Moves what is in one directory into another of the same file system, which may hold other things,
 * by renames: all of it, or none. Files of the same name are replaced, directories are joined.
 */
public final class Placement {
  /** A rename that was done. */
  private record Move(Path from, Path to) {}

  private final Path aside;
  private final Deque<Move> done = new ArrayDeque<>();
  private int replaced;

  private Placement(Path aside) {
    this.aside = aside;
  }

  /**
   * Moves the content.
   *
   * @param aside a directory, which is not there, for what is replaced
   * @throws IOException if it cannot be moved; everything is as it was then
   */
  public static void move(Path content, Path destination, Path aside) throws IOException {
    Files.createDirectory(aside);
    Placement placement = new Placement(aside);
    try {
      placement.join(content, destination);
    } catch (IOException e) {
      placement.back(e);
      throw e;
    }
  }

  private void join(Path content, Path destination) throws IOException {
    for (Path entry : children(content)) {
      Path target = destination.resolve(entry.getFileName());
      if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        rename(entry, target);
      } else if (isDirectory(entry) && isDirectory(target)) {
        join(entry, target);
      } else if (isDirectory(target)) {
        throw new IOException("'" + target + "' is a directory, but a file in the package");
      } else {
        rename(target, aside.resolve(Integer.toString(replaced++)));
        rename(entry, target);
      }
    }
  }

  private static List<Path> children(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    }
  }

  private static boolean isDirectory(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  private void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    done.push(new Move(from, to));
  }

  private void back(IOException cause) {
    while (!done.isEmpty()) {
      Move move = done.pop();
      try {
        Files.move(move.to(), move.from(), StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }
}
