package org.apache.heron.executor.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.heron.executor.plane.StreamCounters;
import org.apache.heron.executor.tuple.StreamInfo;
import org.apache.heron.executor.tuple.StreamTable;

/** Counters of one instance. Each is written by one thread at a time and read by any. */
public final class InstanceStats {

  private final StreamTable streams;
  private final StreamStats[] byStream;
  private final Count emittedTotal = new Count();
  private final ExceptionLog exceptions = new ExceptionLog();
  private final UserMetrics userMetrics = new UserMetrics();

  /** Calls of nextTuple. */
  public final Count nextTuples = new Count();

  /** Time in them. */
  public final Count nextTupleNanos = new Count();

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

  /**
   * Nothing counted yet.
   *
   * @param declared a bolt's inputs or a spout's outputs: told from the beginning
   */
  public InstanceStats(StreamTable streams, Set<StreamInfo> declared) {
    this.streams = streams;
    byStream = new StreamStats[streams.size() + 1];
    for (int i = 0; i <= streams.size(); i++) {
      byStream[i] = new StreamStats(streams.get(i), declared.contains(streams.get(i)));
    }
  }

  /** Counts a tuple emitted. */
  public void emitted(StreamInfo stream) {
    byStream[stream.index()].emitted.add(1);
    emittedTotal.add(1);
  }

  /** Counts a tuple executed. */
  public void executed(StreamInfo stream, long nanos) {
    StreamStats counts = byStream[stream.index()];
    counts.executed.add(1);
    counts.executeNanos.add(nanos);
  }

  /** Counts a tuple acked, or a tree completed, that was not timed. */
  public void acked(StreamInfo stream) {
    byStream[stream.index()].acked.add(1);
  }

  /** Counts a tuple acked after so long, or a tree completed. */
  public void acked(StreamInfo stream, long nanos) {
    StreamStats counts = byStream[stream.index()];
    counts.acked.add(1);
    counts.ackTimes.add(1);
    counts.ackNanos.add(nanos);
  }

  /** Counts a tuple failed that was not timed. */
  public void failed(StreamInfo stream) {
    byStream[stream.index()].failed.add(1);
  }

  /** Counts a tuple failed after so long, or a tree. */
  public void failed(StreamInfo stream, long nanos) {
    StreamStats counts = byStream[stream.index()];
    counts.failed.add(1);
    counts.failTimes.add(1);
    counts.failNanos.add(nanos);
  }

  /** Counts a tree that failed because nobody was heard of it in time. */
  public void timedOut(StreamInfo stream) {
    byStream[stream.index()].timedOut.add(1);
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
        .forEach((name, stream) -> counts.put(name, byStream[stream.index()].emitted.get()));
    return counts;
  }

  /** Tuples executed, acked and failed by stream; those neither declared nor seen are left out. */
  public List<StreamCounters> streams() {
    return Arrays.stream(byStream).filter(StreamStats::matters).map(StreamStats::counters).toList();
  }
}
