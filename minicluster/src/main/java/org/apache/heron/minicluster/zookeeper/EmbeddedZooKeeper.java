package org.apache.heron.minicluster.zookeeper;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.apache.heron.minicluster.ports.FreePort;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;

/**
 * A standalone ZooKeeper server on loopback. It keeps its data in the given directory, so that a
 * server started again on the same directory and port goes on where it was, also after its process
 * was killed. It does not wait for the disk, so that after a failure of the machine itself the last
 * writes may be missing; {@code -Dzookeeper.forceSync=yes} has it wait. Thread-safe.
 */
public final class EmbeddedZooKeeper implements AutoCloseable {
  private static final int TICK_MILLIS = 500;
  private static final String FORCE_SYNC = "zookeeper.forceSync";

  private final Path directory;
  private final int port;
  private FileTxnSnapLog log;
  private ZooKeeperServer server;
  private ServerCnxnFactory factory;

  private EmbeddedZooKeeper(Path directory, int port) throws IOException {
    this.directory = directory;
    this.port = FreePort.listen(port, this::start);
  }

  /**
   * Starts a server.
   *
   * @param directory for its data; created if absent
   * @param port to listen on; 0 takes a free one that no outgoing connection gets while the server
   *     is stopped
   * @throws IOException if the port is taken or the directory cannot be written; the message names
   *     it
   */
  public static EmbeddedZooKeeper start(Path directory, int port) throws IOException {
    return new EmbeddedZooKeeper(directory, port);
  }

  private int start(int onPort) throws IOException {
    System.setProperty("zookeeper.admin.enableServer", "false");
    if (System.getProperty(FORCE_SYNC) == null) {
      System.setProperty(FORCE_SYNC, "no");
    }
    log = new FileTxnSnapLog(directory.toFile(), directory.toFile());
    server = new ZooKeeperServer(log, TICK_MILLIS, "");
    server.setMinSessionTimeout(TICK_MILLIS * 2);
    server.setMaxSessionTimeout(TICK_MILLIS * 240);
    try {
      factory = new NIOServerCnxnFactory();
      factory.configure(new InetSocketAddress("127.0.0.1", onPort), 0);
      factory.startup(server);
      return factory.getLocalPort();
    } catch (IOException e) {
      log.close();
      throw new IOException(
          "ZooKeeper cannot listen on 127.0.0.1:" + onPort + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      log.close();
      throw new IOException("interrupted while starting ZooKeeper", e);
    }
  }

  /** The port that is listened on. */
  public int port() {
    return port;
  }

  /** {@code 127.0.0.1:port}. */
  public String connectString() {
    return "127.0.0.1:" + port;
  }

  /**
   * Stops the server and starts it again on the same port and data: clients lose their connection.
   */
  public synchronized void restart() throws IOException {
    stop();
    start(port);
  }

  /**
   * Ends a client's session as an expiry does, before any request that the server gets afterwards:
   * its ephemeral nodes go, its connection is cut, and it is told so when it connects again.
   *
   * @param session what the client's {@code getSessionId()} says; an unknown one is ignored
   * @throws IllegalStateException if the server is stopped
   */
  public synchronized void endSession(long session) {
    if (factory == null) {
      throw new IllegalStateException(
          "ZooKeeper at " + connectString() + " is stopped: start it to end session " + session);
    }
    server.closeSession(session);
  }

  /** Stops the server, keeping its data. Idempotent. */
  public synchronized void stop() {
    if (factory != null) {
      factory.shutdown();
      factory = null;
      try {
        log.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException("cannot close the log in " + directory, e);
      }
    }
  }

  @Override
  public void close() {
    stop();
  }
}
