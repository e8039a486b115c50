package org.apache.heron.framework.storage;

import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;

/** Opens the records of a framework in ZooKeeper. */
public final class ZooKeeperFrameworkStore {
  private ZooKeeperFrameworkStore() {}

  /**
   * Opens a store below {@code <root>/frameworks/<topology>}; nothing is read or written until it
   * takes over.
   *
   * @param client started, and closed by the caller after the store
   * @param root of Heron's tree, for example {@code /heron}
   * @param topology name; no slash
   * @param clock tells when the epoch was taken
   * @throws IllegalArgumentException if the topology's name is no node's name
   */
  public static FrameworkStore open(
      CuratorFramework client, String root, String topology, Clock clock) {
    if (topology.isEmpty() || topology.indexOf('/') >= 0 || topology.startsWith(".")) {
      throw new IllegalArgumentException("'" + topology + "' cannot be a topology's name");
    }
    ExecutorService executor =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "framework-store-" + topology);
              thread.setDaemon(true);
              return thread;
            });
    Patience patience = new Patience(ZooKeeperFrameworkStore::sleep);
    String parent = (root.endsWith("/") ? root.substring(0, root.length() - 1) : root);
    Fence fence =
        new Fence(
            new ZooKeeperNodes(client),
            patience,
            parent + "/frameworks",
            topology,
            UUID.randomUUID().toString());
    return new FencedFrameworkStore(fence, patience, clock, executor, executor::shutdownNow);
  }

  private static void sleep(Duration duration) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(duration.toNanos());
  }
}
