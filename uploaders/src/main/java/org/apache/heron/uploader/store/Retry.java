package org.apache.heron.uploader.store;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.heron.spi.uploader.UploadProgress;

/** Carries out a step as often as the policy says. */
final class Retry {
  /** A step of an upload. */
  interface Step<T> {
    T run() throws StoreException, InterruptedException;
  }

  private final RetryPolicy policy;
  private final UploadProgress progress;

  Retry(RetryPolicy policy, UploadProgress progress) {
    this.policy = policy;
    this.progress = progress;
  }

  <T> T run(Step<T> step) throws StoreException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return step.run();
      } catch (StoreException e) {
        Optional<Duration> pause = policy.pause(attempt, ThreadLocalRandom.current().nextDouble());
        if (!e.isPassing() || pause.isEmpty()) {
          throw attempt == 1
              ? e
              : StoreException.lasting(e.getMessage() + " (tried " + attempt + " times)", e);
        }
        progress.notice(
            "Uploading: "
                + e.getMessage()
                + "; attempt "
                + (attempt + 1)
                + " of "
                + policy.attempts()
                + " follows in "
                + pause.get().toMillis()
                + " ms");
        TimeUnit.NANOSECONDS.sleep(pause.get().toNanos());
      }
    }
  }
}
