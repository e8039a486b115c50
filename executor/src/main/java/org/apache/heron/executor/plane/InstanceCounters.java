package org.apache.heron.executor.plane;

import java.util.List;
import java.util.Map;

/**
 * A snapshot of one instance's counters, since the container started; restarts of the instance do
 * not reset them.
 *
 * @param kind SPOUT or BOLT
 * @param state STARTING, RUNNING, PAUSED, RETIRING (no plan names it any more, it finishes what it
 *     has begun), BACKING_OFF or STOPPED
 * @param starts how often the instance was made from its definition
 * @param emitted tuples by output stream
 * @param executed tuples by {@code component/stream} they came from
 * @param acked tuple trees completed (spout) or tuples acked (bolt)
 * @param failed tuple trees failed, time-outs included (spout), or tuples failed (bolt)
 * @param timedOut tuple trees that timed out; spouts only
 * @param pending tuple trees under way; spouts only
 * @param executeMillis mean time in execute, of bolts; in nextTuple, of spouts
 * @param processMillis mean time from execute to ack, sampled; bolts only
 * @param completeMillis mean time from emit to ack of the tree; spouts only
 * @param queued tuples waiting for the instance
 * @param backPressureMillis for how long the instance's queue was too full (bolt), or the spout was
 *     held back (spout)
 * @param blockedMillis for how long its emits waited for room
 * @param exceptionCount exceptions thrown or reported so far
 * @param exceptions the last of them, newest first
 * @param userMetrics what the component registered, as last sampled
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
    Map<String, Long> executed,
    long acked,
    long failed,
    long timedOut,
    long pending,
    double executeMillis,
    double processMillis,
    double completeMillis,
    long queued,
    long backPressureMillis,
    long blockedMillis,
    long exceptionCount,
    List<ExceptionReport> exceptions,
    Map<String, Object> userMetrics) {

  /** All tuples emitted. */
  public long emittedTotal() {
    return emitted.values().stream().mapToLong(Long::longValue).sum();
  }

  /** All tuples executed. */
  public long executedTotal() {
    return executed.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * An exception of user code.
   *
   * @param lastEpochMillis when it was last seen
   * @param count how often the same stack trace was seen
   * @param message its first line
   * @param stackTrace at most a few kilobytes of it
   */
  public record ExceptionReport(
      long lastEpochMillis, long count, String message, String stackTrace) {}
}
