package org.apache.heron.framework.storage;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;

/** Opens the records of a framework in ZooKeeper. */
public final class ZooKeeperFrameworkStore {
  private static final String DIRECTORY = "/frameworks";

  private ZooKeeperFrameworkStore() {}

  /**
   * Opens a store below {@code <root>/frameworks/<topology>}; nothing is read or written until it
   * takes over.
   *
   * @param client started, and closed by the caller after the store
   * @param root of Heron's tree, for example {@code /heron}
   * @param submission whose records they are to be
   * @param clock tells when the epoch was taken
   * @throws IllegalArgumentException if the topology's name is no node's name
   */
  public static FrameworkStore open(
      CuratorFramework client, String root, Submission submission, Clock clock) {
    String topology = submission.topology();
    String parent = parent(root, topology);
    ExecutorService executor =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "framework-store-" + topology);
              thread.setDaemon(true);
              return thread;
            });
    Patience patience = new Patience(ZooKeeperFrameworkStore::sleep);
    Fence fence =
        new Fence(
            new ZooKeeperNodes(client), patience, parent, submission, UUID.randomUUID().toString());
    return new FencedFrameworkStore(fence, patience, clock, executor, executor::shutdownNow);
  }

  /**
   * What is on record now, without becoming its writer; empty if nothing is. Records of different
   * containers may be of different moments. Blocks as long as the client's time limits allow.
   *
   * @throws StorageException.Away if ZooKeeper does not answer
   * @throws StorageException.Unreadable if a node holds what cannot be read
   */
  public static Optional<Snapshot> read(CuratorFramework client, String root, String topology) {
    String base = parent(root, topology) + "/" + topology;
    try {
      return new RecordReader(new ZooKeeperNodes(client), base).read();
    } catch (Nodes.Unavailable e) {
      throw new StorageException.Away(e.getMessage(), e);
    }
  }

  /**
   * True if anything is on record of that topology's framework.
   *
   * @throws StorageException.Away if ZooKeeper does not answer
   */
  public static boolean exists(CuratorFramework client, String root, String topology) {
    try {
      return new ZooKeeperNodes(client).read(parent(root, topology) + "/" + topology).isPresent();
    } catch (Nodes.Unavailable e) {
      throw new StorageException.Away(e.getMessage(), e);
    }
  }

  /**
   * Where the scheduler processes of one submission queue up: named as a lock of the topology, so
   * that whoever removes a topology's locks removes it too.
   */
  public static String electionPath(String root, String topology, String topologyId) {
    String parent = parent(root, topology);
    return parent.substring(0, parent.length() - DIRECTORY.length())
        + "/locks/"
        + topology
        + "__leader"
        + Integer.toHexString(topologyId.hashCode());
  }

  private static String parent(String root, String topology) {
    if (topology.isEmpty() || topology.indexOf('/') >= 0 || topology.startsWith(".")) {
      throw new IllegalArgumentException("'" + topology + "' cannot be a topology's name");
    }
    return (root.endsWith("/") ? root.substring(0, root.length() - 1) : root) + DIRECTORY;
  }

  private static void sleep(Duration duration) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(duration.toNanos());
  }
}
