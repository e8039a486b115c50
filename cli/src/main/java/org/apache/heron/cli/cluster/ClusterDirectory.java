package org.apache.heron.cli.cluster;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.heron.client.ClientException;

/**
 * The directory of a background cluster while one command, or the cluster's process, has it for
 * itself. It may be any directory of the user's: only what clusters leave there is ever removed,
 * and a directory that holds other things is not taken for a cluster's.
 *
 * <p>Commands hold the first byte of a lock file, the cluster's process holds the second for its
 * life: so the files of a cluster that has yet to say where it listens are known to be in use.
 */
final class ClusterDirectory implements AutoCloseable {
  private static final String LOCK = "cluster.lock";

  /** The names of all that clusters leave; the lock goes last. */
  private static final List<String> OWN =
      List.of(ClusterFile.NAME, ClusterFile.DRAFT, ClusterProcess.WORK, ClusterProcess.LOG, LOCK);

  private static final long COMMAND = 0;
  private static final long PROCESS = 1;

  private final Path directory;
  private final FileChannel channel;
  private final boolean goesWhenEmpty;

  private ClusterDirectory(Path directory, FileChannel channel, boolean goesWhenEmpty) {
    this.directory = directory;
    this.channel = channel;
    this.goesWhenEmpty = goesWhenEmpty;
  }

  /**
   * For a command that starts a cluster; makes the directory if there is none.
   *
   * @throws ClientException if other things than a cluster's are there, or if it is in use
   */
  static ClusterDirectory forStart(Path directory) throws IOException {
    boolean absent = Files.notExists(directory);
    if (!absent) {
      refuseStrangers(directory);
    }
    Files.createDirectories(directory);
    return forCommand(directory, absent);
  }

  /**
   * For a command that removes the cluster that is there.
   *
   * @throws ClientException if another command is at work there
   */
  static ClusterDirectory forStop(Path directory) throws IOException {
    return new ClusterDirectory(directory, lock(directory, COMMAND), true);
  }

  /**
   * For the process of the cluster.
   *
   * @throws ClientException if another runs there
   */
  static ClusterDirectory forProcess(Path directory) throws IOException {
    return new ClusterDirectory(directory, lock(directory, PROCESS), false);
  }

  private static ClusterDirectory forCommand(Path directory, boolean made) throws IOException {
    FileChannel channel = lock(directory, COMMAND);
    boolean free = false;
    try (FileLock process = tryLock(channel, PROCESS)) {
      free = process != null;
    } finally {
      if (!free) {
        channel.close();
      }
    }
    if (!free) {
      throw inUse(directory);
    }
    return new ClusterDirectory(directory, channel, made);
  }

  private static void refuseStrangers(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new ClientException(directory + " is no directory; choose another with --directory");
    }
    Set<String> names;
    try (Stream<Path> list = Files.list(directory)) {
      names = list.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
    }
    if (!names.isEmpty() && !names.contains(LOCK) && !names.contains(ClusterFile.NAME)) {
      throw new ClientException(
          directory
              + " is not empty and holds no cluster; name an empty or a new directory with"
              + " --directory");
    }
  }

  private static FileChannel lock(Path directory, long place) throws IOException {
    Path file = directory.resolve(LOCK);
    while (true) {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      Object opened = identity(file);
      boolean held = false;
      try {
        if (tryLock(channel, place) == null) {
          throw inUse(directory);
        }
        held = opened != null && Objects.equals(opened, identity(file));
        if (held) {
          return channel;
        }
        // A stop has removed the file before it was locked: it locks nobody out.
      } finally {
        if (!held) {
          channel.close();
        }
      }
    }
  }

  /** Tells a file from a later one of the same name; null if there is none. */
  private static Object identity(Path file) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      Object key = attributes.fileKey();
      return key == null ? attributes.creationTime() : key;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static FileLock tryLock(FileChannel channel, long place) throws IOException {
    try {
      return channel.tryLock(place, 1, false);
    } catch (OverlappingFileLockException e) { // held by another thread of this process
      return null;
    }
  }

  private static ClientException inUse(Path directory) {
    return new ClientException(
        "another 'heron cluster' command is at work in "
            + directory
            + "; wait until it has ended, then repeat this one");
  }

  Path path() {
    return directory;
  }

  /** Ends what a cluster whose process is dead has left running, and removes its files. */
  void clear() throws IOException {
    EmbeddedCluster.endTasks(directory.resolve(ClusterProcess.WORK));
    for (String name : OWN) {
      if (!name.equals(LOCK)) {
        DirectoryTree.delete(directory.resolve(name));
      }
    }
  }

  /**
   * Removes the cluster's files, and the directory if it is empty then and was made by this
   * command, or is given up with the cluster. The directory is not to be used afterwards.
   */
  void remove() throws IOException {
    for (String name : OWN) {
      DirectoryTree.delete(directory.resolve(name));
    }
    if (goesWhenEmpty && !Files.isSymbolicLink(directory)) {
      try {
        Files.deleteIfExists(directory);
      } catch (DirectoryNotEmptyException e) { // what is there is not the cluster's
        return;
      }
    }
  }

  /** Lets others have it. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
