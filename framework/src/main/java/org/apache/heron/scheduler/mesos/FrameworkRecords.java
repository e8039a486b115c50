package org.apache.heron.scheduler.mesos;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.SessionConnectionStateErrorPolicy;
import org.apache.curator.retry.BoundedExponentialBackoffRetry;
import org.apache.heron.framework.core.Blueprint;
import org.apache.heron.framework.core.Core;
import org.apache.heron.framework.election.Candidate;
import org.apache.heron.framework.election.Election;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.launch.LaunchNode;
import org.apache.heron.framework.metrics.FrameworkMetrics;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.runtime.FrameworkRuntime;
import org.apache.heron.framework.storage.Batch;
import org.apache.heron.framework.storage.FrameworkRecord;
import org.apache.heron.framework.storage.FrameworkStore;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.framework.storage.StorageException;
import org.apache.heron.framework.storage.Submission;
import org.apache.heron.framework.storage.ZooKeeperFrameworkStore;
import org.apache.heron.service.launch.LaunchRecord;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.statemgr.IStateManager;

/**
 * The framework's records in ZooKeeper, with the client that reaches them, for as long as the
 * process lives: it may come to lead, and cease to, several times. Thread-safe.
 */
final class FrameworkRecords implements AutoCloseable {
  private static final String LOCAL_MODE = "LOCALMODE";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CuratorFramework client;
  private final Duration session;
  private final String root;
  private final String topology;
  private final Clock clock;
  private volatile Optional<FrameworkStore> store = Optional.empty();

  private FrameworkRecords(
      CuratorFramework client, Duration session, String root, String topology, Clock clock) {
    this.client = client;
    this.session = session;
    this.root = root;
    this.topology = topology;
    this.clock = clock;
  }

  /**
   * Opens the records of a topology; reads nothing yet.
   *
   * @param state shared state, open for as long as the records are
   * @throws SchedulerException if shared state is not in ZooKeeper
   */
  static FrameworkRecords open(Config config, IStateManager state, String topology, Clock clock) {
    return new FrameworkRecords(
        client(config, state),
        sessionTimeout(config),
        config.string(Key.STATEMGR_ROOT_PATH),
        topology,
        clock);
  }

  /**
   * A started client of the ZooKeeper that holds shared state, by the same way.
   *
   * @param state open for as long as the client is
   */
  static CuratorFramework client(Config config, IStateManager state) {
    return client(config, state.reachedAt());
  }

  /** A started client of the ZooKeeper that the configuration names. */
  static CuratorFramework client(Config config) {
    return client(config, Optional.empty());
  }

  private static CuratorFramework client(Config config, Optional<String> reachedAt) {
    String servers = config.string(Key.STATEMGR_CONNECTION_STRING);
    if (servers.isBlank() || servers.equals(LOCAL_MODE)) {
      throw new SchedulerException(
          "the Mesos scheduler keeps its records in ZooKeeper, but "
              + Key.STATEMGR_CONNECTION_STRING.text()
              + " is '"
              + servers
              + "' (from "
              + config.sourceOf(Key.STATEMGR_CONNECTION_STRING.text())
              + "); name ZooKeeper's servers as host:port, and the class"
              + " org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager");
    }
    CuratorFramework client =
        CuratorFrameworkFactory.builder()
            .connectString(reachedAt.orElse(servers).replaceAll("\\s+", ""))
            .sessionTimeoutMs((int) sessionTimeout(config).toMillis())
            .connectionTimeoutMs(10_000)
            .retryPolicy(new BoundedExponentialBackoffRetry(100, 1_000, 3))
            // An interrupted connection is not yet a lost session (see Election).
            .connectionStateErrorPolicy(new SessionConnectionStateErrorPolicy())
            .dontUseContainerParents()
            .build();
    client.start();
    return client;
  }

  private static Duration sessionTimeout(Config config) {
    return config.duration(
        "heron.statemgr.zookeeper.session.timeout.ms", ChronoUnit.MILLIS, Duration.ofSeconds(30));
  }

  /** How long it may take until a process that was asked to lead does, for all ZooKeeper knows. */
  Duration patience() {
    return PATIENCE.plus(session);
  }

