package org.apache.heron.executor.delivery;

import org.apache.heron.executor.tuple.NearTuple;

/** Tuples of one source task for one task. */
public sealed interface Batch {

  /** Room left free in front of encoded tuples that go out, for the frame's header. */
  int HEADER_BYTES = 21;

  /** Bytes that count as one small tuple. */
  int BYTES_PER_WEIGHT = 256;

  /** Number of tuples. */
  int count();

  /** Room it takes in a queue: one per tuple, more if the tuples are large. */
  int weight();

  /**
   * Tuples handed over as they are, inside a container.
   *
   * @param tuples the first {@code count} are meant
   * @param bytes that were made for them: byte arrays, and values that could not be shared
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  record Objects(NearTuple[] tuples, int count, long bytes) implements Batch {

    @Override
    public int weight() {
      return (int) Math.max(count, bytes / BYTES_PER_WEIGHT);
    }
  }

  /**
   * Tuples as bytes, to or from another container.
   *
   * @param bytes tuples from {@code offset} to {@code end}
   * @param credit told, when the tuples were taken out of the queue, that there is room again
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  record Encoded(byte[] bytes, int offset, int end, int count, int sourceTask, Credit credit)
      implements Batch {

    @Override
    public int weight() {
      return Math.max(count, length() / BYTES_PER_WEIGHT);
    }

    /** Number of bytes. */
    public int length() {
      return end - offset;
    }
  }

  /** Room given back to a sender in another container. Thread-safe. */
  @FunctionalInterface
  interface Credit {

    /** So many bytes were taken out of the queue. */
    void giveBack(int bytes);
  }
}
