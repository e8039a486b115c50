package org.apache.heron.statemgr.zookeeper.curator;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.curator.CuratorZookeeperClient;
import org.apache.curator.RetryLoop;
import org.apache.curator.utils.ZKPaths;
import org.apache.heron.statemgr.tree.StateTree;

/**
 * Creates the directories that are missing, as ZooKeeper containers like upstream. All are looked
 * for at once, so that a command pays for one round trip, not nine.
 */
final class TreeBuilder {
  private static final long LOOK_SECONDS = 5;

  private TreeBuilder() {}

  static void create(Connection connection, StateTree tree) {
    for (String directory : missing(connection, tree.directories())) {
      try {
        createContainers(connection.client().getZookeeperClient(), directory);
      } catch (Exception e) {
        throw connection.failure("create " + directory, e);
      }
    }
  }

  /** Curator's own createContainers says nothing when it fails. */
  private static void createContainers(CuratorZookeeperClient client, String directory)
      throws Exception {
    RetryLoop.callWithRetry(
        client,
        () -> {
          ZKPaths.mkdirs(client.getZooKeeper(), directory, true, null, true);
          return directory;
        });
  }

  /** Those of the directories that are not certain to exist. */
  private static List<String> missing(Connection connection, List<String> directories) {
    Set<String> found = ConcurrentHashMap.newKeySet();
    CountDownLatch answers = new CountDownLatch(directories.size());
    try {
      for (String directory : directories) {
        connection
            .client()
            .checkExists()
            .inBackground(
                (client, event) -> {
                  if (event.getStat() != null) {
                    found.add(directory);
                  }
                  answers.countDown();
                })
            .forPath(directory);
      }
      // Too few answers only mean that creating is tried, which says what is wrong.
      boolean all = answers.await(LOOK_SECONDS, TimeUnit.SECONDS);
      List<String> missing = new ArrayList<>(directories);
      if (all || !found.isEmpty()) {
        missing.removeAll(found);
      }
      return missing;
    } catch (Exception e) {
      throw connection.failure("look for the directories in ZooKeeper", e);
    }
  }
}
