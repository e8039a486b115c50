package org.apache.heron.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How much later than asked the machine wakes a thread: the yardstick of latencies on a machine
 * with other load, since no program that hands work from thread to thread can be faster.
 */
final class WakeUpDelay implements AutoCloseable {

  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final LatencyHistogram delays = new LatencyHistogram();
  private final Thread thread = new Thread(this::measure, "wake-up delay");
  private volatile boolean stopped;

  private WakeUpDelay() {
    thread.setDaemon(true);
  }

  static WakeUpDelay start() {
    WakeUpDelay delay = new WakeUpDelay();
    delay.thread.start();
    return delay;
  }

  private void measure() {
    while (!stopped) {
      long start = System.nanoTime();
      LockSupport.parkNanos(REST_NANOS);
      long late = Math.max(0, System.nanoTime() - start - REST_NANOS);
      synchronized (delays) {
        delays.add(late);
      }
    }
  }

  String summary() {
    synchronized (delays) {
      return String.format(
          "wake-up delay of an idle thread: p50 %.2f ms, p90 %.2f, p99 %.2f, p99.9 %.2f",
          delays.percentileMillis(50),
          delays.percentileMillis(90),
          delays.percentileMillis(99),
          delays.percentileMillis(99.9));
    }
  }

  @Override
  public void close() {
    stopped = true;
    LockSupport.unpark(thread);
  }
}
