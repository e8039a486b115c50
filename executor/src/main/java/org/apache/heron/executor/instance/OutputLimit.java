package org.apache.heron.executor.instance;

import java.util.concurrent.TimeUnit;

/**
 * How many bytes a second an instance may emit: its share of {@code topology.component.output.bps}.
 * Used under its emitter's monitor, and asked by the emitter's owner.
 */
final class OutputLimit {

  /** What may be emitted at once after a pause, in time: more would make a short burst a stall. */
  private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private volatile double nanosPerByte;
  private volatile long paidNanos = System.nanoTime();

  /**
   * @param bytesPerSecond of the whole component, positive
   * @param instances among which it is divided
   */
  void share(long bytesPerSecond, int instances) {
    nanosPerByte = 1e9 / bytesPerSecond * Math.max(1, instances);
  }

  /** So many bytes were emitted. */
  void charge(int bytes, long now) {
    long from = Math.max(paidNanos - now, -BURST_NANOS);
    paidNanos = now + from + (long) (bytes * nanosPerByte);
  }

  /** For how long nothing more may be emitted; zero or less if something may. */
  long waitNanos(long now) {
    return paidNanos - now;
  }
}
