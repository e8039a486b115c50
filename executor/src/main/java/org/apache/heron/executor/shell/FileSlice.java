package org.apache.heron.executor.shell;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A piece of a file.
 *
 * @param offset of its first byte; of the file's end if nothing was asked for
 * @param length bytes of it
 * @param data as text; bytes that are not UTF-8 are replaced
 */
record FileSlice(long offset, long length, String data) {
  /** Most bytes that are read at once. */
  static final int MAX_LENGTH = 1 << 20;

  /**
   * Reads a piece.
   *
   * @param offset negative: only the file's size is wanted
   * @param length cut to {@link #MAX_LENGTH}
   */
  static FileSlice read(Path file, long offset, long length) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      long size = channel.size();
      if (offset < 0) {
        return new FileSlice(size, 0, "");
      }
      if (offset >= size || length <= 0) {
        return new FileSlice(offset, 0, "");
      }
      channel.position(offset);
      ByteBuffer buffer =
          ByteBuffer.allocate((int) Math.min(Math.min(length, MAX_LENGTH), size - offset));
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // Reads on until full or at the end, which a log that is just rolled may have moved.
      }
      buffer.flip();
      int read = buffer.remaining();
      return new FileSlice(offset, read, StandardCharsets.UTF_8.decode(buffer).toString());
    }
  }
}
