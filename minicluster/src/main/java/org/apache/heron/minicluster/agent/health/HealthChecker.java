package org.apache.heron.minicluster.agent.health;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.heron.minicluster.agent.loop.Loop;
import org.apache.mesos.v1.Protos.HealthCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks one task again and again until stopped. For the loop's thread. */
public final class HealthChecker {
  private static final Logger LOG = LoggerFactory.getLogger(HealthChecker.class);

  /** Looks once. Blocks, on a worker. */
  @FunctionalInterface
  public interface Check {
    /**
     * @param limit how long it may take
     * @return true if the task is well
     */
    boolean look(Duration limit) throws Exception;
  }

  /** Hears what the checks say, on the loop's thread. */
  @FunctionalInterface
  public interface Listener {
    /**
     * @param kill true if the task failed so often that it is to be killed
     */
    void healthChanged(boolean healthy, boolean kill);
  }

  private static final Duration NO_LIMIT = Duration.ofDays(1);

  private final HealthCheck settings;
  private final Check check;
  private final Listener listener;
  private final Loop loop;
  private final Executor workers;
  private final HealthHistory history;
  private Loop.Timer next;
  private boolean stopped;

  /** Begins: the first look comes after the check's delay. */
  public HealthChecker(
      HealthCheck settings, Check check, Listener listener, Loop loop, Executor workers) {
    this.settings = settings;
    this.check = check;
    this.listener = listener;
    this.loop = loop;
    this.workers = workers;
    this.history = new HealthHistory(settings, loop.now());
    this.next = loop.after(HealthHistory.seconds(settings.getDelaySeconds()), this::look);
  }

  /** Ends the checks; one under way is not heard. Idempotent. */
  public void stop() {
    stopped = true;
    next.cancel();
  }

  private void look() {
    if (stopped) {
      return;
    }
    try {
      workers.execute(
          () -> {
            boolean success = lookOnce();
            loop.execute(() -> judge(success));
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("the agent stops", e);
    }
  }

  private boolean lookOnce() {
    Duration limit = HealthHistory.seconds(settings.getTimeoutSeconds());
    try {
      return check.look(limit.isZero() ? NO_LIMIT : limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (Exception e) { // whatever keeps a check from succeeding is a failed check
      LOG.debug("a health check failed", e);
      return false;
    }
  }

  private void judge(boolean success) {
    if (stopped) {
      return;
    }
    switch (history.judge(success, loop.now())) {
      case SILENT -> {}
      case HEALTHY -> listener.healthChanged(true, false);
      case UNHEALTHY -> listener.healthChanged(false, false);
      case KILL -> listener.healthChanged(false, true);
    }
    if (!stopped) {
      next = loop.after(HealthHistory.seconds(settings.getIntervalSeconds()), this::look);
    }
  }
}
