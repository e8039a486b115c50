package org.apache.heron.executor.plane;

/**
 * What an instance has done with the tuples of one stream since the container started: with an
 * input of a bolt, or with what a spout has emitted.
 *
 * @param component where the stream comes from; of a spout itself
 * @param executed tuples, and the time in execute; bolts only
 * @param acked tuples acked (bolt), or trees completed (spout)
 * @param ackTimes how many of those were timed
 * @param ackNanos sum of their times: from execute to ack (bolt), from emit to completion (spout)
 * @param failed tuples failed (bolt), or trees failed, time-outs included (spout)
 * @param failTimes how many of those were timed
 * @param failNanos sum of their times
 * @param timedOut trees that timed out; spouts only
 */
public record StreamCounters(
    String component,
    String stream,
    long executed,
    long executeNanos,
    long acked,
    long ackTimes,
    long ackNanos,
    long failed,
    long failTimes,
    long failNanos,
    long timedOut) {

  /** How {@code /counters} names the stream. */
  public String path() {
    return component + "/" + stream;
  }
}
