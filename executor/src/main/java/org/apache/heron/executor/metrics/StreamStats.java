package org.apache.heron.executor.metrics;

import org.apache.heron.executor.plane.StreamCounters;
import org.apache.heron.executor.tuple.StreamInfo;

/** Counters of one instance for one stream. Each is written by one thread at a time. */
final class StreamStats {
  private final StreamInfo stream;
  private final boolean declared;

  final Count emitted = new Count();
  final Count executed = new Count();
  final Count executeNanos = new Count();
  final Count acked = new Count();
  final Count ackTimes = new Count();
  final Count ackNanos = new Count();
  final Count failed = new Count();
  final Count failTimes = new Count();
  final Count failNanos = new Count();
  final Count timedOut = new Count();

  /** Nothing counted yet; {@code declared} if the instance's component takes or emits it. */
  StreamStats(StreamInfo stream, boolean declared) {
    this.stream = stream;
    this.declared = declared;
  }

  /** Whether there is something to tell, if only that nothing has come yet. */
  boolean matters() {
    return declared || executed.get() > 0 || acked.get() > 0 || failed.get() > 0;
  }

  StreamCounters counters() {
    return new StreamCounters(
        stream.component(),
        stream.stream(),
        executed.get(),
        executeNanos.get(),
        acked.get(),
        ackTimes.get(),
        ackNanos.get(),
        failed.get(),
        failTimes.get(),
        failNanos.get(),
        timedOut.get());
  }
}
