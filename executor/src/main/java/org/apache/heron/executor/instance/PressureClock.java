package org.apache.heron.executor.instance;

import java.time.Duration;
import org.apache.heron.executor.delivery.Inbox;

/** Measures for how long a queue was too full. Thread-safe. */
final class PressureClock {

  private long totalNanos;
  private long sinceNanos;
  private boolean raised;

  /** An alarm that passes on to {@code next} and is measured. */
  Inbox.Alarm around(Inbox.Alarm next) {
    return new Inbox.Alarm() {
      @Override
      public void raised() {
        begin();
        next.raised();
      }

      @Override
      public void ended() {
        end();
        next.ended();
      }
    };
  }

  private synchronized void begin() {
    raised = true;
    sinceNanos = System.nanoTime();
  }

  private synchronized void end() {
    raised = false;
    totalNanos += System.nanoTime() - sinceNanos;
  }

  synchronized Duration total() {
    return Duration.ofNanos(totalNanos + (raised ? System.nanoTime() - sinceNanos : 0));
  }
}
