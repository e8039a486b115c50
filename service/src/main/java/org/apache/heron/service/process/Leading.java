package org.apache.heron.service.process;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins what this process does only while it leads, and ends it when it leads no longer; that may
 * happen several times. What fails is tried again, but an Error ends it all. One thread of its own.
 */
final class Leading implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Leading.class);
  private static final long LOOK_MILLIS = 100;

  private final BooleanSupplier leads;
  private final List<Duty> duties;
  private final CompletableFuture<Void> failed = new CompletableFuture<>();
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "scheduler-leading");
            thread.setDaemon(true);
            return thread;
          });

  /** Something that the leading process does. Called on one thread; both are repeatable. */
  interface Duty {
    /**
     * Called again and again while this process leads: the first time begins, others look after.
     */
    void attend();

    /** This process leads no longer; fine if it never did. */
    void leave();
  }

  Leading(BooleanSupplier leads, List<Duty> duties) {
    this.leads = leads;
    this.duties = duties;
  }

  void follow() {
    looking.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Completes exceptionally with an Error, after which no duty is done any more; or never. */
  CompletableFuture<Void> failed() {
    return failed;
  }

  private void look() {
    try {
      attendOrLeave();
    } catch (Throwable e) { // the thread's edge, which would swallow it and look no more
      failed.completeExceptionally(e);
      throw e;
    }
  }

  private void attendOrLeave() {
    boolean now = leads.getAsBoolean();
    for (Duty duty : duties) {
      try {
        if (now) {
          duty.attend();
        } else {
          duty.leave();
        }
      } catch (RuntimeException e) { // the next look tries again
        LOG.warn("not done now: {}", e.getMessage());
      }
    }
  }

  /** Ends the looking; duties are closed by whoever has made them. */
  @Override
  public void close() {
    looking.shutdownNow();
    try {
      if (!looking.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("a duty of the leader does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
