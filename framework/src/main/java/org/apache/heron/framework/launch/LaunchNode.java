package org.apache.heron.framework.launch;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.heron.framework.storage.FrameworkRecord;
import org.apache.heron.proto.framework.FrameworkRecords.Framework;
import org.apache.heron.service.launch.LaunchBook;
import org.apache.heron.service.launch.LaunchRecord;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

/**
 * The launch record in ZooKeeper, {@code <root>/frameworks/<topology>/launch}: so that a scheduler
 * can be started again on a host that never saw its working directory. The framework removes it
 * with its other records.
 */
public final class LaunchNode implements LaunchBook {
  private static final int CONNECT_SECONDS = 30;

  private final CuratorFramework client;
  private final String framework;
  private final String launch;

  /**
   * @param client started; closed with this
   * @param root of Heron's tree
   */
  public LaunchNode(CuratorFramework client, String root, String topology) {
    this.client = client;
    String base = root.endsWith("/") ? root.substring(0, root.length() - 1) : root;
    this.framework = base + "/frameworks/" + topology;
    this.launch = framework + "/launch";
  }

  /** An action on ZooKeeper. */
  private interface Action<T> {
    T run() throws Exception;
  }

  private <T> T attempt(String what, Action<T> action) {
    try {
      if (!client.blockUntilConnected(CONNECT_SECONDS, TimeUnit.SECONDS)) {
        throw new SchedulerException(
            "cannot "
                + what
                + " "
                + launch
                + ": ZooKeeper at "
                + client.getZookeeperClient().getCurrentConnectionString()
                + " has not answered within "
                + CONNECT_SECONDS
                + " seconds");
      }
      return action.run();
    } catch (SchedulerException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchedulerException("interrupted at " + launch, e);
    } catch (Exception e) { // what Curator's builders declare
      throw new SchedulerException("cannot " + what + " " + launch + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void write(LaunchRecord record) {
    byte[] data = record.toText().getBytes(StandardCharsets.UTF_8);
    attempt(
        "write", () -> client.create().orSetData().creatingParentsIfNeeded().forPath(launch, data));
  }

  @Override
  public Optional<LaunchRecord> read() {
    return data(launch)
        .map(bytes -> LaunchRecord.parse(new String(bytes, StandardCharsets.UTF_8), launch));
  }

  /**
   * True if Mesos has given this topology's framework an id, so that tasks of it may run; also if
   * only its containers are still on record, because somebody has removed the framework's record.
   */
  @Override
  public boolean hasBegun() {
    return isRegistered() || children().stream().anyMatch(child -> child.startsWith("container-"));
  }

  private List<String> children() {
    return attempt(
        "read",
        () -> {
          try {
            return client.getChildren().forPath(framework);
          } catch (KeeperException.NoNodeException e) {
            return List.of();
          }
        });
  }

  private boolean isRegistered() {
    return data(framework)
        .filter(bytes -> bytes.length > 0)
        .flatMap(
            bytes ->
                attempt("read", () -> FrameworkRecord.fromProto(Framework.parseFrom(bytes)))
                    .frameworkId())
        .isPresent();
  }

  /**
   * Puts a framework on record that nothing was on record of, so that a scheduler goes on with it.
   *
   * @return false if something is on record by now
   */
  public boolean adopt(FrameworkRecord found) {
    byte[] data = found.toProto().toByteArray();
    return attempt(
        "write",
        () -> {
          try {
            Stat stat = new Stat();
            if (client.getData().storingStatIn(stat).forPath(framework).length > 0) {
              return false;
            }
            client.setData().withVersion(stat.getVersion()).forPath(framework, data);
            return true;
          } catch (KeeperException.NoNodeException e) {
            client.create().creatingParentsIfNeeded().forPath(framework, data);
            return true;
          } catch (KeeperException.BadVersionException | KeeperException.NodeExistsException e) {
            return false;
          }
        });
  }

  private Optional<byte[]> data(String path) {
    return attempt(
        "read",
        () -> {
          try {
            return Optional.of(client.getData().forPath(path));
          } catch (KeeperException.NoNodeException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public void deleteUnlessBegun(String topologyId) {
    if (isRegistered() || isOfAnother(topologyId)) {
      return;
    }
    attempt(
        "remove",
        () -> {
          try {
            List<String> children = client.getChildren().forPath(framework);
            for (String child : children) {
              client.delete().quietly().forPath(framework + "/" + child);
            }
            client.delete().quietly().forPath(framework);
          } catch (KeeperException.NoNodeException e) {
            // Nothing is there: the framework has removed it itself.
          }
          return null;
        });
  }

  private boolean isOfAnother(String topologyId) {
    try {
      return !topologyId.isEmpty()
          && read().filter(record -> !record.topologyId().equals(topologyId)).isPresent();
    } catch (SchedulerException e) {
      if (data(launch).isEmpty()) {
        throw e;
      }
      return false; // no submission can be gone on with by a broken record
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
