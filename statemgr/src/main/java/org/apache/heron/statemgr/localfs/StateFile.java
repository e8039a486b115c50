package org.apache.heron.statemgr.localfs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file that always holds one whole value, also when a writer is killed: values are written beside
 * it and brought into place in one step. An empty file counts as absent, as upstream has it.
 */
record StateFile(Path path) {
  private static final int MAX_BYTES = 64 << 20;
  private static final AtomicLong COUNTER = new AtomicLong();

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
      Files.createLink(path, beside);
    } catch (FileAlreadyExistsException e) {
      if (exists()) {
        return false;
      }
      removeEmpty();
      return create(value);
    } catch (UnsupportedOperationException e) {
      // A file system without links: here two creators at the same instant may both succeed.
      if (exists()) {
        return false;
      }
      Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
    flushDirectory();
    return true;
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
        Files.createLink(path, aside);
      }
    } catch (NoSuchFileException | FileAlreadyExistsException e) {
      // Somebody else was faster; the caller looks again.
      return;
    } finally {
      Files.deleteIfExists(aside);
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
      ByteBuffer rest = ByteBuffer.wrap(value);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(beside);
      throw e;
    }
    return beside;
  }

  /** Makes the new name itself survive a crash of the host. */
  private void flushDirectory() throws IOException {
    try (FileChannel directory = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
