package org.apache.heron.statemgr.zookeeper.curator;

import com.google.protobuf.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.curator.framework.CuratorFramework;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.statemgr.tree.StateTree;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/**
 * Shared state in ZooKeeper, in upstream's tree and bytes.
 *
 * <p>Locations of running processes are ephemeral nodes; the scheduler's location is one only when
 * {@code heron.scheduler.is.service} is true. An operation that meets a lost connection waits for
 * its return, at most as long as {@code heron.statemgr.zookeeper.connection.timeout.ms} says.
 */
public final class CuratorStateManager implements IStateManager {
  /** ZooKeeper's default limit of a request, which a larger one ends with the connection. */
  private static final int MAX_REQUEST = Integer.getInteger("jute.maxbuffer", 0xfffff);

  private static final int REQUEST_OVERHEAD = 512;
  private static final int ATTEMPTS = 20;

  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private ZooKeeperSettings settings;
  private ZooKeeperTunnel tunnel;
  private Connection connection;
  private OwnedNodes owned;

  @Override
  public int mostBytes() {
    return MAX_REQUEST - REQUEST_OVERHEAD;
  }

  @Override
  public void initialize(Config config) {
    ZooKeeperSettings configured = ZooKeeperSettings.of(config);
    tunnel = ZooKeeperTunnel.open(config, configured.servers());
    settings = configured.withServers(tunnel.servers());
    connection = Connection.open(settings);
    owned = new OwnedNodes(connection);
    if (settings.initializeTree()) {
      TreeBuilder.create(connection, settings.tree());
    }
  }

  @Override
  public Optional<String> reachedAt() {
    return Optional.ofNullable(tunnel).map(ZooKeeperTunnel::servers);
  }

  @Override
  public <M extends Message> Optional<M> get(StateKind<M> kind, String topology) {
    String path = settings.tree().node(kind, topology);
    try {
      return Optional.of(StateTree.parse(kind, client().getData().forPath(path), path));
    } catch (KeeperException.NoNodeException e) {
      return Optional.empty();
    } catch (Exception e) {
      throw connection.failure("read " + path, e);
    }
  }

  @Override
  public <M extends Message> boolean create(StateKind<M> kind, String topology, M message) {
    String path = settings.tree().node(kind, topology);
    byte[] data = bytes(path, message);
    try {
      return isEphemeral(kind) ? owned.create(path, data) : createPersistent(path, data);
    } catch (Exception e) {
      throw connection.failure("create " + path, e);
    }
  }

  private boolean createPersistent(String path, byte[] data) throws Exception {
    long interruptions = connection.interruptions();
    try {
      client().create().creatingParentContainersIfNeeded().forPath(path, data);
      return true;
    } catch (KeeperException.NodeExistsException e) {
      return connection.interruptions() != interruptions && isUntouched(path, data);
    }
  }

  /** True if the node is as a create whose reply was lost would have left it. */
  private boolean isUntouched(String path, byte[] data) throws Exception {
    Stat stat = new Stat();
    try {
      byte[] present = client().getData().storingStatIn(stat).forPath(path);
      return stat.getVersion() == 0 && Arrays.equals(present, data);
    } catch (KeeperException.NoNodeException e) {
      return false;
    }
  }

  @Override
  public <M extends Message> void put(StateKind<M> kind, String topology, M message) {
    String path = settings.tree().node(kind, topology);
    byte[] data = bytes(path, message);
    try {
      if (isEphemeral(kind)) {
        owned.put(path, data);
      } else {
        putPersistent(path, data);
      }
    } catch (Exception e) {
      throw connection.failure("write " + path, e);
    }
  }

