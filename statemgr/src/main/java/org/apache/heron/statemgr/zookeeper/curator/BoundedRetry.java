package org.apache.heron.statemgr.zookeeper.curator;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.curator.RetryPolicy;
import org.apache.curator.RetrySleeper;

/**
 * Tries an operation again while the connection is lost: soon at first, then ever later, but never
 * for longer than the connection's time limit. Curator's own exponential policy would, with
 * upstream's 10 attempts from 10 seconds on, keep a command waiting for hours.
 */
record BoundedRetry(int attempts, Duration longestPause, Duration limit) implements RetryPolicy {
  private static final long FIRST_PAUSE_MILLIS = 50;

  @Override
  public boolean allowRetry(int retryCount, long elapsedTimeMs, RetrySleeper sleeper) {
    long left = limit.toMillis() - elapsedTimeMs;
    if (retryCount >= attempts || left <= 0) {
      return false;
    }
    long doubled = FIRST_PAUSE_MILLIS << Math.min(retryCount, 20);
    try {
      sleeper.sleepFor(
          Math.min(left, Math.min(doubled, longestPause.toMillis())), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
