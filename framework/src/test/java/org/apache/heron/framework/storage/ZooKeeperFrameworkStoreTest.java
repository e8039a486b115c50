package org.apache.heron.framework.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.heron.framework.history.History;
import org.apache.heron.minicluster.zookeeper.EmbeddedZooKeeper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The records in a real ZooKeeper. */
class ZooKeeperFrameworkStoreTest extends FrameworkStoreContract {
  @TempDir Path directory;
  private EmbeddedZooKeeper zookeeper;
  private CuratorFramework client;
  private final List<FrameworkStore> stores = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    zookeeper = EmbeddedZooKeeper.start(directory, 0);
    client =
        CuratorFrameworkFactory.builder()
            .connectString(zookeeper.connectString())
            .retryPolicy(new RetryOneTime(50))
            .connectionTimeoutMs(1_000)
            .sessionTimeoutMs(10_000)
            .build();
    client.start();
  }

  @AfterEach
  void stop() {
    stores.forEach(FrameworkStore::close);
    client.close();
    zookeeper.close();
  }

  @Override
  FrameworkStore open(Submission submission) {
    FrameworkStore store =
        ZooKeeperFrameworkStore.open(client, "/heron", submission, Clock.systemUTC());
    stores.add(store);
    return store;
  }

  @Override
  List<String> paths() {
    try {
      return client.getChildren().forPath("/heron/frameworks");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aWriterWhoseRecordsWereRemovedByHandIsNotToldOfAnother() throws Exception {
    FrameworkStore store = open();
    get(store.takeOver("host:1"));
    get(store.write(Batch.of(List.of(running(1)))));
    client.delete().deletingChildrenIfNeeded().forPath("/heron/frameworks/words");
    assertThatThrownBy(() -> get(store.write(Batch.of(List.of(running(1))))))
        .hasCauseInstanceOf(StorageException.Absent.class)
        .hasMessageContaining("/heron/frameworks/words")
        .hasMessageContaining("no other scheduler has taken over");
    assertThatThrownBy(() -> get(store.write(Batch.of(List.of(running(1))))))
        .hasCauseInstanceOf(StorageException.Absent.class);
    assertThat(paths()).isEmpty();
  }

  @Test
  void writesWaitWhileZooKeeperIsAwayAndSaySo() throws Exception {
    FrameworkStore store = open();
    get(store.takeOver("host:1"));
    zookeeper.stop();
    CompletableFuture<Void> write = store.write(Batch.of(List.of(running(1))));
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> store.problem().isPresent());
    assertThat(store.problem().orElseThrow())
        .contains(zookeeper.connectString())
        .contains("trying again");
    assertThat(write).isNotDone();
    zookeeper.restart();
    get(write);
    assertThat(store.problem()).isEqualTo(Optional.empty());
    assertThat(get(open().takeOver("host:2")).containers()).isEqualTo(Map.of(1, running(1)));
  }

  @Test
  void writesAcrossRestartsOfZooKeeperTakeEffectOnceAndInOrder() throws Exception {
    FrameworkStore store = open();
    get(store.takeOver("host:1"));
    List<CompletableFuture<Void>> writes = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      for (int id = 0; id < 50; id++) {
        writes.add(
            store.write(
                Batch.of(
                    List.of(
                        new ContainerRecord(
                            id,
                            Goal.RUN,
                            round,
                            Optional.empty(),
                            List.of(),
                            BackoffRecord.NONE,
                            History.NONE)))));
      }
      zookeeper.restart();
    }
    writes.forEach(FrameworkStoreContract::get);
    assertThat(get(open().takeOver("host:2")).containers().values())
        .hasSize(50)
        .allMatch(container -> container.attempts() == 3);
  }

  @Test
  void aStoreThatIsClosedWhileZooKeeperIsAwayFailsWhatWaits() {
    FrameworkStore store = open();
    get(store.takeOver("host:1"));
    zookeeper.stop();
    CompletableFuture<Void> write = store.write(Batch.of(List.of(running(1))));
    CompletableFuture<Void> removal = store.removeAll();
    store.close();
    assertThatThrownBy(() -> get(write)).hasCauseInstanceOf(StorageException.Closed.class);
    assertThatThrownBy(() -> get(removal)).hasCauseInstanceOf(StorageException.Closed.class);
  }

  @Test
  void aRemovalThatWasCutOffIsFoundAndFinishedByTheNext() throws Exception {
    FrameworkStore store = open();
    get(store.takeOver("host:1"));
    get(store.write(Batch.of(framework().withGoal(Goal.REMOVE, NOW))));
    get(store.write(Batch.of(List.of(running(1), running(2)))));
    client.delete().forPath("/heron/frameworks/words/container-1");
    FrameworkStore next = open();
    Snapshot found = get(next.takeOver("host:2"));
    assertThat(found.framework().orElseThrow().goal()).isEqualTo(Goal.REMOVE);
    get(next.removeAll());
    assertThat(paths()).isEmpty();
  }

  @Test
  void manyWhoTakeOverAtOnceLeaveOneWriter() {
    List<FrameworkStore> candidates = new ArrayList<>();
    List<CompletableFuture<Snapshot>> takeOvers = new ArrayList<>();
    for (int each = 0; each < 5; each++) {
      candidates.add(open());
    }
    candidates.forEach(candidate -> takeOvers.add(candidate.takeOver("host")));
    takeOvers.forEach(
        taken ->
            taken
                .handle((ok, failure) -> failure)
                .orTimeout(60, java.util.concurrent.TimeUnit.SECONDS)
                .join());
    long writers =
        candidates.stream()
            .map(candidate -> candidate.write(Batch.of(framework())))
            .filter(
                write ->
                    write
                        .handle((ok, failure) -> failure == null)
                        .orTimeout(60, java.util.concurrent.TimeUnit.SECONDS)
                        .join())
            .count();
    assertThat(writers).isEqualTo(1);
  }

  @Test
  void aTopologyNameThatIsNoNodeNameIsRefused() {
    assertThatThrownBy(
            () ->
                ZooKeeperFrameworkStore.open(
                    client, "/heron", new Submission("a/b", "a-1"), Clock.systemUTC()))
        .hasMessageContaining("'a/b'");
  }
}
