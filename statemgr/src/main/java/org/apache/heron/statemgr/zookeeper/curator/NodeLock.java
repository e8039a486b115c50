package org.apache.heron.statemgr.zookeeper.curator;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreMutex;
import org.apache.heron.spi.statemgr.IStateManager.Lock;
import org.apache.zookeeper.KeeperException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock with Curator's semaphore mutex, the recipe that upstream uses on the same nodes, so that
 * both exclude each other. ZooKeeper releases it when its holder's session ends.
 */
final class NodeLock implements Lock {
  private static final Logger LOG = LoggerFactory.getLogger(NodeLock.class);

  private static final int ATTEMPTS = 5;

  private final Connection connection;
  private final String path;
  private final InterProcessSemaphoreMutex mutex;
  private final AtomicBoolean released = new AtomicBoolean();

  private NodeLock(Connection connection, String path, InterProcessSemaphoreMutex mutex) {
    this.connection = connection;
    this.path = path;
    this.mutex = mutex;
  }

  static Optional<Lock> acquire(Connection connection, String path, Duration wait) {
    long end = System.nanoTime() + wait.toNanos();
    for (int attempt = 1; ; attempt++) {
      InterProcessSemaphoreMutex mutex = new InterProcessSemaphoreMutex(connection.client(), path);
      long left = Math.max(0, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
      try {
        return mutex.acquire(left, TimeUnit.MILLISECONDS)
            ? Optional.of(new NodeLock(connection, path, mutex))
            : Optional.empty();
      } catch (KeeperException.NoNodeException e) {
        // Whoever removes the locks of a name removes the place of those who wait, too.
        if (attempt == ATTEMPTS) {
          throw connection.failure("take the lock " + path, e);
        }
      } catch (Exception e) {
        throw connection.failure("take the lock " + path, e);
      }
    }
  }

  @Override
  public void close() {
    if (!released.compareAndSet(false, true)) {
      return;
    }
    // Who was interrupted lets go of it all the same, which is not to be stopped by that.
    boolean interrupted = Thread.interrupted();
    try {
      if (connection.client().checkExists().forPath(path) == null) {
        return; // whoever removed the locks of the name removed this one, too
      }
      mutex.release();
      removeEmpty();
    } catch (Exception e) {
      // The session ends with this process at the latest, and with it the lock.
      LOG.warn("{}", connection.failure("release the lock " + path, e).getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The recipe leaves its directories; with nobody else in them they are of no use. */
  private void removeEmpty() throws Exception {
    for (String node : new String[] {path + "/leases", path + "/locks", path}) {
      try {
        connection.client().delete().quietly().forPath(node);
      } catch (KeeperException.NotEmptyException e) {
        // Somebody else waits for the lock, or holds it already.
        return;
      }
    }
  }
}
