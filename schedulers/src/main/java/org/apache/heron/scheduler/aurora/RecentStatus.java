package org.apache.heron.scheduler.aurora;

import java.time.Duration;
import java.util.Optional;
import org.apache.heron.spi.scheduler.SchedulerException;

/**
 * A job's status of a few seconds ago at most: whoever waits asks several times a second, and each
 * answer costs a start of Aurora's client. Thread-safe.
 */
final class RecentStatus {
  private static final Duration AGE = Duration.ofSeconds(5);

  private final AuroraClient client;
  private Optional<JobStatus> status = Optional.empty();
  private long at;

  RecentStatus(AuroraClient client) {
    this.client = client;
  }

  /**
   * @throws SchedulerException if Aurora cannot be asked
   */
  synchronized JobStatus get() {
    if (status.isEmpty() || System.nanoTime() - at > AGE.toNanos()) {
      try {
        status = Optional.of(client.status());
        at = System.nanoTime();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SchedulerException("cancelled", e);
      }
    }
    return status.get();
  }

  /** Something has changed. */
  synchronized void forget() {
    status = Optional.empty();
  }
}
