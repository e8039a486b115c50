package org.apache.heron.minicluster.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads a stream of records: length in decimal, newline, bytes. */
final class RecordIo {
  private RecordIo() {}

  /** The next record; empty at the end of the stream. */
  static Optional<byte[]> next(InputStream stream) throws IOException {
    StringBuilder length = new StringBuilder();
    for (int c = stream.read(); c != '\n'; c = stream.read()) {
      if (c < 0) {
        return Optional.empty();
      }
      length.append((char) c);
    }
    int wanted = Integer.parseInt(length.toString());
    byte[] record = stream.readNBytes(wanted);
    return record.length == wanted ? Optional.of(record) : Optional.empty();
  }
}
