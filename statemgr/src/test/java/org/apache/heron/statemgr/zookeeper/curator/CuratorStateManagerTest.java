package org.apache.heron.statemgr.zookeeper.curator;

import static org.apache.heron.spi.statemgr.StateKind.STATEFUL_CHECKPOINTS;
import static org.apache.heron.spi.statemgr.StateKind.TMANAGER_LOCATION;
import static org.apache.heron.spi.statemgr.StateKind.TOPOLOGY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreMutex;
import org.apache.heron.proto.ckptmgr.CheckpointManager.StatefulConsistentCheckpoints;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.IStateManager.Lock;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.statemgr.Samples;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("try")
class CuratorStateManagerTest extends ZooKeeperFixture {

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

  @Test
  void aNodeThatItsOwnerKeepsForHimselfIsNamed() throws Exception {
    IStateManager manager = open();
    other
        .create()
        .withACL(ZooDefs.Ids.READ_ACL_UNSAFE)
        .forPath("/heron/topologies/words", Samples.topology("1").toByteArray());
    assertThatThrownBy(() -> manager.put(TOPOLOGY, "words", Samples.topology("2")))
        .isInstanceOf(StateException.class)
        .hasMessageContainingAll(
            "/heron/topologies/words", "ZooKeeper does not allow it (the node has an ACL)");
    assertThat(manager.get(TOPOLOGY, "words")).contains(Samples.topology("1"));
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
  void whoIsInterruptedLetsGoOfItsLockAllTheSame() throws Exception {
    IStateManager manager = open();
    Lock lock = manager.lock("words", "submitTopology", LONG).orElseThrow();
    Thread.currentThread().interrupt();
    lock.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(other.getChildren().forPath("/heron/locks")).isEmpty();
  }

  /** As at the end of a kill that another one, or a submit, waits for. */
  @Test
  void whoDeletesTheOtherLocksHandsItsOwnToWhoeverWaits() throws Exception {
    IStateManager manager = open();
    IStateManager waiting = open();
    Lock lock = manager.lock("words", "submitTopology", LONG).orElseThrow();
    CompletableFuture<Optional<Lock>> next =
        CompletableFuture.supplyAsync(() -> waiting.lock("words", "submitTopology", LONG));
    await()
        .atMost(LONG)
        .until(
            () ->
                other.getChildren().forPath("/heron/locks/words__submitTopology/leases").size()
                    > 1);
    assertThat(manager.lock("words", "updateTopology", LONG)).isPresent();
    manager.deleteLocksBut("words", "submitTopology");
    assertThat(other.getChildren().forPath("/heron/locks"))
        .containsExactly("words__submitTopology");
    lock.close();
    Lock gained = next.get(60, TimeUnit.SECONDS).orElseThrow();
    assertThat(manager.lock("words", "submitTopology", Duration.ofMillis(50))).isEmpty();
    gained.close();
    assertThat(other.getChildren().forPath("/heron/locks")).isEmpty();
  }

  @Test
  void deletingLocksLeavesThoseOfOtherTopologies() throws Exception {
    IStateManager manager = open();
    assertThat(manager.lock("a", "updateTopology", LONG)).isPresent();
    assertThat(manager.lockedTopologies()).containsExactly("a");
    assertThat(manager.lock("a__b", "updateTopology", LONG)).isPresent();
    assertThat(manager.lockedTopologies()).containsExactly("a", "a__b");
    manager.deleteLocks("a");
    assertThat(other.getChildren().forPath("/heron/locks")).containsExactly("a__b__updateTopology");
    manager.deleteLocks("a");
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
