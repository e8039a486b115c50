package org.apache.heron.executor.metrics;

import java.util.Map;
import java.util.TreeMap;
import org.apache.heron.executor.tuple.StreamInfo;
import org.apache.heron.executor.tuple.StreamTable;

/** Counters of one instance. Each is written by one thread at a time and read by any. */
public final class InstanceStats {

  private final StreamTable streams;
  private final Count[] emitted;
  private final Count[] executed;
  private final Count emittedTotal = new Count();
  private final ExceptionLog exceptions = new ExceptionLog();
  private final UserMetrics userMetrics = new UserMetrics();

  /** Trees completed, or tuples acked. */
  public final Count acked = new Count();

  /** Trees or tuples failed. */
  public final Count failed = new Count();

  /** Trees timed out. */
  public final Count timedOut = new Count();

  /** Calls of execute or nextTuple. */
  public final Count calls = new Count();

  /** Time in them. */
  public final Count callNanos = new Count();

  /** Acks whose process latency was taken. */
  public final Count processed = new Count();

  /** Sum of these latencies. */
  public final Count processNanos = new Count();

  /** Sum over acked trees of the time from emit to ack. */
  public final Count completeNanos = new Count();

  /** Time for which emits waited for room. */
  public final Count blockedNanos = new Count();

  /** Time for which a spout was held back. */
  public final Count clampedNanos = new Count();

  /** Tuples that could not be delivered, since their container was gone. */
  public final Count undeliverable = new Count();

  /** Tuples thrown away to keep a cycle of full queues from standing still. */
  public final Count cycleDrops = new Count();

  /** Tuples lost with the instance that was to execute them. */
  public final Count restartDrops = new Count();

  /** Nothing counted yet. */
  public InstanceStats(StreamTable streams) {
    this.streams = streams;
    emitted = new Count[streams.size() + 1];
    executed = new Count[streams.size() + 1];
    for (int i = 0; i <= streams.size(); i++) {
      emitted[i] = new Count();
      executed[i] = new Count();
    }
  }

  /** Counts a tuple emitted. */
  public void emitted(StreamInfo stream) {
    emitted[stream.index()].add(1);
    emittedTotal.add(1);
  }

  /** Counts a tuple executed. */
  public void executed(StreamInfo stream, long nanos) {
    executed[stream.index()].add(1);
    calls.add(1);
    callNanos.add(nanos);
  }

  /** All tuples emitted. */
  public long emittedTotal() {
    return emittedTotal.get();
  }

  /** Exceptions thrown or reported. */
  public ExceptionLog exceptions() {
    return exceptions;
  }

  /** What user code registered. */
  public UserMetrics userMetrics() {
    return userMetrics;
  }

  /** Tuples emitted by stream of {@code component}. */
  public Map<String, Long> emittedByStream(String component) {
    Map<String, Long> counts = new TreeMap<>();
    streams
        .outputsOf(component)
        .forEach((name, stream) -> counts.put(name, emitted[stream.index()].get()));
    return counts;
  }

  /** Tuples executed by component and stream of origin; those never seen are left out. */
  public Map<String, Long> executedBySource() {
    Map<String, Long> counts = new TreeMap<>();
    for (int i = 0; i < executed.length; i++) {
      if (executed[i].get() > 0) {
        counts.put(streams.get(i).path(), executed[i].get());
      }
    }
    return counts;
  }

  /** Mean of a sum of nanoseconds, in milliseconds; 0 if there were none. */
  public static double meanMillis(Count nanos, Count count) {
    long number = count.get();
    return number == 0 ? 0 : nanos.get() / 1e6 / number;
  }
}
