package org.apache.heron.minicluster.agent.loop;

import java.time.Duration;
import java.time.Instant;

/**
 * One thread and its clock: what is given to it runs in order, one at a time. Thread-safe. A test
 * gives a loop whose time it moves itself.
 */
public interface Loop {
  /** The time now. */
  Instant now();

  /** Runs the action after those that were given before; ignored once the loop has stopped. */
  void execute(Runnable action);

  /** Runs the action on the loop after the delay, unless it is cancelled. */
  Timer after(Duration delay, Runnable action);

  /** Something that will happen. */
  @FunctionalInterface
  interface Timer {
    /** Prevents it, if it has not begun. Idempotent. */
    void cancel();
  }
}
