package org.apache.heron.scheduler.aurora;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a job, trying again when that fails. A job that is not there has ended. */
final class JobKill {
  private static final Logger LOG = LoggerFactory.getLogger(JobKill.class);

  private final AuroraClient client;
  private final int attempts;
  private final Duration interval;

  /**
   * @param interval between attempts
   */
  JobKill(AuroraClient client, int attempts, Duration interval) {
    this.client = client;
    this.attempts = attempts;
    this.interval = interval;
  }

  /** Returns when nothing of the job runs; or why that could not be done. */
  Optional<String> run() throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      Optional<ClientFailure> failure = client.killAll();
      if (failure.isEmpty() || failure.get().kind() == ClientFailure.Kind.ABSENT) {
        return Optional.empty();
      }
      String line = failure.get().line();
      if (failure.get().kind() == ClientFailure.Kind.NOTHING_DONE) {
        // It would do nothing the next time, too.
        return Optional.of(line);
      }
      if (attempt >= attempts) {
        return Optional.of(attempts == 1 ? line : line + "; tried " + attempts + " times");
      }
      LOG.warn("attempt {} of {}: {}", attempt, attempts, line);
      TimeUnit.NANOSECONDS.sleep(interval.toNanos());
    }
  }
}
