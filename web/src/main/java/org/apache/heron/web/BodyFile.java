package org.apache.heron.web;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A request's body on its way into a file. Not thread-safe. */
final class BodyFile {
  private final Path path;
  private final FileChannel channel;
  private long size;

  private BodyFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  static BodyFile create(Path directory) throws IOException {
    // Readable by its owner only, as the JDK makes temporary files.
    Path path = Files.createTempFile(directory, "body", ".part");
    try {
      return new BodyFile(path, FileChannel.open(path, StandardOpenOption.WRITE));
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  Path path() {
    return path;
  }

  long size() {
    return size;
  }

  /** Appends all of it. */
  void append(ByteBuf bytes) throws IOException {
    size += bytes.readableBytes();
    while (bytes.isReadable()) {
      bytes.readBytes(channel, bytes.readableBytes());
    }
  }

  /** The body is whole. */
  void finish() throws IOException {
    channel.close();
  }

  /** The body is not wanted any more. */
  void discard() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is deleted next: nobody will miss what was not flushed.
    }
    delete(path);
  }

  static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      org.slf4j.LoggerFactory.getLogger(BodyFile.class)
          .warn("cannot delete the upload {}: {}", path, e.toString());
    }
  }
}
