package org.apache.heron.apiserver.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.heron.client.submit.TemporaryFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a server keeps what is not finished: bodies that are coming in, and what a command works
 * with. It is locked as long as its server lives, so that the next one tells what a dead one has
 * left behind, and removes it, from what another server is using. Thread-safe.
 */
public final class WorkDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkDirectory.class);
  private static final String PREFIX = ".incoming-";
  private static final String LOCK = "lock";

  private final Path path;
  private final FileChannel channel;

  private WorkDirectory(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Makes one in that directory, which must exist, and removes those of dead servers. */
  static WorkDirectory in(Path store) throws IOException {
    removeAbandoned(store);
    // Only a locked one bears the name by which others look for abandoned ones.
    Path fresh = Files.createTempDirectory(store, ".new");
    FileChannel channel = open(fresh);
    if (channel.tryLock() == null) {
      throw new IOException("cannot lock " + fresh);
    }
    Path path = store.resolve(PREFIX + UUID.randomUUID());
    Files.move(fresh, path);
    return new WorkDirectory(path, channel);
  }

  private static FileChannel open(Path directory) throws IOException {
    return FileChannel.open(
        directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static void removeAbandoned(Path store) throws IOException {
    List<Path> candidates;
    try (Stream<Path> entries = Files.list(store)) {
      candidates =
          entries
              .filter(entry -> entry.getFileName().toString().startsWith(PREFIX))
              .filter(Files::isDirectory)
              .toList();
    }
    for (Path candidate : candidates) {
      try (FileChannel channel = open(candidate);
          FileLock lock = channel.tryLock()) {
        if (lock != null) {
          LOG.info("removing {}, which a server has left behind", candidate);
          TemporaryFiles.delete(candidate);
        }
      } catch (OverlappingFileLockException e) {
        // A server in this very process.
      } catch (IOException e) {
        LOG.warn("cannot see whether {} is in use: {}", candidate, e.toString());
      }
    }
  }

  /** The directory. */
  public Path path() {
    return path;
  }

  /** A new directory in it. */
  public Path directory() throws IOException {
    return Files.createTempDirectory(path, "command");
  }

  @Override
  public void close() {
    TemporaryFiles.delete(path);
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("cannot close the lock of {}: {}", path, e.toString());
    }
  }
}
