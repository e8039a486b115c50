package org.apache.heron.minicluster.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads RecordIO: a length in decimal, a newline, so many bytes. For one thread. */
public final class RecordReader {
  private static final int MOST_DIGITS = 8;

  private final InputStream in;

  RecordReader(InputStream in) {
    this.in = in;
  }

  /** A record of those bytes. */
  public static byte[] record(byte[] bytes) {
    byte[] length = (bytes.length + "\n").getBytes(StandardCharsets.US_ASCII);
    byte[] record = new byte[length.length + bytes.length];
    System.arraycopy(length, 0, record, 0, length.length);
    System.arraycopy(bytes, 0, record, length.length, bytes.length);
    return record;
  }

  /**
   * The next record; empty at the end of the stream.
   *
   * @throws IOException if the stream breaks, ends within a record, or holds something else
   */
  Optional<byte[]> next() throws IOException {
    int length = 0;
    int digits = 0;
    for (int read = in.read(); read != '\n'; read = in.read()) {
      if (read < 0 && digits == 0) {
        return Optional.empty();
      }
      if (read < '0' || read > '9' || ++digits > MOST_DIGITS) {
        throw new WireException("a record begins with its length, not with byte " + read);
      }
      length = length * 10 + (read - '0');
    }
    if (digits == 0 || length > Call.MOST_BYTES) {
      throw new WireException("a record of " + length + " bytes is announced");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the stream ended within a record");
    }
    return Optional.of(bytes);
  }
}
