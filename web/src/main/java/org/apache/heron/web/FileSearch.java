package org.apache.heron.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Looks for bytes in a file, a block at a time. Not thread-safe. */
final class FileSearch implements AutoCloseable {
  private static final int BLOCK = 65_536;

  private final FileChannel channel;
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK);
  private long blockStart;

  private FileSearch(FileChannel channel) {
    this.channel = channel;
    block.limit(0);
  }

  static FileSearch open(Path file) throws IOException {
    return new FileSearch(FileChannel.open(file, StandardOpenOption.READ));
  }

  /** The first place at or behind {@code from} where the pattern begins; -1 if there is none. */
  long find(byte[] pattern, long from) throws IOException {
    long at = from;
    while (load(at, pattern.length)) {
      int last = block.limit() - pattern.length;
      for (int i = (int) (at - blockStart); i <= last; i++) {
        if (block.get(i) == pattern[0] && matches(i, pattern)) {
          return blockStart + i;
        }
      }
      at = blockStart + last + 1;
    }
    return -1;
  }

  private boolean matches(int index, byte[] pattern) {
    for (int k = 1; k < pattern.length; k++) {
      if (block.get(index + k) != pattern[k]) {
        return false;
      }
    }
    return true;
  }

  /** Has the block hold so many bytes from there; false if the file ends before. */
  private boolean load(long at, int length) throws IOException {
    if (at >= blockStart && at + length <= blockStart + block.limit()) {
      return true;
    }
    block.clear();
    blockStart = at;
    while (block.hasRemaining()) {
      if (channel.read(block, at + block.position()) < 0) {
        break;
      }
    }
    block.flip();
    return block.limit() >= length;
  }

  /** At most so many bytes from there, each as one character. */
  String read(long at, int length) throws IOException {
    return new String(bytes(at, length), StandardCharsets.ISO_8859_1);
  }

  /** At most so many bytes from there, as UTF-8. */
  String utf8(long at, int length) throws IOException {
    return new String(bytes(at, length), StandardCharsets.UTF_8);
  }

  private byte[] bytes(long at, int length) throws IOException {
    if (length <= BLOCK) {
      load(at, length);
      byte[] found = new byte[Math.max(0, (int) Math.min(length, blockStart + block.limit() - at))];
      block.get((int) (at - blockStart), found);
      return found;
    }
    throw new IllegalArgumentException(length + " bytes are more than a block");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
