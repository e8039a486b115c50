package org.apache.heron.statemgr.zookeeper.curator;

import static org.apache.heron.spi.statemgr.StateKind.SCHEDULER_LOCATION;
import static org.apache.heron.spi.statemgr.StateKind.STATEFUL_CHECKPOINTS;
import static org.apache.heron.spi.statemgr.StateKind.TMANAGER_LOCATION;
import static org.apache.heron.spi.statemgr.StateKind.TOPOLOGY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreMutex;
import org.apache.curator.retry.RetryOneTime;
import org.apache.heron.minicluster.zookeeper.EmbeddedZooKeeper;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.ckptmgr.CheckpointManager.StatefulConsistentCheckpoints;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.IStateManager.Lock;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.statemgr.Samples;
import org.apache.heron.statemgr.StateManagers;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
@SuppressWarnings("try")
class CuratorStateManagerTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private EmbeddedZooKeeper server;
  private CuratorFramework other;
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

  private Map<String, Object> settings() {
    Map<String, Object> values = new TreeMap<>();
    values.put("heron.class.state.manager", CuratorStateManager.class.getName());
    values.put("heron.statemgr.connection.string", server.connectString());
    values.put("heron.statemgr.root.path", "/heron");
    values.put("heron.statemgr.zookeeper.session.timeout.ms", 10_000);
    return values;
  }

  private IStateManager open(Map<String, Object> values) {
    IStateManager manager = StateManagers.open(Config.of(values));
    opened.add(manager);
    return manager;
  }

  private IStateManager open() {
    return open(settings());
  }

  /** Ends the manager's session on the server, as an expiry does. */
  private static void loseSession(IStateManager manager) throws Exception {
    Connection connection = ((CuratorStateManager) manager).connection();
    org.apache.zookeeper.ZooKeeper handle = connection.client().getZookeeperClient().getZooKeeper();
    CountDownLatch connected = new CountDownLatch(1);
    org.apache.zookeeper.ZooKeeper twin =
        new org.apache.zookeeper.ZooKeeper(
            connection.client().getZookeeperClient().getCurrentConnectionString(),
            10_000,
            event -> connected.countDown(),
            handle.getSessionId(),
            handle.getSessionPasswd());
    assertThat(connected.await(60, TimeUnit.SECONDS)).isTrue();
    twin.close();
  }

  private long owner(String path) throws Exception {
    Stat stat = other.checkExists().forPath(path);
    return stat == null ? -1 : stat.getEphemeralOwner();
  }

  @Test
  void theTreeIsUpstreams() throws Exception {
    open();
    assertThat(other.getChildren().forPath("/heron"))
        .containsExactlyInAnyOrder(
            "tmanagers",
            "metricscaches",
            "topologies",
            "packingplans",
            "pplans",
            "executionstate",
            "schedulers",
            "statefulcheckpoints",
            "locks");
  }

  @Test
  void theTreeIsLeftAloneWhenConfiguredSoAndStillGrowsWithTheFirstNode() throws Exception {
    Map<String, Object> values = settings();
    values.put("heron.statemgr.zookeeper.is.initialize.tree", false);
    IStateManager manager = open(values);
    assertThat(other.checkExists().forPath("/heron")).isNull();
    assertThat(manager.get(TOPOLOGY, "words")).isEmpty();
    assertThat(manager.list(TOPOLOGY)).isEmpty();
    manager.put(TOPOLOGY, "words", Samples.topology("words-1"));
    assertThat(manager.list(TOPOLOGY)).containsExactly("words");
  }

  @Test
  void aNodeHoldsTheBareMessage() throws Exception {
    IStateManager manager = open();
    assertThat(manager.create(TOPOLOGY, "words", Samples.topology("words-1"))).isTrue();
    assertThat(other.getData().forPath("/heron/topologies/words"))
        .isEqualTo(Samples.topology("words-1").toByteArray());
    assertThat(owner("/heron/topologies/words")).isZero();
    assertThat(manager.get(TOPOLOGY, "words")).contains(Samples.topology("words-1"));
  }

  @Test
  void createLeavesWhatIsThereAndPutReplacesIt() {
    IStateManager manager = open();
    assertThat(manager.create(TOPOLOGY, "words", Samples.topology("1"))).isTrue();
    assertThat(manager.create(TOPOLOGY, "words", Samples.topology("1"))).isFalse();
    assertThat(manager.create(TOPOLOGY, "words", Samples.topology("2"))).isFalse();
    assertThat(manager.get(TOPOLOGY, "words")).contains(Samples.topology("1"));
    manager.put(TOPOLOGY, "words", Samples.topology("3"));
    assertThat(manager.get(TOPOLOGY, "words")).contains(Samples.topology("3"));
    manager.put(TMANAGER_LOCATION, "words", Samples.tmanager(1));
    assertThat(manager.create(TMANAGER_LOCATION, "words", Samples.tmanager(2))).isFalse();
  }

  @Test
  void deleteSaysWhetherThereWasSomething() {
    IStateManager manager = open();
    manager.put(STATEFUL_CHECKPOINTS, "words", StatefulConsistentCheckpoints.getDefaultInstance());
    assertThat(manager.exists(STATEFUL_CHECKPOINTS, "words")).isTrue();
    assertThat(manager.get(STATEFUL_CHECKPOINTS, "words"))
        .contains(StatefulConsistentCheckpoints.getDefaultInstance());
    assertThat(manager.delete(STATEFUL_CHECKPOINTS, "words")).isTrue();
    assertThat(manager.delete(STATEFUL_CHECKPOINTS, "words")).isFalse();
    assertThat(manager.exists(STATEFUL_CHECKPOINTS, "words")).isFalse();
  }

  @Test
  void whatIsNotTheMessageIsAnErrorThatNamesTheNode() throws Exception {
    IStateManager manager = open();
    other.create().forPath("/heron/topologies/words", "junk".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> manager.get(TOPOLOGY, "words"))
        .isInstanceOf(StateException.class)
        .hasMessageStartingWith("/heron/topologies/words holds 4 bytes that are not");
    other.setData().forPath("/heron/topologies/words", new byte[0]);
    assertThatThrownBy(() -> manager.get(TOPOLOGY, "words")).isInstanceOf(StateException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "../topologies", "a..b", "a\u0000b", ".x", "a\nb"})
  void namesThatLeadElsewhereAreRefused(String name) {
    IStateManager manager = open();
    assertThatThrownBy(() -> manager.get(TOPOLOGY, name))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("cannot be the name of a topology");
    assertThatThrownBy(() -> manager.deleteLocks(name)).isInstanceOf(StateException.class);
  }

  @Test
  void aMessageThatZooKeeperWouldCutTheConnectionForIsRefusedBefore() {
    IStateManager manager = open();
    assertThatThrownBy(() -> manager.put(TOPOLOGY, "words", Samples.topology("x".repeat(1 << 20))))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("jute.maxbuffer");
  }

  @Test
  void theSchedulersLocationEndsWithItsProcessOnlyInServiceMode() throws Exception {
    IStateManager service = open();
    Map<String, Object> values = settings();
    values.put("heron.scheduler.is.service", false);
    IStateManager library = open(values);
    service.put(SCHEDULER_LOCATION, "service", Samples.scheduler("a:1"));
    library.put(SCHEDULER_LOCATION, "library", Samples.scheduler("b:1"));
    assertThat(owner("/heron/schedulers/service")).isPositive();
    assertThat(owner("/heron/schedulers/library")).isZero();
    service.close();
    library.close();
    assertThat(owner("/heron/schedulers/service")).as("removed").isEqualTo(-1);
    assertThat(owner("/heron/schedulers/library")).as("kept").isZero();
  }

  @Test
  void aSuccessorTakesOverTheNodeOfADeadPredecessorInOneStep() throws Exception {
    IStateManager dead = open();
    IStateManager successor = open();
    dead.put(SCHEDULER_LOCATION, "words", Samples.scheduler("dead:1"));
    long before = owner("/heron/schedulers/words");
    List<Optional<SchedulerLocation>> seen = new CopyOnWriteArrayList<>();
    try (var watch = open().watch(SCHEDULER_LOCATION, "words", seen::add)) {
      await().atMost(LONG).until(() -> seen.size() == 1);
      successor.put(SCHEDULER_LOCATION, "words", Samples.scheduler("alive:1"));
      await().atMost(LONG).until(() -> seen.size() == 2);
    }
    assertThat(seen)
        .containsExactly(
            Optional.of(Samples.scheduler("dead:1")), Optional.of(Samples.scheduler("alive:1")));
    assertThat(owner("/heron/schedulers/words")).isPositive().isNotEqualTo(before);
    dead.close();
    assertThat(successor.get(SCHEDULER_LOCATION, "words")).contains(Samples.scheduler("alive:1"));
  }

  @Test
  void aPersistentNodeLeftFromLibraryModeBecomesOurs() throws Exception {
    IStateManager manager = open();
    other.create().forPath("/heron/schedulers/words", new byte[0]);
    manager.put(SCHEDULER_LOCATION, "words", Samples.scheduler("a:1"));
    assertThat(owner("/heron/schedulers/words")).isPositive();
  }

  @Test
  void aLocationIsWrittenAnewAfterALostSession() throws Exception {
    IStateManager manager = open();
    manager.put(SCHEDULER_LOCATION, "words", Samples.scheduler("a:1"));
    manager.create(TMANAGER_LOCATION, "words", Samples.tmanager(5));
    manager.put(TMANAGER_LOCATION, "gone", Samples.tmanager(6));
    manager.delete(TMANAGER_LOCATION, "gone");
    manager.put(SCHEDULER_LOCATION, "words", Samples.scheduler("a:2"));
    long before = owner("/heron/schedulers/words");
    loseSession(manager);
    await()
        .atMost(LONG)
        .until(
            () ->
                owner("/heron/schedulers/words") > 0
                    && owner("/heron/schedulers/words") != before
                    && owner("/heron/tmanagers/words") > 0);
    assertThat(manager.get(SCHEDULER_LOCATION, "words")).contains(Samples.scheduler("a:2"));
    assertThat(manager.get(TMANAGER_LOCATION, "words")).contains(Samples.tmanager(5));
    assertThat(manager.exists(TMANAGER_LOCATION, "gone")).isFalse();
  }

  @Test
  void aSuccessorsNodeIsNotTakenBackAfterALostSession() throws Exception {
    IStateManager former = open();
    IStateManager successor = open();
    former.put(SCHEDULER_LOCATION, "words", Samples.scheduler("former:1"));
    former.put(TMANAGER_LOCATION, "words", Samples.tmanager(1));
    successor.put(SCHEDULER_LOCATION, "words", Samples.scheduler("successor:1"));
    long owner = owner("/heron/schedulers/words");
    long tmanager = owner("/heron/tmanagers/words");
    loseSession(former);
    await()
        .atMost(LONG)
        .until(
            () ->
                owner("/heron/tmanagers/words") > 0 && owner("/heron/tmanagers/words") != tmanager);
    assertThat(owner("/heron/schedulers/words")).isEqualTo(owner);
    assertThat(former.get(SCHEDULER_LOCATION, "words")).contains(Samples.scheduler("successor:1"));
  }

  @Test
  void everythingGoesOnAfterARestartOfTheServer() throws Exception {
    IStateManager manager = open();
    manager.put(TOPOLOGY, "words", Samples.topology("1"));
    manager.put(SCHEDULER_LOCATION, "words", Samples.scheduler("a:1"));
    List<Optional<Topology>> seen = new CopyOnWriteArrayList<>();
    try (var watch = manager.watch(TOPOLOGY, "words", seen::add)) {
      await().atMost(LONG).until(() -> seen.size() == 1);
      server.restart();
      assertThat(manager.get(TOPOLOGY, "words")).contains(Samples.topology("1"));
      manager.put(TOPOLOGY, "words", Samples.topology("2"));
      await().atMost(LONG).until(() -> seen.contains(Optional.of(Samples.topology("2"))));
      assertThat(manager.get(SCHEDULER_LOCATION, "words")).contains(Samples.scheduler("a:1"));
    }
    assertThat(seen)
        .containsExactly(Optional.of(Samples.topology("1")), Optional.of(Samples.topology("2")));
  }

  @Test
  void aWatchTellsTheFirstAndEveryLastValueAlsoAcrossALostSession() throws Exception {
    IStateManager writer = open();
    IStateManager reader = open();
    List<Optional<Topology>> seen = new CopyOnWriteArrayList<>();
    IStateManager.Watch watch = reader.watch(TOPOLOGY, "words", seen::add);
    await().atMost(LONG).until(() -> seen.equals(List.of(Optional.empty())));
    writer.put(TOPOLOGY, "words", Samples.topology("1"));
    await().atMost(LONG).until(() -> seen.contains(Optional.of(Samples.topology("1"))));
    loseSession(reader);
    writer.put(TOPOLOGY, "words", Samples.topology("2"));
    await().atMost(LONG).until(() -> seen.contains(Optional.of(Samples.topology("2"))));
    other.setData().forPath("/heron/topologies/words", new byte[] {1});
    writer.delete(TOPOLOGY, "words");
    await().atMost(LONG).until(() -> seen.get(seen.size() - 1).isEmpty() && seen.size() > 1);
    watch.close();
    writer.put(TOPOLOGY, "words", Samples.topology("3"));
    assertThat(seen)
        .containsExactly(
            Optional.empty(),
            Optional.of(Samples.topology("1")),
            Optional.of(Samples.topology("2")),
            Optional.empty());
  }

  @Test
  void aListenerThatThrowsIsCalledAgain() {
    IStateManager manager = open();
    AtomicInteger calls = new AtomicInteger();
    try (var watch =
        manager.watch(
            TOPOLOGY,
            "words",
            value -> {
              calls.incrementAndGet();
              throw new IllegalStateException("on purpose");
            })) {
      await().atMost(LONG).until(() -> calls.get() == 1);
      manager.put(TOPOLOGY, "words", Samples.topology("1"));
      await().atMost(LONG).until(() -> calls.get() == 2);
    }
  }

  @Test
  void noReaderEverFindsAReplacedNodeMissing() throws Exception {
    IStateManager writer = open();
    IStateManager reader = open();
    writer.put(TOPOLOGY, "words", Samples.topology("0"));
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger missing = new AtomicInteger();
    Thread reading =
        new Thread(
            () -> {
              while (!done.get()) {
                if (reader.get(TOPOLOGY, "words").isEmpty()) {
                  missing.incrementAndGet();
                }
              }
            });
    reading.start();
    for (int i = 1; i <= 200; i++) {
      writer.put(TOPOLOGY, "words", Samples.topology("" + i));
    }
    done.set(true);
    reading.join();
    assertThat(missing).hasValue(0);
  }

  @Test
  void ofTwoWhoCreateOnlyOneSucceeds() throws Exception {
    List<IStateManager> managers = List.of(open(), open());
    AtomicInteger created = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      String topology = "words" + i;
      for (IStateManager manager : managers) {
        Thread thread =
            new Thread(
                () -> {
                  if (manager.create(TOPOLOGY, topology, Samples.topology("same"))) {
                    created.incrementAndGet();
                  }
                });
        threads.add(thread);
        thread.start();
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(created).hasValue(50);
  }

  @Test
  void theLockExcludesOthersAndUpstreamsRecipe() throws Exception {
    IStateManager manager = open();
    InterProcessSemaphoreMutex upstream =
        new InterProcessSemaphoreMutex(other, "/heron/locks/words__updateTopology");
    Lock lock = manager.lock("words", "updateTopology", LONG).orElseThrow();
    assertThat(manager.lock("words", "updateTopology", Duration.ZERO)).isEmpty();
    assertThat(open().lock("words", "updateTopology", Duration.ofMillis(50))).isEmpty();
    assertThat(upstream.acquire(50, TimeUnit.MILLISECONDS)).isFalse();
    lock.close();
    lock.close();
    assertThat(upstream.acquire(60, TimeUnit.SECONDS)).isTrue();
    assertThat(manager.lock("words", "updateTopology", Duration.ofMillis(50))).isEmpty();
    upstream.release();
    manager.lock("words", "updateTopology", LONG).orElseThrow().close();
  }

  @Test
  void theLockOfADeadProcessIsFree() {
    IStateManager dead = open();
    assertThat(dead.lock("words", "updateTopology", LONG)).isPresent();
    dead.close();
    assertThat(open().lock("words", "updateTopology", LONG)).isPresent();
  }

  @Test
  void deletingLocksLeavesThoseOfOtherTopologies() throws Exception {
    IStateManager manager = open();
    assertThat(manager.lock("a", "updateTopology", LONG)).isPresent();
    assertThat(manager.lock("a__b", "updateTopology", LONG)).isPresent();
    manager.deleteLocks("a");
    assertThat(other.getChildren().forPath("/heron/locks")).containsExactly("a__b__updateTopology");
    manager.deleteLocks("a");
  }

  @Test
  void anUnreachableServerIsOneLineWithinTheTimeLimit() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Map<String, Object> values = settings();
    values.put("heron.statemgr.connection.string", "127.0.0.1:" + port);
    values.put("heron.statemgr.zookeeper.connection.timeout.ms", 300);
    Config config =
        Config.of(values, Map.of("heron.statemgr.connection.string", "conf/mesos/statemgr.yaml:9"));
    assertThatThrownBy(() -> StateManagers.open(config))
        .isInstanceOf(StateException.class)
        .hasMessage(
            "cannot reach ZooKeeper at 127.0.0.1:"
                + port
                + " (heron.statemgr.connection.string, from conf/mesos/statemgr.yaml:9)"
                + " within 300 ms: Connection refused");
  }

  @Test
  void aServerThatGoesAwayEndsAnOperationWithinTheTimeLimit() {
    Map<String, Object> values = settings();
    values.put("heron.statemgr.zookeeper.connection.timeout.ms", 1000);
    IStateManager manager = open(values);
    server.stop();
    assertThatThrownBy(() -> manager.get(TOPOLOGY, "words"))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("cannot read /heron/topologies/words: no connection to ZooKeeper at");
  }

  @Test
  void theConnectionStringMayEndWithAPath() throws Exception {
    Map<String, Object> values = settings();
    values.put("heron.statemgr.connection.string", " " + server.connectString() + " /part");
    assertThatThrownBy(() -> open(values))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("ZooKeeper has no node for the path behind the servers");
    other.create().forPath("/part");
    open(values).put(TOPOLOGY, "words", Samples.topology("1"));
    assertThat(other.checkExists().forPath("/part/heron/topologies/words")).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "LOCALMODE", "host:port", "h:1:2:x", "127.0.0.1:2181/a//b", ":5", "h:-1"})
  void aConnectionStringThatIsNoneIsRefusedAtOnce(String text) {
    Map<String, Object> values = settings();
    values.put("heron.statemgr.connection.string", text);
    assertThatThrownBy(() -> open(values))
        .isInstanceOfAny(StateException.class, ConfigException.class)
        .hasMessageContaining("heron.statemgr.connection.string")
        .hasMessageContaining(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"heron", "/a//b", "/a/../b", "/."})
  void aRootThatIsNoZooKeeperPathIsRefused(String root) {
    Map<String, Object> values = settings();
    values.put("heron.statemgr.root.path", root);
    assertThatThrownBy(() -> open(values))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("heron.statemgr.root.path is '" + root + "'");
  }
}
