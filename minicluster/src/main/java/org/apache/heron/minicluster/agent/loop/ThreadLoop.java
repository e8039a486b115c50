package org.apache.heron.minicluster.agent.loop;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link Loop} on a daemon thread of its own. An action that throws is logged; others follow. */
public final class ThreadLoop implements Loop, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadLoop.class);

  private final ScheduledThreadPoolExecutor thread;
  private final Clock clock;

  /**
   * @param name of the thread
   * @param clock tells the time; delays are real whatever it says
   */
  public ThreadLoop(String name, Clock clock) {
    this.clock = clock;
    thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread created = new Thread(task, name);
              created.setDaemon(true);
              return created;
            });
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public void execute(Runnable action) {
    try {
      thread.execute(guarded(action));
    } catch (RejectedExecutionException e) {
      LOG.debug("the loop has stopped", e);
    }
  }

  @Override
  public Timer after(Duration delay, Runnable action) {
    try {
      ScheduledFuture<?> future =
          thread.schedule(guarded(action), delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException e) {
      LOG.debug("the loop has stopped", e);
      return () -> {};
    }
  }

  private static Runnable guarded(Runnable action) {
    return () -> {
      try {
        action.run();
      } catch (RuntimeException e) { // the thread's edge
        LOG.error("an action of the agent failed", e);
      }
    };
  }

  /** Lets what has begun end, drops the rest, and waits for it (at most 10 s). */
  @Override
  public void close() {
    thread.getQueue().clear();
    thread.shutdown();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("the agent's loop does not end");
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
