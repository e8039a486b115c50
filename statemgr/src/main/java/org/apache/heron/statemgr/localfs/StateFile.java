package org.apache.heron.statemgr.localfs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file that always holds one whole value, also when a writer is killed: values are written beside
 * it and brought into place in one step. An empty file counts as absent, as upstream has it.
 */
record StateFile(Path path, Links links) {
  private static final int MAX_BYTES = 64 << 20;
  private static final AtomicLong COUNTER = new AtomicLong();

  /** Gives a file another name, unless that is taken. */
  interface Links {
    /** As {@link Files#createLink}. */
    void create(Path link, Path existing) throws IOException;
  }

  StateFile(Path path) {
    this(path, Files::createLink);
  }

  /** The value, empty if there is none. */
  Optional<byte[]> read() throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException(path + " is larger than " + MAX_BYTES + " bytes");
      }
      return bytes.length == 0 ? Optional.empty() : Optional.of(bytes);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** True if there is a value. */
  boolean exists() throws IOException {
    try {
      return Files.size(path) > 0;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Replaces the value. */
  void write(byte[] value) throws IOException {
    Path beside = writeBeside(value);
    try {
      Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
    flushDirectory();
  }

  /** Writes the value if there is none; false if there is one. Of two who try one succeeds. */
  boolean create(byte[] value) throws IOException {
    Path beside = writeBeside(value);
    try {
      // A link, because unlike a rename it fails when the name is taken.
      links.create(path, beside);
    } catch (FileAlreadyExistsException e) {
      if (exists()) {
        return false;
      }
      removeEmpty();
      return create(value);
    } catch (NoSuchFileException | AccessDeniedException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException e) {
      return createWithoutLink(value);
    } finally {
      Files.deleteIfExists(beside);
    }
    flushDirectory();
    return true;
  }

  /**
   * For file systems without links. Which the JDK says by no exception of its own: it passes on
   * that the operation is not permitted, or not supported, as link(2) has it. Here a reader may
   * find the first part of a value, and a creator that is cut off leaves one.
   */
  private boolean createWithoutLink(byte[] value) throws IOException {
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      try {
        fill(channel, value);
      } catch (IOException e) {
        Files.deleteIfExists(path);
        throw e;
      }
    } catch (FileAlreadyExistsException e) {
      if (exists()) {
        return false;
      }
      removeEmpty();
      return create(value);
    }
    flushDirectory();
    // Somebody may have taken it for an empty one before it was filled.
    return read().filter(found -> Arrays.equals(found, value)).isPresent();
  }

  /** Removes the file; false if there was no value. */
  boolean delete() throws IOException {
    boolean existed = exists();
    boolean removed = Files.deleteIfExists(path);
    return existed && removed;
  }

  /** Moves the empty file away first: somebody may have filled it since it was looked at. */
  private void removeEmpty() throws IOException {
    Path aside = beside();
    try {
      Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
      if (Files.size(aside) > 0) {
        putBack(aside);
      }
    } catch (NoSuchFileException | FileAlreadyExistsException e) {
      // Somebody else was faster; the caller looks again.
      return;
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  private void putBack(Path aside) throws IOException {
    try {
      links.create(path, aside);
    } catch (FileAlreadyExistsException | NoSuchFileException | AccessDeniedException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException e) {
      Files.move(aside, path); // not in one step, but it replaces nothing
    }
  }

  private Path beside() {
    // Names of topologies do not begin with a dot, so this is none.
    return path.resolveSibling(
        "."
            + path.getFileName()
            + "."
            + ProcessHandle.current().pid()
            + "."
            + COUNTER.incrementAndGet()
            + ".tmp");
  }

  private Path writeBeside(byte[] value) throws IOException {
    Files.createDirectories(path.getParent());
    Path beside = beside();
    try (FileChannel channel =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      fill(channel, value);
    } catch (IOException e) {
      Files.deleteIfExists(beside);
      throw e;
    }
    return beside;
  }

  private static void fill(FileChannel channel, byte[] value) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(value);
    while (rest.hasRemaining()) {
      channel.write(rest);
    }
    channel.force(true);
  }

  /** Makes the new name itself survive a crash of the host. */
  private void flushDirectory() throws IOException {
    try (FileChannel directory = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
