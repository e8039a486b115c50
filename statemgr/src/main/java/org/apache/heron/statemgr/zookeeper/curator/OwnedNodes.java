package org.apache.heron.statemgr.zookeeper.curator;

import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ephemeral nodes of this process. ZooKeeper removes them when a session ends, for example
 * after a long pause of this process; they are created anew in the next session. Thread-safe.
 */
final class OwnedNodes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OwnedNodes.class);
  private static final int ATTEMPTS = 20;
  private static final long RETRY_SECONDS = 2;

  /** A node and the session in which it was last written. */
  private record Owned(ByteString data, long session) {}

  private final Connection connection;
  private final CuratorFramework client;
  private final Map<String, Owned> owned = new HashMap<>();
  private final Object lock = new Object();

  // Started with the first node: commands that only read need no thread.
  private ScheduledExecutorService restorer;

  OwnedNodes(Connection connection) {
    this.connection = connection;
    this.client = connection.client();
  }

  /** Writes the node so that it belongs to this session, whoever had it before. */
  void put(String path, byte[] data) throws Exception {
    synchronized (lock) {
      start();
      owned.put(path, new Owned(ByteString.copyFrom(data), write(path, data)));
    }
  }

  /** Creates the node in this session; false if it exists. */
  boolean create(String path, byte[] data) throws Exception {
    synchronized (lock) {
      start();
      try {
        insert(path, data);
      } catch (KeeperException.NodeExistsException e) {
        // After a lost reply the node that exists may be the one just created.
        Stat stat = client.checkExists().forPath(path);
        if (stat == null || stat.getEphemeralOwner() != connection.session()) {
          return false;
        }
        if (owned.containsKey(path)) {
          return false;
        }
      }
      owned.put(path, new Owned(ByteString.copyFrom(data), connection.session()));
      return true;
    }
  }

  /** No longer creates that node anew. */
  void forget(String path) {
    synchronized (lock) {
      owned.remove(path);
    }
  }

  private void start() {
    if (restorer == null) {
      restorer =
          Executors.newSingleThreadScheduledExecutor(
              task -> {
                Thread thread = new Thread(task, "ephemeral-nodes");
                thread.setDaemon(true);
                return thread;
              });
      client
          .getConnectionStateListenable()
          .addListener(
              (ignored, state) -> {
                if (state == ConnectionState.RECONNECTED) {
                  restoreAll();
                }
              },
              restorer);
    }
  }

  private void restoreAll() {
    synchronized (lock) {
      for (String path : List.copyOf(owned.keySet())) {
        try {
          restore(path, owned.get(path));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        } catch (Exception e) {
          LOG.warn(
              "{}; trying again", connection.failure("write " + path + " anew", e).getMessage());
          if (!restorer.isShutdown()) {
            restorer.schedule(this::restoreAll, RETRY_SECONDS, TimeUnit.SECONDS);
          }
          return;
        }
      }
    }
  }

  private void restore(String path, Owned node) throws Exception {
    long session = connection.session();
    if (session == node.session()) {
      return;
    }
    Stat stat = client.checkExists().forPath(path);
    boolean ours = stat == null || stat.getEphemeralOwner() == node.session();
    if (!ours) {
      LOG.warn("{} was taken over by another process and is left to it", path);
      owned.remove(path);
      return;
    }
    owned.put(path, new Owned(node.data(), write(path, node.data().toByteArray())));
    LOG.info("wrote {} anew after a lost ZooKeeper session", path);
  }

  /** Returns the session that owns the node then. */
  private long write(String path, byte[] data) throws Exception {
    for (int attempt = 1; ; attempt++) {
      long session = connection.session();
      try {
        Stat stat = client.checkExists().forPath(path);
        if (stat == null) {
          insert(path, data);
        } else if (stat.getEphemeralOwner() == session) {
          client.setData().forPath(path, data);
        } else {
          replace(path, data, stat);
        }
        return connection.session();
      } catch (KeeperException.NodeExistsException
          | KeeperException.NoNodeException
          | KeeperException.BadVersionException e) {
        // Somebody else wrote or removed it in between; look again.
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void insert(String path, byte[] data) throws Exception {
    client
        .create()
        .creatingParentContainersIfNeeded()
        .withMode(CreateMode.EPHEMERAL)
        .forPath(path, data);
  }

  /** In one step, so that no reader finds the node missing. */
  private void replace(String path, byte[] data, Stat seen) throws Exception {
    client
        .transaction()
        .forOperations(
            client.transactionOp().delete().withVersion(seen.getVersion()).forPath(path),
            client.transactionOp().create().withMode(CreateMode.EPHEMERAL).forPath(path, data));
  }

  @Override
  public void close() {
    synchronized (lock) {
      owned.clear();
      if (restorer != null) {
        restorer.shutdownNow();
      }
    }
  }
}
