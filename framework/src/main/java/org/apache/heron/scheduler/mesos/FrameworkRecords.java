package org.apache.heron.scheduler.mesos;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.BoundedExponentialBackoffRetry;
import org.apache.heron.framework.core.Blueprint;
import org.apache.heron.framework.core.Core;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.metrics.FrameworkMetrics;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.runtime.FrameworkRuntime;
import org.apache.heron.framework.storage.FrameworkStore;
import org.apache.heron.framework.storage.ZooKeeperFrameworkStore;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.scheduler.SchedulerException;

/** The framework's records in ZooKeeper, with the client that reaches them. Thread-safe. */
final class FrameworkRecords implements AutoCloseable {
  private static final String LOCAL_MODE = "LOCALMODE";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CuratorFramework client;
  private final FrameworkStore store;

  private FrameworkRecords(CuratorFramework client, FrameworkStore store) {
    this.client = client;
    this.store = store;
  }

  /**
   * Opens the records of a topology; reads nothing yet.
   *
   * @throws SchedulerException if shared state is not in ZooKeeper
   */
  static FrameworkRecords open(Config config, String topology, Clock clock) {
    CuratorFramework client = client(config);
    return new FrameworkRecords(
        client,
        ZooKeeperFrameworkStore.open(
            client, config.string(Key.STATEMGR_ROOT_PATH), topology, clock));
  }

  /** A started client of the ZooKeeper that holds shared state. */
  static CuratorFramework client(Config config) {
    String servers = config.string(Key.STATEMGR_CONNECTION_STRING);
    if (servers.isBlank() || servers.equals(LOCAL_MODE)) {
      throw new SchedulerException(
          "the Mesos scheduler keeps its records in ZooKeeper, but "
              + Key.STATEMGR_CONNECTION_STRING.text()
              + " is '"
              + servers
              + "' (from "
              + config.sourceOf(Key.STATEMGR_CONNECTION_STRING.text())
              + "); name ZooKeeper's servers as host:port, and the class"
              + " org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager");
    }
    CuratorFramework client =
        CuratorFrameworkFactory.builder()
            .connectString(servers.replaceAll("\\s+", ""))
            .sessionTimeoutMs(
                (int)
                    config
                        .duration(
                            "heron.statemgr.zookeeper.session.timeout.ms",
                            ChronoUnit.MILLIS,
                            Duration.ofSeconds(30))
                        .toMillis())
            .connectionTimeoutMs(10_000)
            .retryPolicy(new BoundedExponentialBackoffRetry(100, 1_000, 3))
            .dontUseContainerParents()
            .build();
    client.start();
    return client;
  }

  /**
   * Deposes whoever scheduled the topology before, and makes a runtime that goes on from there.
   *
   * @throws SchedulerException if the records cannot be read, or are of another submission
   */
  FrameworkRuntime takeOver(
      Blueprint blueprint, Map<ContainerId, Size> sizes, Clock clock, FrameworkMetrics metrics) {
    String holder =
        System.getProperty("user.name", "?") + ", process " + ProcessHandle.current().pid();
    try {
      return FrameworkRuntime.restore(
          new Core(blueprint),
          blueprint,
          store,
          store.takeOver(holder).get(PATIENCE.toSeconds(), TimeUnit.SECONDS),
          sizes,
          clock,
          metrics);
    } catch (TimeoutException e) {
      throw new SchedulerException(
          "the records in ZooKeeper could not be read within "
              + PATIENCE.toSeconds()
              + " seconds: "
              + problem(),
          e);
    } catch (ExecutionException e) {
      throw new SchedulerException(String.valueOf(e.getCause().getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchedulerException("interrupted while the records were read", e);
    }
  }

  /** Why records cannot be read or written just now; empty if nothing is wrong. */
  String problem() {
    return store.problem().orElse("");
  }

  @Override
  public void close() {
    store.close();
    client.close();
  }
}
