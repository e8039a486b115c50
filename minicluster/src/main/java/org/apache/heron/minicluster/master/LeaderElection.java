package org.apache.heron.minicluster.master;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.net.InetAddresses;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.CuratorWatcher;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.ExponentialBackoffRetry;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.heron.minicluster.json.MesosJsonException;
import org.apache.mesos.v1.Protos.MasterInfo;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A master's node {@code json.info_NNNNNNNNNN} in ZooKeeper and its watch on the others': the
 * lowest leads (zookeeper-leader.jsonl). The listener is called on the master's thread with each
 * new leader, or empty when there is none.
 */
final class LeaderElection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderElection.class);
  private static final String PREFIX = "json.info_";
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

  private final MasterOptions.ZooKeeperPath path;
  private final MasterInfo self;
  private final MasterLoop loop;
  private final Consumer<Optional<MasterInfo>> listener;
  private final CuratorFramework curator;
  private final CuratorWatcher watcher = this::watch;
  private Optional<MasterInfo> leader = Optional.empty();
  private String node;
  private volatile boolean closed;

  LeaderElection(
      MasterOptions.ZooKeeperPath path,
      MasterInfo self,
      MasterLoop loop,
      Consumer<Optional<MasterInfo>> listener) {
    this.path = path;
    this.self = self;
    this.loop = loop;
    this.listener = listener;
    this.curator =
        CuratorFrameworkFactory.newClient(
            path.connectString(),
            Math.toIntExact(path.sessionTimeout().toMillis()),
            5_000,
            new ExponentialBackoffRetry(100, 3, 1_000));
  }

  void start() {
    curator
        .getConnectionStateListenable()
        .addListener((client, connection) -> loop.execute(() -> connectionChanged(connection)));
    curator.start();
    loop.execute(this::join);
    // Curator may begin a new session without a word, and watches end with the old one.
    loop.every(LOOK_INTERVAL, this::join);
  }

  private void connectionChanged(ConnectionState connection) {
    switch (connection) {
      case CONNECTED, RECONNECTED -> join();
      // A leader that cannot see ZooKeeper must not go on leading.
      case SUSPENDED, LOST -> elect(Optional.empty());
      case READ_ONLY -> {}
    }
  }

  /** Makes sure that our node stands, then looks who leads. */
  private void join() {
    if (closed || !curator.getZookeeperClient().isConnected()) {
      return;
    }
    try {
      if (node == null || curator.checkExists().forPath(node) == null) {
        node =
            curator
                .create()
                .creatingParentsIfNeeded()
                .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
                .forPath(path.path() + "/" + PREFIX, MesosJson.write(sorted(self)));
      }
      look();
    } catch (Exception e) { // Curator declares no other; the next look tries again
      LOG.warn("cannot stand for election under {}: {}", path.path(), e.toString());
    }
  }

  /**
   * Something has changed among the nodes. It may be our own that is gone: one of a session that
   * ended while ZooKeeper was away is removed some time after a new session was begun.
   */
  private void watch(WatchedEvent event) {
    if (event.getType() != org.apache.zookeeper.Watcher.Event.EventType.None) {
      loop.execute(this::join);
    }
  }

  private void look() throws Exception {
    List<String> children = curator.getChildren().usingWatcher(watcher).forPath(path.path());
    Optional<String> first =
        children.stream().filter(name -> name.startsWith(PREFIX)).sorted().findFirst();
    if (first.isEmpty()) {
      elect(Optional.empty());
      return;
    }
    try {
      byte[] data = curator.getData().forPath(path.path() + "/" + first.get());
      elect(Optional.of(read(data)));
    } catch (KeeperException.NoNodeException e) {
      LOG.debug("{} disappeared while it was read; the watch tells more", first.get());
    } catch (MesosJsonException e) {
      LOG.warn("{} holds no master: {}", first.get(), e.getMessage());
    }
  }

  private static MasterInfo read(byte[] data) throws MesosJsonException {
    String text = new String(data, StandardCharsets.UTF_8);
    return MesosJson.merge(MesosJson.parse(text), MasterInfo.newBuilder()).build();
  }

  private void elect(Optional<MasterInfo> now) {
    if (!closed && !now.equals(leader)) {
      leader = now;
      listener.accept(now);
    }
  }

  /** The node's fields stand in alphabetical order, as recorded. */
  private static ObjectNode sorted(MasterInfo info) {
    TreeMap<String, com.fasterxml.jackson.databind.JsonNode> fields = new TreeMap<>();
    MesosJson.tree(info)
        .properties()
        .forEach(entry -> fields.put(entry.getKey(), entry.getValue()));
    ObjectNode sorted = MesosJson.object();
    fields.forEach(sorted::set);
    return sorted;
  }

  /** An IPv4 address as Mesos packs it in {@code ip}. */
  static int packed(String address) {
    return Integer.reverseBytes(InetAddresses.coerceToInteger(InetAddresses.forString(address)));
  }

  /** Leaves in order: our node disappears at once. */
  @Override
  public void close() {
    closed = true;
    curator.close();
  }
}
