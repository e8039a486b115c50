package org.apache.heron.framework.election;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.framework.state.ConnectionStateListener;
import org.apache.zookeeper.KeeperException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One candidacy: a place in the queue of those who want to schedule a topology, by Curator's
 * LeaderLatch. Its listener is told in order, on one thread of its own. Thread-safe.
 *
 * <p>The queue only decides who tries; that a former leader can do no harm is the epoch's business
 * ({@link org.apache.heron.framework.storage.FrameworkStore}). So a leader whose process is known
 * to be dead may be {@linkplain #remove removed} from the queue at once, instead of waiting for its
 * session to end.
 *
 * <p>The client must have the error policy {@code SessionConnectionStateErrorPolicy}: a connection
 * that is interrupted is told apart from a session that is lost.
 */
public final class Election implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Election.class);

  /** Curator's name of a candidate's node, before its number. */
  private static final String NODE_NAME = "latch-";

  private final CuratorFramework client;
  private final String path;
  private final Candidate self;
  private final Listener listener;
  private final LeaderLatch latch;
  private final ConnectionStateListener connection = (ignored, state) -> connection(state);
  private final ExecutorService telling;
  private boolean leading;
  private boolean interrupted;

  /** What a candidate is told. Nothing here may block for long. */
  public interface Listener {
    /** This process leads from now on. Followed by {@link #lost}, if the process lives. */
    void elected();

    /** The connection is interrupted: whether this process still leads is not known. */
    void suspended(String why);

    /** The connection is back, and this process has led all the time. */
    void resumed();

    /** This process leads no longer. The candidacy is over: {@link #close} it, and begin anew. */
    void lost(String why);
  }

  /**
   * A candidate in the queue.
   *
   * @param candidate empty if its node cannot be read by this version
   */
  record Place(String path, Optional<Candidate> candidate) {}

  private Election(CuratorFramework client, String path, Candidate self, Listener listener) {
    this.client = client;
    this.path = path;
    this.self = self;
    this.listener = listener;
    telling =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "scheduler-election");
              thread.setDaemon(true);
              return thread;
            });
    latch = new LeaderLatch(client, path, self.toText());
  }

  /**
   * Enters the queue; while ZooKeeper is away, as soon as it is back.
   *
   * @param client started
   * @param path of the queue's node, made when it is not there
   */
  public static Election enter(
      CuratorFramework client, String path, Candidate self, Listener listener) {
    Election election = new Election(client, path, self, listener);
    election.latch.addListener(election.new LatchListener(), election.telling);
    client.getConnectionStateListenable().addListener(election.connection, election.telling);
    try {
      election.latch.start();
    } catch (Exception e) { // what Curator declares; what it does later is in the background
      election.close();
      throw new IllegalStateException("cannot stand for election at " + path, e);
    }
    return election;
  }

  private final class LatchListener implements LeaderLatchListener {
    @Override
    public void isLeader() {
      leading = true;
      listener.elected();
    }

    @Override
    public void notLeader() {
      if (leading) {
        leading = false;
        listener.lost("ZooKeeper has ended the session, after a pause or an outage");
      }
    }
  }

  private void connection(ConnectionState state) {
    switch (state) {
      case SUSPENDED -> {
        if (leading) {
          interrupted = true;
          listener.suspended(
              "the connection to ZooKeeper "
                  + client.getZookeeperClient().getCurrentConnectionString()
                  + " is interrupted; nothing is decided until it is back");
        }
      }
      case RECONNECTED -> {
        if (leading && interrupted) {
          listener.resumed();
        }
        interrupted = false;
      }
      // The latch tells of a lost session, after which there is nothing to go on with.
      case LOST, CONNECTED, READ_ONLY -> {}
    }
  }

  /** Who stands for election, the one who leads or is to lead first; reads ZooKeeper. */
  List<Place> queue() throws Exception {
    List<String> nodes;
    try {
      nodes = client.getChildren().forPath(path);
    } catch (KeeperException.NoNodeException e) {
      return List.of();
    }
    List<Place> places = new java.util.ArrayList<>();
    for (String node : nodes.stream().sorted(Comparator.comparing(Election::number)).toList()) {
      try {
        byte[] data = client.getData().forPath(path + "/" + node);
        places.add(
            new Place(
                path + "/" + node, Candidate.parse(new String(data, StandardCharsets.UTF_8))));
      } catch (KeeperException.NoNodeException e) {
        LOG.debug("{} has just left the queue", node);
      }
    }
    return places;
  }

  private static String number(String node) {
    return node.substring(node.lastIndexOf(NODE_NAME) + NODE_NAME.length());
  }

  /** The first in the queue; empty if it is nobody, or this candidate. */
  Optional<Place> rival() throws Exception {
    return queue().stream()
        .findFirst()
        .filter(first -> !first.candidate().equals(Optional.of(self)));
  }

  /** True if another process is known to be first in the queue, so that this one cannot lead. */
  public boolean isOvertaken() {
    try {
      return rival().isPresent();
    } catch (Exception e) { // what Curator declares
      LOG.debug("the queue cannot be read now: {}", e.getMessage());
      return false;
    }
  }

  /** Takes a candidate out of the queue whose process is known to be dead. */
  void remove(Place dead) throws Exception {
    client.delete().quietly().forPath(dead.path());
  }

  /** Leaves the queue; nothing is told any more. Idempotent. */
  @Override
  public void close() {
    client.getConnectionStateListenable().removeListener(connection);
    telling.shutdownNow();
    try {
      if (latch.getState() == LeaderLatch.State.STARTED) {
        latch.close(LeaderLatch.CloseMode.SILENT);
      }
      // The last to leave removes the queue; others find it not empty.
      client.delete().quietly().inBackground().forPath(path);
    } catch (Exception e) { // what Curator declares
      LOG.debug("the place in the queue {} ends with the session: {}", path, e.getMessage());
    }
  }
}
