package org.apache.heron.minicluster.master;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.heron.web.HttpError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns a master's state. Tasks run in the order in which they are given; after
 * {@link #close} none runs any more. Thread-safe.
 */
final class MasterLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MasterLoop.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ScheduledThreadPoolExecutor executor;

  MasterLoop(String name) {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
  }

  /** Runs soon; nothing happens if the loop is closed. */
  void execute(Runnable work) {
    try {
      executor.execute(guarded(work));
    } catch (RejectedExecutionException e) {
      LOG.debug("the master is closed; a message to it is lost");
    }
  }

  /** Runs once after the delay, unless cancelled or closed before. */
  Future<?> after(Duration delay, Runnable work) {
    try {
      return executor.schedule(guarded(work), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return java.util.concurrent.CompletableFuture.completedFuture(null);
    }
  }

  /** Runs again and again. */
  void every(Duration interval, Runnable work) {
    executor.scheduleAtFixedRate(
        guarded(work), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Runs and waits for the result; {@link HttpError}s of the work are thrown here. */
  <T> T call(Callable<T> work) throws Exception {
    Future<T> result;
    try {
      result = executor.submit(work);
    } catch (RejectedExecutionException e) {
      throw new HttpError(503, "the master is stopping");
    }
    try {
      return result.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } catch (TimeoutException e) {
      throw new HttpError(503, "the master did not answer within " + PATIENCE.toSeconds() + " s");
    }
  }

  /** Lets the calling (not the master's) thread wait, at most as long as a call may take. */
  void pause(Duration time) throws Exception {
    Future<?> over = after(time, () -> {});
    try {
      over.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.debug("a delay of {} is cut to {}", time, PATIENCE);
    }
  }

  private static Runnable guarded(Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (RuntimeException e) { // the thread's edge: one bad message must not end the master
        LOG.error("the master failed at a message", e);
      }
    };
  }

  @Override
  public void close() {
    executor.shutdownNow();
    try {
      executor.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
