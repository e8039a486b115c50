package org.apache.heron.statemgr.zookeeper.curator;

import com.google.protobuf.Message;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.CuratorWatcher;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.framework.state.ConnectionStateListener;
import org.apache.heron.spi.statemgr.IStateManager.Watch;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.statemgr.tree.StateTree;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one node with ZooKeeper's one-time watches: each read sets the next watch, so no change
 * can fall between. Reads again after every reconnection, because a new session has no watches.
 */
final class NodeWatch<M extends Message> implements Watch {
  private static final Logger LOG = LoggerFactory.getLogger(NodeWatch.class);
  private static final long RETRY_SECONDS = 1;

  private final Connection connection;
  private final CuratorFramework client;
  private final StateKind<M> kind;
  private final String path;
  private final Consumer<Optional<M>> listener;
  private final ScheduledExecutorService executor;
  private final CuratorWatcher watcher = this::changed;
  private final ConnectionStateListener reconnections = (ignored, state) -> connected(state);

  // Only touched by the executor's thread.
  private boolean told;
  private byte[] last;

  private NodeWatch(
      Connection connection, StateKind<M> kind, String path, Consumer<Optional<M>> listener) {
    this.connection = connection;
    this.client = connection.client();
    this.kind = kind;
    this.path = path;
    this.listener = listener;
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "watch " + path);
              thread.setDaemon(true);
              return thread;
            });
  }

  static <M extends Message> NodeWatch<M> start(
      Connection connection, StateKind<M> kind, String path, Consumer<Optional<M>> listener) {
    NodeWatch<M> watch = new NodeWatch<>(connection, kind, path, listener);
    watch.client.getConnectionStateListenable().addListener(watch.reconnections, Runnable::run);
    watch.submit(0);
    return watch;
  }

  private void changed(WatchedEvent event) {
    if (event.getType() != Watcher.Event.EventType.None) {
      submit(0);
    }
  }

  private void connected(ConnectionState state) {
    if (state == ConnectionState.RECONNECTED) {
      submit(0);
    }
  }

  private void submit(long delaySeconds) {
    try {
      executor.schedule(this::refresh, delaySeconds, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      LOG.trace("the watch of {} is closed", path);
    }
  }

  private void refresh() {
    byte[] data;
    try {
      data = read();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } catch (Exception e) {
      LOG.debug("{}", connection.failure("read " + path, e).getMessage());
      submit(RETRY_SECONDS);
      return;
    }
    if (!told || !Arrays.equals(data, last)) {
      tell(data);
    }
  }

  /** The node's bytes, null if it does not exist; leaves a watch in either case. */
  private byte[] read() throws Exception {
    while (true) {
      try {
        return client.getData().usingWatcher(watcher).forPath(path);
      } catch (KeeperException.NoNodeException e) {
        if (client.checkExists().usingWatcher(watcher).forPath(path) == null) {
          return null;
        }
      }
    }
  }

  private void tell(byte[] data) {
    Optional<M> value;
    try {
      value = data == null ? Optional.empty() : Optional.of(StateTree.parse(kind, data, path));
    } catch (StateException e) {
      // Unreadable is not absent: the listener keeps its last value.
      LOG.warn("{}; waiting for the next change", e.getMessage());
      return;
    }
    told = true;
    last = data;
    try {
      listener.accept(value);
    } catch (RuntimeException e) {
      LOG.error("the listener of {} failed", path, e);
    }
  }

  @Override
  public void close() {
    client.getConnectionStateListenable().removeListener(reconnections);
    executor.shutdownNow();
  }
}
