package org.apache.heron.framework.runtime;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.heron.framework.core.Timer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rings the core's timers. Set by one thread; rings on its own. */
final class Alarms implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);

  private final Clock clock;
  private final Consumer<Timer> ring;
  private final Consumer<Throwable> broken;
  private final ScheduledThreadPoolExecutor executor;
  private final Map<Timer, Future<?>> set = new HashMap<>();

  /**
   * @param broken told of an Error by which an alarm was not rung
   */
  Alarms(Clock clock, Consumer<Timer> ring, Consumer<Throwable> broken) {
    this.clock = clock;
    this.ring = ring;
    this.broken = broken;
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "framework-alarms");
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
  }

  void set(Timer timer, Instant at) {
    long wait = Math.max(0, Duration.between(clock.instant(), at).toMillis());
    // A clock that steps back between here and the ring would make the core see a timer too early
    // and ignore it; a millisecond more avoids that for rounding, which cuts to milliseconds.
    try {
      Future<?> next = executor.schedule(() -> ring(timer), wait + 1, TimeUnit.MILLISECONDS);
      Future<?> former = set.put(timer, next);
      if (former != null) {
        former.cancel(false);
      }
    } catch (RejectedExecutionException e) {
      LOG.debug("{} is not set: the runtime has stopped", timer);
    }
  }

  private void ring(Timer timer) {
    try {
      ring.accept(timer);
    } catch (Throwable e) { // the thread's edge, which would swallow it
      broken.accept(e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
