package org.apache.heron.apiserver;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.heron.apiserver.rest.ServedCluster;
import org.apache.heron.client.ErrorText;
import org.apache.heron.client.runtime.SchedulerRevival;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * After the start, has the schedulers started again that lived beside this server and have ended
 * with it; tries, less and less often, until shared state can be reached and none of them is left
 * that could not be started.
 */
final class SchedulerWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SchedulerWatch.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(20);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  private final Search search;
  private final Duration firstPause;
  private final CountDownLatch looked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  /** Starts again the schedulers that are gone. */
  interface Search {
    /**
     * Looks once.
     *
     * @return those that were gone
     */
    List<SchedulerRevival.Outcome> run() throws InterruptedException;
  }

  private SchedulerWatch(Search search, Duration firstPause) {
    this.search = search;
    this.firstPause = firstPause;
    this.thread = new Thread(this::run, "api-schedulers");
    thread.setDaemon(true);
  }

  static SchedulerWatch begin(ServedCluster cluster) {
    SchedulerRevival revival = new SchedulerRevival(cluster::settings);
    return begin(() -> revival.run(cluster.anyone()), FIRST_PAUSE);
  }

  /**
   * @param firstPause before the second look; each later one is twice as long, up to 10 minutes
   */
  static SchedulerWatch begin(Search search, Duration firstPause) {
    SchedulerWatch watch = new SchedulerWatch(search, firstPause);
    watch.thread.start();
    return watch;
  }

  private void run() {
    Duration pause = firstPause;
    try {
      while (!attempt()) {
        if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
        Duration next = pause.multipliedBy(2);
        pause = next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
      }
    } catch (InterruptedException e) {
      LOG.debug("the search for schedulers ends");
    } finally {
      looked.countDown();
    }
  }

  private boolean attempt() throws InterruptedException {
    try {
      // What is wrong with one was logged, and may be put right.
      boolean all = search.run().stream().allMatch(each -> each.problem().isEmpty());
      looked.countDown();
      return all;
    } catch (RuntimeException e) {
      // The edge of a thread; next time it may go better.
      LOG.warn("cannot see which schedulers are gone: {}", ErrorText.of(e));
      LOG.debug("cannot see which schedulers are gone", e);
      return false;
    }
  }

  /** Returns when all were looked at once. */
  void await() throws InterruptedException {
    looked.await();
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(30));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
