package org.apache.heron.framework.election;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
  private final ConnectionStateListener connection =
      (ignored, state) -> tell(() -> connection(state));
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

    /** One of the others has failed with this, an Error perhaps, and is not called again. */
    void broken(Throwable failure);
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
      tell(
          () -> {
            leading = true;
            listener.elected();
          });
    }

    @Override
    public void notLeader() {
      tell(
          () -> {
            if (leading) {
              leading = false;
              listener.lost("ZooKeeper has ended the session, after a pause or an outage");
            }
          });
    }
  }

  /** The thread's edge: Curator only logs what is thrown to it, and leads on with nobody there. */
  private void tell(Runnable news) {
    try {
      news.run();
    } catch (Throwable e) {
      listener.broken(e);
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

  /** The first in the queue, this candidate perhaps; empty if it is nobody. Reads ZooKeeper. */
  Optional<Place> first() throws Exception {
    for (String node : nodes()) {
      Optional<Place> place = place(node);
      if (place.isPresent()) {
        return place;
      }
    }
    return Optional.empty();
  }

  /** True if that is this candidate. */
  boolean isSelf(Place place) {
    return place.candidate().equals(Optional.of(self));
  }

  /** Who stands for election, the one who leads or is to lead first; reads ZooKeeper. */
  List<Place> queue() throws Exception {
    List<Place> places = new ArrayList<>();
    for (String node : nodes()) {
      place(node).ifPresent(places::add);
    }
    return places;
  }

  /** The candidates' nodes in the order of their numbers. */
  private List<String> nodes() throws Exception {
    try {
      return client.getChildren().forPath(path).stream()
          .sorted(Comparator.comparing(Election::number))
          .toList();
    } catch (KeeperException.NoNodeException e) {
      return List.of();
    }
  }

  private Optional<Place> place(String node) throws Exception {
    try {
      String text = new String(client.getData().forPath(path + "/" + node), StandardCharsets.UTF_8);
      return Optional.of(new Place(path + "/" + node, Candidate.parse(text)));
    } catch (KeeperException.NoNodeException e) {
      LOG.debug("{} has just left the queue", node);
      return Optional.empty();
    }
  }

  private static String number(String node) {
    return node.substring(node.lastIndexOf(NODE_NAME) + NODE_NAME.length());
  }

  /** The first in the queue; empty if it is nobody, or this candidate. */
  Optional<Place> rival() throws Exception {
    return first().filter(first -> !isSelf(first));
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
