package org.apache.heron.scheduler.mesos;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.curator.framework.CuratorFramework;
import org.apache.heron.framework.storage.FrameworkRecord;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.framework.storage.ZooKeeperFrameworkStore;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.diagnosis.Life;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.zookeeper.KeeperException;

/**
 * What schedulers have put into ZooKeeper besides upstream's nodes: records, and their election.
 */
final class TopologyRecords implements AutoCloseable {
  private static final int CONNECT_SECONDS = 15;
  private static final String SEPARATOR = "__";

  private final Config config;
  private final String root;
  private Optional<CuratorFramework> client = Optional.empty();

  TopologyRecords(Config config) {
    this.config = config;
    String path = config.string(Key.STATEMGR_ROOT_PATH);
    this.root = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** An action on ZooKeeper. */
  private interface Action<T> {
    T run(CuratorFramework client) throws Exception;
  }

  private <T> T attempt(String what, Action<T> action) {
    try {
      if (client.isEmpty()) {
        client = Optional.of(FrameworkRecords.client(config));
      }
      if (!client.get().blockUntilConnected(CONNECT_SECONDS, TimeUnit.SECONDS)) {
        throw new SchedulerException("ZooKeeper has not answered within 15 seconds");
      }
      return action.run(client.get());
    } catch (RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchedulerException("interrupted at " + what, e);
    } catch (Exception e) { // what Curator's builders declare
      throw new SchedulerException("cannot " + what + ": " + e.getMessage(), e);
    }
  }

  private List<String> children(String path) {
    return attempt(
        "list " + path,
        zooKeeper -> {
          try {
            return zooKeeper.getChildren().forPath(path);
          } catch (KeeperException.NoNodeException e) {
            return List.<String>of();
          }
        });
  }

  /** Topologies with records. */
  Set<String> topologies() {
    return new TreeSet<>(children(root + "/frameworks"));
  }

  /** That it runs, if a scheduler process of it is alive; empty if there is none. */
  Optional<Life> life(String topology) {
    try {
      for (String candidate : candidates(topology)) {
        return Optional.of(
            Life.running("a scheduler process stands for election (" + candidate + ")"));
      }
      return Optional.empty();
    } catch (SchedulerException e) {
      return Optional.of(Life.unknown(e.getMessage()));
    }
  }

  /** The nodes of living scheduler processes: each ends with its process' session. */
  private List<String> candidates(String topology) {
    List<String> candidates = new ArrayList<>();
    for (String lock : children(root + "/locks")) {
      // As ZooKeeperFrameworkStore.electionPath names it; 'a' and 'a__leader' are two topologies.
      if (lock.matches(Pattern.quote(topology + SEPARATOR + "leader") + "[0-9a-f]+")) {
        children(root + "/locks/" + lock).forEach(node -> candidates.add(lock + "/" + node));
      }
    }
    return candidates;
  }

  /**
   * The framework's id on record.
   *
   * @throws RuntimeException if there is a record that cannot be read
   */
  Optional<String> frameworkId(String topology) {
    return attempt(
            "read the records of " + topology,
            zooKeeper -> ZooKeeperFrameworkStore.read(zooKeeper, root, topology))
        .flatMap(Snapshot::framework)
        .flatMap(FrameworkRecord::frameworkId);
  }

  /** Removes the records of a topology that has no scheduler process. */
  void delete(String topology) {
    if (!candidates(topology).isEmpty()) {
      throw new SchedulerException(
          "a scheduler process of '" + topology + "' has come up just now; nothing is removed");
    }
    String path = root + "/frameworks/" + topology;
    attempt(
        "remove " + path,
        zooKeeper -> zooKeeper.delete().quietly().deletingChildrenIfNeeded().forPath(path));
  }

  @Override
  public void close() {
    client.ifPresent(CuratorFramework::close);
  }
}
