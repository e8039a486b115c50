package org.apache.heron.framework.driver;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes RecordIO apart: each record is its length in decimal digits, a newline, and that many bytes
 * (Mesos, "Scheduler HTTP API", RecordIO response format). Pieces may be cut anywhere. For one
 * thread; of no further use after an error.
 */
final class RecordDecoder {
  /** Enough for any length that fits the greatest limit. */
  private static final int MOST_DIGITS = 10;

  private final int maximumBytes;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final StringBuilder header = new StringBuilder();
  private int missing = -1;

  /**
   * Makes a decoder.
   *
   * @param maximumBytes of one record; a longer one is an error before it is read
   */
  RecordDecoder(int maximumBytes) {
    this.maximumBytes = maximumBytes;
  }

  /** The stream is no RecordIO, or not within the limit. */
  static final class MalformedStream extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedStream(String message) {
      super(message);
    }
  }

  /** Takes a piece of the stream and returns the records that it completes. */
  List<ByteString> feed(byte[] data, int offset, int length) throws MalformedStream {
    List<ByteString> records = new ArrayList<>();
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (missing < 0) {
        readHeader(data[at++]);
      } else {
        int taken = Math.min(missing, end - at);
        body.write(data, at, taken);
        at += taken;
        missing -= taken;
      }
      if (missing == 0) {
        records.add(ByteString.copyFrom(body.toByteArray()));
        body.reset();
        missing = -1;
      }
    }
    return records;
  }

  /** To be called at the stream's end, which must not be within a record. */
  void finish() throws MalformedStream {
    if (missing > 0) {
      throw new MalformedStream(
          "the stream ended " + missing + " bytes before the end of a record");
    }
    if (!header.isEmpty()) {
      throw new MalformedStream("the stream ended within the length '" + header + "' of a record");
    }
  }

  private void readHeader(byte next) throws MalformedStream {
    if (next != '\n') {
      if (next < '0' || next > '9') {
        throw new MalformedStream(
            "byte "
                + (next & 0xff)
                + " where a digit of a record's length was expected, after '"
                + header
                + "'");
      }
      header.append((char) next);
      if (header.length() > MOST_DIGITS) {
        throw new MalformedStream("a record's length begins with '" + header + "'");
      }
      return;
    }
    if (header.isEmpty()) {
      throw new MalformedStream("a record without a length");
    }
    long length = Long.parseLong(header.toString());
    if (length > maximumBytes) {
      throw new MalformedStream(
          "a record of " + length + " bytes is announced; at most " + maximumBytes + " are taken");
    }
    header.setLength(0);
    missing = (int) length;
  }
}
