package org.apache.heron.statemgr.zookeeper.curator;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.heron.minicluster.zookeeper.EmbeddedZooKeeper;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.statemgr.StateManagers;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real server, a client of its own, and managers that are closed after the test. */
@Timeout(180)
@SuppressWarnings("try")
abstract class ZooKeeperFixture {
  static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path directory;
  EmbeddedZooKeeper server;
  CuratorFramework other;
  private final List<IStateManager> opened = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server = EmbeddedZooKeeper.start(directory, 0);
    other = CuratorFrameworkFactory.newClient(server.connectString(), new RetryOneTime(100));
    other.start();
  }

  @AfterEach
  void stop() {
    opened.forEach(IStateManager::close);
    other.close();
    server.close();
  }

  Map<String, Object> settings() {
    Map<String, Object> values = new TreeMap<>();
    values.put("heron.class.state.manager", CuratorStateManager.class.getName());
    values.put("heron.statemgr.connection.string", server.connectString());
    values.put("heron.statemgr.root.path", "/heron");
    return values;
  }

  IStateManager open(Map<String, Object> values) {
    IStateManager manager = StateManagers.open(Config.of(values));
    opened.add(manager);
    return manager;
  }

  IStateManager open() {
    return open(settings());
  }

  /** Ends the manager's session on the server, as an expiry does. */
  void loseSession(IStateManager manager) throws Exception {
    Connection connection = ((CuratorStateManager) manager).connection();
    server.endSession(connection.client().getZookeeperClient().getZooKeeper().getSessionId());
  }

  long owner(String path) throws Exception {
    Stat stat = other.checkExists().forPath(path);
    return stat == null ? -1 : stat.getEphemeralOwner();
  }
}
