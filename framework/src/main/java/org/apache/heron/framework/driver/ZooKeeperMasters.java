package org.apache.heron.framework.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches in ZooKeeper which master leads. While ZooKeeper is away the last known leader stays the
 * candidate: its own connection tells better whether it lives. Thread-safe.
 */
final class ZooKeeperMasters implements MasterDetector {
  private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperMasters.class);
  private static final int SESSION_MILLIS = 10_000;

  /** Looks again at least so often, should a watch ever be lost. */
  private static final long RECHECK_MILLIS = 10_000;

  private static final long RETRY_MILLIS = 1_000;

  private final MasterUri.ZooKeeper uri;
  private final boolean tls;
  private final Runnable changed;
  private final CuratorFramework client;
  private final Semaphore look = new Semaphore(0);

  /** One object, which ZooKeeper's client registers once however often it is given. */
  private final Watcher watcher = event -> look.release();

  private final Thread thread;
  private volatile boolean closed;
  private volatile Optional<Endpoint> leader = Optional.empty();
  private volatile String problem;

  /**
   * Starts to watch.
   *
   * @param connectLimit for a connection to ZooKeeper
   * @param changed called on the detector's thread when the leader or the problem is another
   */
  ZooKeeperMasters(MasterUri.ZooKeeper uri, boolean tls, Duration connectLimit, Runnable changed) {
    this.uri = uri;
    this.tls = tls;
    this.changed = changed;
    this.problem = "asking ZooKeeper " + uri + " (" + MasterUri.KEY + ") which master leads";
    CuratorFrameworkFactory.Builder builder =
        CuratorFrameworkFactory.builder()
            .connectString(uri.servers())
            .sessionTimeoutMs(SESSION_MILLIS)
            .connectionTimeoutMs(Math.toIntExact(connectLimit.toMillis()))
            .retryPolicy(new RetryOneTime(100));
    uri.digest()
        .ifPresent(pair -> builder.authorization("digest", pair.getBytes(StandardCharsets.UTF_8)));
    client = builder.build();
    client.getConnectionStateListenable().addListener((ignored, state) -> look.release());
    client.start();
    thread = new Thread(this::watch, "mesos-leader");
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    try {
      while (!closed) {
        boolean known = lookSafely();
        look.tryAcquire(known ? RECHECK_MILLIS : RETRY_MILLIS, TimeUnit.MILLISECONDS);
        look.drainPermits();
      }
    } catch (InterruptedException e) {
      LOG.debug("no longer watching {}", uri);
    }
  }

  /** The thread's edge: an Error must not end the watching, so it is looked again. */
  private boolean lookSafely() throws InterruptedException {
    try {
      return refresh();
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      problem = "watching ZooKeeper " + uri + " (" + MasterUri.KEY + ") has failed: " + e;
      LOG.error("the leading Mesos master cannot be watched now", e);
      return false;
    }
  }

  /** Looks once, leaving a watch; true if it is known who leads. */
  private boolean refresh() throws InterruptedException {
    Optional<String> node = Optional.empty();
    try {
      List<String> children = client.getChildren().usingWatcher(watcher).forPath(uri.path());
      node = LeaderNode.leading(children);
      if (node.isEmpty()) {
        lead(Optional.empty(), "no Mesos master leads: " + uri + " holds no json.info_ node");
        return false;
      }
      byte[] data = client.getData().forPath(uri.path() + "/" + node.get());
      lead(Optional.of(LeaderNode.endpoint(data, tls)), "");
      return true;
    } catch (KeeperException.NoNodeException e) {
      if (node.isPresent()) {
        // The leader fell between the two questions: ask again at once.
        look.release();
      } else {
        lead(Optional.empty(), "no Mesos master leads: " + uri + " does not exist in ZooKeeper");
      }
      return false;
    } catch (InterruptedException e) {
      throw e;
    } catch (IOException e) {
      lead(leader, uri + "/" + node.orElse("") + " cannot be understood: " + e.getMessage());
      return false;
    } catch (Exception e) {
      if (!closed) {
        lead(leader, "ZooKeeper " + uri + " does not answer: " + e.getMessage());
      }
      return false;
    }
  }

  private void lead(Optional<Endpoint> now, String why) {
    String text = why.isEmpty() ? "" : why + " (" + MasterUri.KEY + ")";
    if (!now.equals(leader) || !text.equals(problem)) {
      if (now.isPresent() && !now.equals(leader)) {
        LOG.info("{} leads, says {}", now.get(), uri);
      }
      leader = now;
      problem = text;
      changed.run();
    }
  }

  @Override
  public List<Endpoint> candidates() {
    return leader.stream().toList();
  }

  @Override
  public boolean knowsLeader() {
    return true;
  }

  @Override
  public String problem() {
    return problem;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    client.close();
  }
}
