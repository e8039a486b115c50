package org.apache.heron.executor.acking;

import org.apache.heron.executor.tuple.StreamInfo;

/**
 * The end of a tuple tree.
 *
 * @param messageId the spout's id of the tuple
 * @param stream on which it was emitted
 * @param emittedNanos when, as System.nanoTime
 */
public record Completion(Object messageId, StreamInfo stream, long emittedNanos, Outcome outcome) {

  /** How a tree ends. */
  public enum Outcome {
    /** All tuples were acked. */
    ACKED,
    /** A bolt failed a tuple. */
    FAILED,
    /** Not all tuples were acked in time. */
    TIMED_OUT
  }
}
