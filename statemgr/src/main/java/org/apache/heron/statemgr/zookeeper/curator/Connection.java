package org.apache.heron.statemgr.zookeeper.curator;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.client.ZKClientConfig;

/** A Curator client that is connected, and words for what can go wrong with it. Thread-safe. */
final class Connection implements AutoCloseable {
  private static final int PROBE_MILLIS = 500;

  /** Time to end a session in order. After it the session ends by itself. */
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  private final ZooKeeperSettings settings;
  private final CuratorFramework client;
  private final AtomicLong interruptions = new AtomicLong();

  private Connection(ZooKeeperSettings settings, CuratorFramework client) {
    this.settings = settings;
    this.client = client;
  }

  /**
   * Connects.
   *
   * @throws StateException if that takes longer than the configured limit
   */
  static Connection open(ZooKeeperSettings settings) {
    Connection connection = new Connection(settings, newClient(settings));
    try {
      connection.connect();
      return connection;
    } catch (RuntimeException e) {
      connection.close(Duration.ofMillis(100));
      throw e;
    }
  }

  private static CuratorFramework newClient(ZooKeeperSettings settings) {
    return CuratorFrameworkFactory.builder()
        .connectString(settings.servers())
        .sessionTimeoutMs((int) settings.sessionTimeout().toMillis())
        .connectionTimeoutMs((int) settings.connectionTimeout().toMillis())
        .retryPolicy(
            new BoundedRetry(
                settings.retryCount(), settings.longestPause(), settings.connectionTimeout()))
        // The configured servers are the ones to use; following the ensemble's own list costs a
        // request at every start.
        .ensembleTracker(false)
        .zkClientConfig(clientConfig())
        .build();
  }

  /** Without a JAAS configuration there is nobody to log in as: skip looking for one. */
  private static ZKClientConfig clientConfig() {
    ZKClientConfig config = new ZKClientConfig();
    if (System.getProperty("java.security.auth.login.config") == null) {
      config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
    }
    return config;
  }

  private void connect() {
    client
        .getConnectionStateListenable()
        .addListener(
            (ignored, state) -> {
              if (state == ConnectionState.SUSPENDED || state == ConnectionState.LOST) {
                interruptions.incrementAndGet();
              }
            },
            Runnable::run);
    client.start();
    try {
      long millis = settings.connectionTimeout().toMillis();
      if (!client.blockUntilConnected((int) millis, TimeUnit.MILLISECONDS)) {
        throw new StateException(
            "cannot reach ZooKeeper at %s (%s) within %s: %s"
                .formatted(
                    settings.servers(),
                    settings.origin(),
                    text(millis),
                    probe("a server accepts connections there, but does not answer as ZooKeeper")));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StateException("interrupted while connecting to ZooKeeper", e);
    }
  }

  CuratorFramework client() {
    return client;
  }

  /** The present session. */
  long session() throws Exception {
    return client.getZookeeperClient().getZooKeeper().getSessionId();
  }

  /** How often the connection was lost so far: a reply may be missing if it grows. */
  long interruptions() {
    return interruptions.get();
  }

  /** What the failure of an operation means, in one line. */
  StateException failure(String operation, Exception cause) {
    if (cause instanceof StateException known) {
      return known;
    }
    if (cause instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      return new StateException("interrupted while trying to " + operation, cause);
    }
    if (!(cause instanceof KeeperException refused)) {
      return new StateException("cannot " + operation + ": " + cause, cause);
    }
    return switch (refused.code()) {
      case CONNECTIONLOSS, OPERATIONTIMEOUT, SESSIONEXPIRED, SESSIONMOVED ->
          new StateException(
              "cannot %s: no connection to ZooKeeper at %s (%s): %s"
                  .formatted(
                      operation,
                      settings.servers(),
                      settings.origin(),
                      probe(refused.code().name().toLowerCase(Locale.ROOT))),
              cause);
      case NONODE ->
          new StateException(
              "cannot %s: ZooKeeper has no node for the path behind the servers in %s (%s)"
                  .formatted(operation, settings.servers(), settings.origin()),
              cause);
      case NOAUTH ->
          new StateException(
              "cannot " + operation + ": ZooKeeper does not allow it (the node has an ACL)", cause);
      default -> new StateException("cannot " + operation + ": " + cause.getMessage(), cause);
    };
  }

  private static String text(long millis) {
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }

  /** Why the first server does not answer, as far as a plain connection shows it. */
  private String probe(String whenItAccepts) {
    InetSocketAddress server =
        new ConnectStringParser(settings.servers()).getServerAddresses().get(0);
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(server.getHostString(), server.getPort()), PROBE_MILLIS);
      return whenItAccepts;
    } catch (UnknownHostException e) {
      return "unknown host " + server.getHostString();
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  @Override
  public void close() {
    close(FAREWELL);
  }

  /**
   * ZooKeeper's client says good-bye even to a server that has never said anything, and waits for
   * its answer as long as a session lasts; whoever closes does not.
   */
  private void close(Duration patience) {
    Thread closing = new Thread(client::close, "zookeeper-close");
    closing.setDaemon(true);
    closing.start();
    try {
      closing.join(patience.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
