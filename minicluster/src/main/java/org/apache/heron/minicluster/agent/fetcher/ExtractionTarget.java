package org.apache.heron.minicluster.agent.fetcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Writes an archive's entries below one directory and nowhere else.
 *
 * <p>INVARIANT: nothing is written through a symbolic link. Links of the archive are made only at
 * the end, so no entry can pass through them; a link that was there before is refused where an
 * entry's directory should be. Where a link leads is the task's affair, not the agent's. For one
 * thread.
 */
final class ExtractionTarget {
  private static final int PERMISSION_BITS = 0777;

  private final Path root;
  private final Set<Path> safeDirectories = new HashSet<>();
  private final Map<Path, String> links = new LinkedHashMap<>();
  private final Deque<Map.Entry<Path, Integer>> directoryModes = new ArrayDeque<>();

  ExtractionTarget(Path root) {
    this.root = root.normalize();
    safeDirectories.add(this.root);
  }

  void directory(String name, int mode) throws IOException, FetchException {
    Path directory = resolve(name);
    if (directory.equals(root)) {
      return;
    }
    ensureDirectory(directory, name);
    directoryModes.push(Map.entry(directory, mode));
  }

  void file(String name, int mode, InputStream content) throws IOException, FetchException {
    Path file = prepare(name);
    Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
    Files.setPosixFilePermissions(file, permissions(mode));
  }

  void symbolicLink(String name, String target) throws IOException, FetchException {
    Path link = prepare(name);
    if (target == null || target.isEmpty() || target.indexOf('\0') >= 0) {
      throw new FetchException("link '" + name + "' leads nowhere");
    }
    links.put(link, target);
  }

  void hardLink(String name, String target) throws IOException, FetchException {
    Path existing = resolve(target);
    Path link = prepare(name);
    if (links.containsKey(existing)) {
      links.put(link, links.get(existing));
      return;
    }
    Path parent = existing.getParent();
    if (existing.equals(root) || parent == null || !safeDirectories.contains(parent)) {
      throw new FetchException("link '" + name + "' leads to '" + target + "', not in the archive");
    }
    if (!Files.isRegularFile(existing, LinkOption.NOFOLLOW_LINKS)) {
      throw new FetchException("link '" + name + "' leads to '" + target + "', not a file");
    }
    Files.deleteIfExists(link);
    Files.createLink(link, existing);
  }

  /** Makes the links, then sets the directories' modes (a read-only one could not be filled). */
  void finish() throws IOException, FetchException {
    for (Map.Entry<Path, String> link : links.entrySet()) {
      try {
        Files.createSymbolicLink(link.getKey(), Path.of(link.getValue()));
      } catch (FileAlreadyExistsException e) {
        if (!Files.isSymbolicLink(link.getKey())) {
          throw new FetchException(
              "'" + root.relativize(link.getKey()) + "' is both a link and something else", e);
        }
        Files.delete(link.getKey());
        Files.createSymbolicLink(link.getKey(), Path.of(link.getValue()));
      }
    }
    for (Map.Entry<Path, Integer> directory : directoryModes) {
      if (!Files.isSymbolicLink(directory.getKey())) {
        Files.setPosixFilePermissions(directory.getKey(), permissions(directory.getValue()));
      }
    }
  }

  private Path prepare(String name) throws IOException, FetchException {
    Path path = resolve(name);
    if (path.equals(root)) {
      throw new FetchException("entry '" + name + "' has no name");
    }
    ensureDirectory(path.getParent(), name);
    return path;
  }

  private Path resolve(String name) throws FetchException {
    String relative = name;
    while (relative.startsWith("/")) { // as tar does: an absolute name is taken from here
      relative = relative.substring(1);
    }
    for (String part : relative.split("/")) {
      if (part.equals("..")) {
        throw new FetchException("entry '" + name + "' would leave the sandbox");
      }
    }
    Path path = root.resolve(relative).normalize();
    if (!path.startsWith(root)) {
      throw new FetchException("entry '" + name + "' would leave the sandbox");
    }
    return path;
  }

  private void ensureDirectory(Path directory, String name) throws IOException, FetchException {
    if (safeDirectories.contains(directory)) {
      return;
    }
    ensureDirectory(directory.getParent(), name);
    if (Files.isSymbolicLink(directory)) {
      throw new FetchException("entry '" + name + "' would pass through the link " + directory);
    }
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        throw new FetchException("entry '" + name + "' needs a directory where a file is", e);
      }
    }
    safeDirectories.add(directory);
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values(); // owner read first, as in the bits
    int bits = mode & PERMISSION_BITS; // no set-user-id bits from an archive
    for (int i = 0; i < all.length; i++) {
      if ((bits & (0400 >> i)) != 0) {
        permissions.add(all[i]);
      }
    }
    return permissions;
  }
}