  /**
   * Deposes whoever scheduled the topology before, and makes a runtime that goes on from there.
   *
   * @param holder who takes over, for people
   * @param start what to do if nothing is on record
   * @throws StorageException.Absent if nothing is, and it is not to begin: after a kill; or if
   *     containers are, but not their framework; or if all is of a later submission
   * @throws StorageException.Away if ZooKeeper has not answered in time
   * @throws SchedulerException if the records cannot be read, or are of another submission
   */
  FrameworkRuntime takeOver(
      Blueprint blueprint,
      Map<ContainerId, Size> sizes,
      String holder,
      Start start,
      FrameworkMetrics metrics) {
    FrameworkStore opened =
        ZooKeeperFrameworkStore.open(
            client, root, new Submission(topology, blueprint.topologyId()), clock);
    store = Optional.of(opened);
    boolean done = false;
    try {
      FrameworkRuntime runtime =
          FrameworkRuntime.restore(
              new Core(blueprint),
              blueprint,
              opened,
              found(opened, holder, start),
              sizes,
              clock,
              holder,
              metrics);
      done = true;
      return runtime;
    } catch (TimeoutException e) {
      throw new StorageException.Away(
          "the records in ZooKeeper could not be read within "
              + PATIENCE.toSeconds()
              + " seconds: "
              + problem(),
          e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StorageException.Absent absent) {
        throw absent;
      }
      throw new SchedulerException(
          e.getCause() instanceof StorageException known
              ? known.getMessage()
              : String.valueOf(e.getCause()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchedulerException("interrupted while the records were read", e);
    } finally {
      if (!done) {
        opened.close();
      }
    }
  }

  private Snapshot found(FrameworkStore opened, String holder, Start start)
      throws ExecutionException, TimeoutException, InterruptedException {
    Snapshot found =
        (start instanceof Start.Successor ? opened.succeed(holder) : opened.takeOver(holder))
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (start instanceof Start.PutBack putBack && found.framework().isEmpty()) {
      return putBack(opened, found, putBack.left());
    }
    if (lacksItsFramework(found)) {
      throw new StorageException.Absent(
          "containers of topology '"
              + topology
              + "' are on record, but not the framework that has launched them");
    }
    return found;
  }

  /** Whose record was emptied by hand: to register anew would leave its tasks to nobody. */
  private static boolean lacksItsFramework(Snapshot found) {
    return found.framework().flatMap(FrameworkRecord::frameworkId).isEmpty()
        && found.containers().values().stream().anyMatch(container -> container.attempts() > 0);
  }

  private static Snapshot putBack(FrameworkStore opened, Snapshot found, Snapshot left)
      throws ExecutionException, TimeoutException, InterruptedException {
    opened
        .write(new Batch(left.framework(), List.copyOf(left.containers().values()), List.of()))
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    // Whoever remembers nothing of the containers may still find them on record.
    return new Snapshot(
        found.epoch(),
        left.framework(),
        left.containers().isEmpty() ? found.containers() : left.containers());
  }

  /** What whoever takes over does if nothing is on record. */
  sealed interface Start {
    /** Begins. */
    record Anew() implements Start {}

    /** Does nothing: there may have been a kill. */
    record Successor() implements Start {}

    /** Puts this on record, and goes on from there. */
    record PutBack(Snapshot left) implements Start {}
  }

  /** Puts on record again how the scheduler was launched, for standbys and other hosts. */
  void putBack(LaunchRecord launch) {
    new LaunchNode(client, root, topology).write(launch); // not closed: the client is not its own
  }

  /** Why records cannot be read or written just now; empty if nothing is wrong. */
  String problem() {
    return store.flatMap(FrameworkStore::problem).orElse("");
  }

  /**
   * True if a scheduler has put anything on record: after a kill there is nothing.
   *
   * @throws StorageException.Away if ZooKeeper does not answer
   */
  boolean exist() {
    return ZooKeeperFrameworkStore.exists(client, root, topology);
  }

  /** Stands for election among the scheduler processes of that submission. */
  Election stand(String topologyId, Candidate self, Election.Listener listener) {
    return Election.enter(
        client, ZooKeeperFrameworkStore.electionPath(root, topology, topologyId), self, listener);
  }

  @Override
  public void close() {
    store.ifPresent(FrameworkStore::close);
    client.close();
  }
}
