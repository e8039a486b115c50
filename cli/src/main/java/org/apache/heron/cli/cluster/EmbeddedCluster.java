package org.apache.heron.cli.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.heron.minicluster.MiniCluster;

/**
 * A minicluster of the shape that a user asked for. The only class that touches the minicluster.
 */
final class EmbeddedCluster implements AutoCloseable {
  /** How long a master that is brought back waits for its agents; they are brought back with it. */
  private static final Duration REREGISTER_TIMEOUT = Duration.ofMinutes(10);

  private final MiniCluster cluster;

  private EmbeddedCluster(MiniCluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Starts ZooKeeper, a master and agents, or brings back those that were in the directory, with
   * ZooKeeper's data, what the master knew, and the tasks that still run.
   *
   * @param masterPort 0 takes a free one
   * @param zookeeperPort 0 takes a free one
   * @throws IOException if a port is taken; the message names it
   */
  static EmbeddedCluster start(
      Path directory, List<AgentShape> agents, int masterPort, int zookeeperPort)
      throws IOException {
    MiniCluster.Builder builder =
        MiniCluster.builder()
            .directory(directory)
            .registryOnDisk(REREGISTER_TIMEOUT)
            .masterPort(masterPort)
            .zooKeeperPort(zookeeperPort);
    for (AgentShape each : agents) {
      builder.agent(
          agent ->
              agent
                  .hostname("localhost")
                  .resources(each.resources())
                  .attributes(each.attributes()));
    }
    return new EmbeddedCluster(builder.start());
  }

  /** Ends the tasks of a cluster whose process has died. */
  static void endTasks(Path directory) throws IOException {
    MiniCluster.destroyTasks(directory);
  }

  /** The leading master as {@code host:port}. */
  String master() {
    return cluster.masterAddress();
  }

  /** ZooKeeper as {@code host:port}. */
  String zookeeper() {
    return cluster.zooKeeper().connectString();
  }

  @Override
  public void close() {
    cluster.close();
  }
}