  private void putPersistent(String path, byte[] data) throws Exception {
    for (int attempt = 1; ; attempt++) {
      try {
        client().setData().forPath(path, data);
        return;
      } catch (KeeperException.NoNodeException e) {
        if (createPersistent(path, data)) {
          return;
        }
        // Created by somebody else in between: the next round replaces that.
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  @Override
  public boolean delete(StateKind<?> kind, String topology) {
    String path = settings.tree().node(kind, topology);
    long interruptions = connection.interruptions();
    owned.forget(path);
    try {
      client().delete().forPath(path);
      return true;
    } catch (KeeperException.NoNodeException e) {
      // After a lost reply the node that is missing may be the one just removed.
      return connection.interruptions() != interruptions;
    } catch (Exception e) {
      throw connection.failure("delete " + path, e);
    }
  }

  @Override
  public boolean exists(StateKind<?> kind, String topology) {
    String path = settings.tree().node(kind, topology);
    try {
      return client().checkExists().forPath(path) != null;
    } catch (Exception e) {
      throw connection.failure("look for " + path, e);
    }
  }

  @Override
  public List<String> list(StateKind<?> kind) {
    String path = settings.tree().directory(kind);
    try {
      return children(path).stream().sorted().toList();
    } catch (Exception e) {
      throw connection.failure("list " + path, e);
    }
  }

  private List<String> children(String path) throws Exception {
    try {
      return client().getChildren().forPath(path);
    } catch (KeeperException.NoNodeException e) {
      return List.of();
    }
  }

  @Override
  public <M extends Message> Watch watch(
      StateKind<M> kind, String topology, Consumer<Optional<M>> listener) {
    NodeWatch<M> watch =
        NodeWatch.start(connection, kind, settings.tree().node(kind, topology), listener);
    watches.add(watch);
    return () -> {
      watches.remove(watch);
      watch.close();
    };
  }

  @Override
  public Optional<Lock> lock(String topology, String name, Duration wait) {
    return NodeLock.acquire(connection, settings.tree().lock(topology, name), wait);
  }

  @Override
  public List<String> lockedTopologies() {
    String directory = settings.tree().lockDirectory();
    try {
      return children(directory).stream()
          .flatMap(node -> StateTree.lockedTopology(node).stream())
          .distinct()
          .sorted()
          .toList();
    } catch (Exception e) {
      throw connection.failure("list " + directory, e);
    }
  }

  @Override
  public void deleteLocks(String topology) {
    deleteLocksIf(topology, node -> true);
  }

  @Override
  public void deleteLocksBut(String topology, String name) {
    String kept = settings.tree().lock(topology, name);
    deleteLocksIf(topology, node -> !kept.endsWith("/" + node));
  }

  private void deleteLocksIf(String topology, Predicate<String> unwanted) {
    StateTree.checked(topology);
    String directory = settings.tree().lockDirectory();
    try {
      for (String node : children(directory)) {
        if (StateTree.isLockOf(topology, node) && unwanted.test(node)) {
          client().delete().quietly().deletingChildrenIfNeeded().forPath(directory + "/" + node);
        }
      }
    } catch (Exception e) {
      throw connection.failure("delete the locks of " + topology + " in " + directory, e);
    }
  }

  @Override
  public List<String> missingDirectories() {
    try {
      List<String> missing = new ArrayList<>();
      for (String directory : settings.tree().directories()) {
        if (client().checkExists().forPath(directory) == null) {
          missing.add(directory);
        }
      }
      return missing;
    } catch (Exception e) {
      throw connection.failure("look for the directories", e);
    }
  }

  /** For tests, which end sessions. */
  Connection connection() {
    return connection;
  }

  private boolean isEphemeral(StateKind<?> kind) {
    return kind.equals(StateKind.SCHEDULER_LOCATION)
        ? settings.schedulerIsEphemeral()
        : kind.ephemeral();
  }

  private byte[] bytes(String path, Message message) {
    byte[] bytes = message.toByteArray();
    if (bytes.length > mostBytes()) {
      throw new StateException(
          "cannot write %s: its %d bytes are more than ZooKeeper takes (%d, jute.maxbuffer)"
              .formatted(path, bytes.length, MAX_REQUEST));
    }
    return bytes;
  }

  private CuratorFramework client() {
    return connection.client();
  }

  @Override
  public void close() {
    watches.forEach(Watch::close);
    watches.clear();
    if (owned != null) {
      owned.close();
    }
    if (connection != null) {
      connection.close();
    }
    if (tunnel != null) {
      tunnel.close();
    }
  }
}
