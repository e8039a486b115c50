package org.apache.heron.statemgr.zookeeper.curator;

import static org.apache.heron.spi.statemgr.StateKind.SCHEDULER_LOCATION;
import static org.apache.heron.spi.statemgr.StateKind.TMANAGER_LOCATION;
import static org.apache.heron.spi.statemgr.StateKind.TOPOLOGY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.statemgr.Samples;
import org.apache.heron.statemgr.StateManagers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions and connections that end, and whose nodes survive that. */
@SuppressWarnings("try")
class LostConnectionTest extends ZooKeeperFixture {

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
    // Who closes waits only for a while until the server has ended the session.
    await("removed").atMost(LONG).until(() -> owner("/heron/schedulers/service") == -1);
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
  void anUnreachableServerIsOneLineWithinTheTimeLimit() throws IOException {
    // Bound, so that nobody else listens there.
    try (Socket closed = new Socket()) {
      closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = closed.getLocalPort();
      Map<String, Object> values = settings();
      values.put("heron.statemgr.connection.string", "127.0.0.1:" + port);
      values.put("heron.statemgr.zookeeper.connection.timeout.ms", 300);
      Config config =
          Config.of(
              values, Map.of("heron.statemgr.connection.string", "conf/mesos/statemgr.yaml:9"));
      assertThatThrownBy(() -> StateManagers.open(config))
          .isInstanceOf(StateException.class)
          .hasMessage(
              "cannot reach ZooKeeper at 127.0.0.1:"
                  + port
                  + " (heron.statemgr.connection.string, from conf/mesos/statemgr.yaml:9)"
                  + " within 300 ms: Connection refused");
    }
  }

  @Test
  void aServerThatGoesAwayEndsAnOperationWithinTheTimeLimit() {
    Map<String, Object> values = settings();
    values.put("heron.statemgr.zookeeper.connection.timeout.ms", 1000);
    // Only the operation has so little time; the way there may take longer.
    IStateManager manager =
        await()
            .atMost(LONG)
            .ignoreException(StateException.class)
            .until(() -> open(values), Objects::nonNull);
    server.stop();
    assertThatThrownBy(() -> manager.get(TOPOLOGY, "words"))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("cannot read /heron/topologies/words: no connection to ZooKeeper at");
  }

  @Test
  @Timeout(20)
  void aServerThatSaysNothingIsNeitherWaitedForNorTakenLeaveOfForLong() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Map<String, Object> values = settings();
      values.put("heron.statemgr.connection.string", "127.0.0.1:" + silent.getLocalPort());
      values.put("heron.statemgr.zookeeper.connection.timeout.ms", 500);
      assertThatThrownBy(() -> open(values))
          .isInstanceOf(StateException.class)
          .hasMessageContaining("within 500 ms: a server accepts connections there, but does not");
    }
  }
}
