package org.apache.heron.downloader.unpack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Follows a symbolic link name by name, as the system does, though nothing may be where it ends:
 * what is there once the directory has moved is not known yet.
 */
final class LinkPath {
  /** As many as Linux follows; see path_resolution(7). */
  private static final int MOST_LINKS = 40;

  private final Path root;

  /**
   * @param root real path of the directory that is not to be left
   */
  LinkPath(Path root) {
    this.root = root;
  }

  /** True if it leaves the root on its way, be it to come back; also if it has no end. */
  boolean leadsOut(Path link) throws IOException {
    Path at = link.getParent().toRealPath();
    Deque<Path> names = new ArrayDeque<>();
    names.add(link.getFileName());
    int links = 0;
    while (!names.isEmpty()) {
      Path name = names.pop();
      if (name.toString().equals("..")) {
        if (at.equals(root)) {
          return true;
        }
        at = at.getParent();
      } else if (!name.toString().equals(".") && !name.toString().isEmpty()) {
        Path next = at.resolve(name);
        if (!Files.isSymbolicLink(next)) {
          at = next;
        } else if (++links > MOST_LINKS || !push(Files.readSymbolicLink(next), names)) {
          return true;
        }
      }
    }
    return false;
  }

  /** False for an absolute one. */
  private static boolean push(Path target, Deque<Path> names) {
    for (int i = target.getNameCount() - 1; i >= 0; i--) {
      names.push(target.getName(i));
    }
    return !target.isAbsolute();
  }
}
