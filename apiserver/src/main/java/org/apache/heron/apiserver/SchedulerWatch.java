package org.apache.heron.apiserver;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.heron.apiserver.rest.ServedCluster;
import org.apache.heron.client.ErrorText;
import org.apache.heron.client.runtime.SchedulerRevival;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Once after the start, has the schedulers started again that lived beside this server and have
 * ended with it; tries until shared state can be reached.
 */
final class SchedulerWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SchedulerWatch.class);
  private static final Duration AGAIN = Duration.ofSeconds(20);

  private final ServedCluster cluster;
  private final CountDownLatch looked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  private SchedulerWatch(ServedCluster cluster) {
    this.cluster = cluster;
    this.thread = new Thread(this::run, "api-schedulers");
    thread.setDaemon(true);
  }

  static SchedulerWatch begin(ServedCluster cluster) {
    SchedulerWatch watch = new SchedulerWatch(cluster);
    watch.thread.start();
    return watch;
  }

  private void run() {
    SchedulerRevival revival = new SchedulerRevival(cluster::settings);
    try {
      while (!attempt(revival)) {
        if (closed.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("the search for schedulers ends");
    } finally {
      looked.countDown();
    }
  }

  private boolean attempt(SchedulerRevival revival) throws InterruptedException {
    try {
      revival.run(cluster.anyone());
      return true;
    } catch (RuntimeException e) {
      // The edge of a thread; next time it may go better.
      LOG.warn("cannot see which schedulers are gone: {}", ErrorText.of(e));
      LOG.debug("cannot see which schedulers are gone", e);
      return false;
    }
  }

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
