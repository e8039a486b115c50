package org.apache.heron.cli.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import org.apache.heron.minicluster.MiniCluster;

/**
 * A minicluster of the shape that a user asked for. The only class that touches the minicluster.
 */
final class EmbeddedCluster implements AutoCloseable {
  private static final int PORTS_OF_AN_AGENT = 200;

  private final MiniCluster cluster;

  private EmbeddedCluster(MiniCluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Starts ZooKeeper, a master and agents.
   *
   * @param masterPort 0 takes a free one
   * @param zookeeperPort 0 takes a free one
   * @throws IOException if a port is taken; the message names it
   */
  static EmbeddedCluster start(
      Path directory, ClusterShape shape, int masterPort, int zookeeperPort) throws IOException {
    MiniCluster.Builder builder =
        MiniCluster.builder()
            .directory(directory)
            .masterPort(masterPort)
            .zooKeeperPort(zookeeperPort);
    SplittableRandom random = new SplittableRandom();
    for (int i = 0; i < shape.agents; i++) {
      PortBlock ports = PortBlock.find(PORTS_OF_AN_AGENT, random);
      String resources =
          String.format(
              Locale.ROOT,
              "cpus:%s;mem:%d;disk:%d;%s",
              shape.cpus,
              shape.memMb,
              shape.diskMb,
              ports.asResource());
      String rack = "rack:r" + (i + 1);
      builder.agent(agent -> agent.hostname("localhost").resources(resources).attributes(rack));
    }
    return new EmbeddedCluster(builder.start());
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
