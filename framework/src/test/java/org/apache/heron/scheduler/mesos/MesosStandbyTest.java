package org.apache.heron.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.heron.framework.history.Happening;
import org.apache.heron.framework.storage.FrameworkStore;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.framework.storage.Submission;
import org.apache.heron.framework.storage.ZooKeeperFrameworkStore;
import org.apache.heron.minicluster.MiniCluster;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several schedulers of one topology, in this JVM, on a cluster with real processes. */
class MesosStandbyTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final PackingPlan PLAN = Words.plan(1, 0.2);

  @TempDir private Path directory;
  private MiniCluster cluster;
  private final List<MesosScheduler> schedulers = new ArrayList<>();

  /** Long enough that none ends because the machine is busy. */
  private Duration session = Duration.ofSeconds(30);

  @BeforeEach
  void start() throws IOException {
    cluster =
        MiniCluster.builder()
            .directory(directory.resolve("cluster"))
            .allocationInterval(Duration.ofMillis(200))
            .agents(1)
            .start();
    Packages.core(directory, Packages.EXECUTOR);
    Packages.archive(directory.resolve("topology.tar.gz"), Map.of("words.defn", "words"));
  }

  @AfterEach
  void stop() {
    schedulers.forEach(MesosScheduler::close);
    cluster.close();
  }

  private Config config() {
    return Words.config(
        Map.of(
            "heron.mesos.master.uri", cluster.masterUri(),
            "heron.statemgr.zookeeper.session.timeout.ms", session.toMillis(),
            "heron.statemgr.connection.string", cluster.zooKeeper().connectString()));
  }

  private MesosScheduler scheduling(boolean standby) throws IOException {
    MesosScheduler made = new MesosScheduler();
    schedulers.add(made);
    Path working = Files.createDirectories(directory.resolve("working-" + schedulers.size()));
    made.initialize(
        new SchedulerContext(
            config(),
            Words.topology("words-id"),
            null,
            working,
            Map.of(
                "heron.package.core.uri",
                directory.resolve("heron-core.tar.gz").toUri().toString(),
                "heron.package.topology.uri",
                directory.resolve("topology.tar.gz").toString()),
            standby));
    made.onSchedule(() -> PLAN);
    return made;
  }

  private static SchedulerStatus awaitAllRunning(MesosScheduler scheduler) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              assertThat(scheduler.status()).matches(SchedulerStatus::allRunning);
              assertThat(scheduler.status().master()).isNotEmpty();
            });
    return scheduler.status();
  }

  private static void assertSame(SchedulerStatus before, SchedulerStatus after) {
    assertThat(after.frameworkId()).isEqualTo(before.frameworkId());
    assertThat(after.containers().stream().map(SchedulerStatus.Container::taskId))
        .containsExactlyElementsOf(
            before.containers().stream().map(SchedulerStatus.Container::taskId).toList());
  }

  @Test
  void aStandbyGoesOnWithTheSameTasksAndOthersEndWithTheTopology() throws Exception {
    MesosScheduler first = scheduling(false);
    SchedulerStatus before = awaitAllRunning(first);
    MesosScheduler second = scheduling(true);
    await().atMost(LIMIT).until(() -> second.status().phase() == SchedulerStatus.Phase.STANDING_BY);
    assertThat(second.leads()).isFalse();
    assertThat(second.onKill().message()).contains("takes no commands");
    first.close();
    assertSame(before, awaitAllRunning(second));
    assertThat(second.leads()).isTrue();
    MesosScheduler third = scheduling(true);
    assertThat(second.onKill()).isEqualTo(Outcome.done("killed"));
    second.finished().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    second.close();
    third.finished().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(cluster.leader().frameworks()).isEmpty();
    // Standbys' directories are theirs to remove, the first one's is its launcher's.
    assertThat(directory.resolve("working-1")).exists();
  }

  @Test
  void aSecondSchedulerThatIsNoStandbyIsRefusedWhileAnotherLeads() throws Exception {
    MesosScheduler first = scheduling(false);
    SchedulerStatus before = awaitAllRunning(first);
    try (StatusPage page = new StatusPage("words-id")) {
      // Only a leader that answers is known to live.
      first.close();
      MesosScheduler leader = new MesosScheduler();
      schedulers.add(leader);
      leader.listensAt(page.endpoint());
      leader.initialize(
          new SchedulerContext(
              config(),
              Words.topology("words-id"),
              null,
              directory,
              Map.of(
                  "heron.package.core.uri", "file:///core.tar.gz",
                  "heron.package.topology.uri", "file:///topology.tar.gz"),
              false));
      leader.onSchedule(() -> PLAN);
      assertSame(before, awaitAllRunning(leader));
      MesosScheduler second = scheduling(false);
      assertThatThrownBy(() -> second.finished().get(LIMIT.toSeconds(), TimeUnit.SECONDS))
          .hasMessageContaining("the scheduler of topology 'words' runs already")
          .hasMessageContaining(page.endpoint())
          .hasMessageContaining("heron scheduler standby");
      assertThat(leader.onKill()).isEqualTo(Outcome.done("killed"));
    }
  }

  @Test
  void anOutageOfZooKeeperThatOutlastsTheSessionNeedsNobodyToResume() throws Exception {
    session = Duration.ofSeconds(4);
    MesosScheduler scheduler = scheduling(false);
    SchedulerStatus before = awaitAllRunning(scheduler);
    cluster.zooKeeper().stop();
    await()
        .atMost(LIMIT)
        .until(() -> scheduler.status().phase() == SchedulerStatus.Phase.STANDING_BY);
    assertThat(scheduler.leads()).isFalse();
    assertThat(scheduler.onRestart(1, 0).get(LIMIT.toSeconds(), TimeUnit.SECONDS).ok()).isFalse();
    cluster.zooKeeper().restart();
    assertSame(before, awaitAllRunning(scheduler));
    assertThat(scheduler.onKill()).isEqualTo(Outcome.done("killed"));
  }

  @Test
  void aDeposedSchedulerWritesNothingStandsByAndMayLeadAgain() throws Exception {
    MesosScheduler scheduler = scheduling(false);
    SchedulerStatus before = awaitAllRunning(scheduler);
    try (CuratorFramework client = FrameworkRecords.client(config());
        FrameworkStore other =
            ZooKeeperFrameworkStore.open(
                client, "/heron", new Submission(Words.NAME, "words-id"), Clock.systemUTC())) {
      Snapshot taken = other.takeOver("another").get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      assertThat(scheduler.onRestart(1, 0).get(LIMIT.toSeconds(), TimeUnit.SECONDS).ok()).isFalse();
      await()
          .atMost(LIMIT)
          .until(
              () ->
                  ZooKeeperFrameworkStore.read(client, "/heron", Words.NAME).orElseThrow().epoch()
                      == 3);
      assertSame(before, awaitAllRunning(scheduler));
      Snapshot after = ZooKeeperFrameworkStore.read(client, "/heron", Words.NAME).orElseThrow();
      assertThat(after.containers().get(1).attempts()).isEqualTo(1);
      assertThat(after.containers().get(1).history())
          .isEqualTo(taken.containers().get(1).history());
      assertThat(after.framework().orElseThrow().history().happenings())
          .filteredOn(each -> each.kind() == Happening.Kind.TOOK_OVER)
          .extracting(each -> each.text().replaceAll(":.*", ""))
          .containsExactly("epoch 1", "epoch 3");
    }
    assertThat(scheduler.onKill()).isEqualTo(Outcome.done("killed"));
  }
}
