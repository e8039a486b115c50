package org.apache.heron.executor.plane;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * A snapshot of one instance's counters, since the container started; restarts of the instance do
 * not reset them.
 *
 * @param kind SPOUT or BOLT
 * @param state STARTING, RUNNING, PAUSED, RETIRING (no plan names it any more, it finishes what it
 *     has begun), BACKING_OFF or STOPPED
 * @param starts how often the instance was made from its definition
 * @param emitted tuples by output stream
 * @param streams a bolt's inputs, or a spout's outputs
 * @param nextTuples calls of nextTuple; spouts only
 * @param nextTupleNanos time in them
 * @param pending tuple trees under way; spouts only
 * @param queued tuples waiting for the instance
 * @param backPressureMillis for how long the instance's queue was too full (bolt), or the spout was
 *     held back (spout)
 * @param blockedMillis for how long its emits waited for room
 * @param exceptionCount exceptions thrown or reported so far
 * @param exceptions the last of them, newest first
 * @param userMetrics what the component registered and was sampled, by name
 */
public record InstanceCounters(
    String instanceId,
    String component,
    int taskId,
    int componentIndex,
    String kind,
    String state,
    int starts,
    Map<String, Long> emitted,
    List<StreamCounters> streams,
    long nextTuples,
    long nextTupleNanos,
    long pending,
    long queued,
    long backPressureMillis,
    long blockedMillis,
    long exceptionCount,
    List<ExceptionReport> exceptions,
    Map<String, UserMetric> userMetrics) {

  /** Whether it is a spout. */
  public boolean spout() {
    return kind.equals("SPOUT");
  }

  /** All tuples emitted. */
  public long emittedTotal() {
    return emitted.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Tuples executed by {@code component/stream} they came from; empty if it is a spout. */
  public Map<String, Long> executed() {
    Map<String, Long> counts = new TreeMap<>();
    if (!spout()) {
      streams.forEach(stream -> counts.put(stream.path(), stream.executed()));
    }
    return counts;
  }

  /** All tuples executed. */
  public long executedTotal() {
    return sum(StreamCounters::executed);
  }

  /** Tuple trees completed (spout) or tuples acked (bolt). */
  public long acked() {
    return sum(StreamCounters::acked);
  }

  /** Tuple trees failed, time-outs included (spout), or tuples failed (bolt). */
  public long failed() {
    return sum(StreamCounters::failed);
  }

  /** Tuple trees that timed out; spouts only. */
  public long timedOut() {
    return sum(StreamCounters::timedOut);
  }

  /** Mean time in execute, of bolts; in nextTuple, of spouts. */
  public double executeMillis() {
    return spout()
        ? mean(nextTupleNanos, nextTuples)
        : mean(sum(StreamCounters::executeNanos), executedTotal());
  }

  /** Mean time from execute to ack, sampled; bolts only. */
  public double processMillis() {
    return spout() ? 0 : ackMillis();
  }

  /** Mean time from emit to ack of the tree; spouts only. */
  public double completeMillis() {
    return spout() ? ackMillis() : 0;
  }

  private double ackMillis() {
    return mean(sum(StreamCounters::ackNanos), sum(StreamCounters::ackTimes));
  }

  private long sum(ToLongFunction<StreamCounters> what) {
    return streams.stream().mapToLong(what).sum();
  }

  private static double mean(long nanos, long count) {
    return count == 0 ? 0 : nanos / 1e6 / count;
  }

  /**
   * An exception of user code.
   *
   * @param firstEpochMillis when it was first seen
   * @param lastEpochMillis when it was last seen
   * @param count how often the same stack trace was seen
   * @param message its first line
   * @param stackTrace at most a few kilobytes of it
   */
  public record ExceptionReport(
      long firstEpochMillis, long lastEpochMillis, long count, String message, String stackTrace) {}
}
