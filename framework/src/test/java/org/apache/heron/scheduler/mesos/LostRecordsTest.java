package org.apache.heron.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.heron.framework.launch.LaunchNode;
import org.apache.heron.framework.storage.FrameworkRecord;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.framework.storage.ZooKeeperFrameworkStore;
import org.apache.heron.framework.task.FrameworkDescription;
import org.apache.heron.minicluster.MiniCluster;
import org.apache.heron.service.launch.LaunchRecord;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.LaunchContext;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody removes records from ZooKeeper while the containers run. */
class LostRecordsTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final PackingPlan PLAN = Words.plan(1, 0.2);

  @TempDir private Path directory;
  private MiniCluster cluster;
  private CuratorFramework client;
  private final List<MesosScheduler> schedulers = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    cluster =
        MiniCluster.builder()
            .directory(directory.resolve("cluster"))
            .allocationInterval(Duration.ofMillis(200))
            .agents(1)
            .start();
    client = FrameworkRecords.client(config());
    Packages.core(directory, Packages.EXECUTOR);
    Packages.archive(directory.resolve("topology.tar.gz"), Map.of("words.defn", "words"));
  }

  @AfterEach
  void stop() {
    schedulers.forEach(MesosScheduler::close);
    client.close();
    cluster.close();
  }

  private Config config() {
    return Words.config(
        Map.of(
            "heron.mesos.master.uri", cluster.masterUri(),
            "heron.statemgr.zookeeper.session.timeout.ms", 30_000,
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

  private void remove(String node) throws Exception {
    client.delete().deletingChildrenIfNeeded().forPath("/heron/frameworks/words" + node);
  }

  private Optional<Snapshot> onRecord() {
    return ZooKeeperFrameworkStore.read(client, "/heron", Words.NAME);
  }

  private static String taskOf(SchedulerStatus status, int container) {
    return status.containers().get(container).taskId();
  }

  @Test
  void aLeaderWhoseRecordsAreRemovedWritesThemAnewAndKeepsItsTasks() throws Exception {
    MesosScheduler leader = scheduling(false);
    SchedulerStatus before = awaitAllRunning(leader);
    MesosScheduler standby = scheduling(true);
    remove("");
    assertThat(leader.onRestart(1, 0).get(LIMIT.toSeconds(), TimeUnit.SECONDS).ok()).isFalse();
    await().atMost(LIMIT).until(() -> onRecord().flatMap(Snapshot::framework).isPresent());
    assertThat(onRecord().flatMap(Snapshot::framework).flatMap(FrameworkRecord::frameworkId))
        .hasValue(before.frameworkId());
    SchedulerStatus after = awaitAllRunning(leader);
    assertThat(after.frameworkId()).isEqualTo(before.frameworkId());
    assertThat(taskOf(after, 0)).isEqualTo(taskOf(before, 0));
    assertThat(standby.finished()).isNotDone();
    assertThat(leader.onKill()).isEqualTo(Outcome.done("killed"));
    standby.finished().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(cluster.leader().frameworks()).isEmpty();
    assertThat(onRecord()).isEmpty();
  }

  @Test
  void aStandbyThatFindsNothingOnRecordGoesOnWithTheFrameworkThatMesosHas() throws Exception {
    MesosScheduler leader = scheduling(false);
    SchedulerStatus before = awaitAllRunning(leader);
    MesosScheduler standby = scheduling(true);
    await()
        .atMost(LIMIT)
        .until(() -> standby.status().phase() == SchedulerStatus.Phase.STANDING_BY);
    // Nothing is written meanwhile, so the leader does not notice.
    remove("");
    leader.close();
    SchedulerStatus after = awaitAllRunning(standby);
    assertThat(after.frameworkId()).isEqualTo(before.frameworkId());
    assertThat(standby.onKill()).isEqualTo(Outcome.done("killed"));
    assertThat(cluster.leader().frameworks()).isEmpty();
  }

  @Test
  void aContainerWhoseRecordIsRemovedNeverGetsATaskIdThatWasUsed() throws Exception {
    MesosScheduler first = scheduling(false);
    SchedulerStatus before = awaitAllRunning(first);
    first.close();
    remove("/container-0");
    remove("/container-1");
    SchedulerStatus after = awaitAllRunning(scheduling(false));
    assertThat(after.frameworkId()).isEqualTo(before.frameworkId());
    for (int container = 0; container < 2; container++) {
      assertThat(taskOf(after, container)).isNotEqualTo(taskOf(before, container));
    }
    assertThat(schedulers.get(1).onKill()).isEqualTo(Outcome.done("killed"));
  }

  @Test
  void whatIsLeftWithoutAnyRecordIsFoundInMesosAndPutOnRecord() throws Exception {
    MesosScheduler first = scheduling(false);
    SchedulerStatus before = awaitAllRunning(first);
    first.close();
    remove("");
    assertThat(survivors("words-id", cluster.masterUri()).find().flatMap(Snapshot::framework))
        .hasValueSatisfying(
            found -> {
              assertThat(found.frameworkId()).hasValue(before.frameworkId());
              assertThat(found.attemptFloor()).isEqualTo(1);
            });
    assertThat(survivors("another-id", cluster.masterUri()).find()).isEmpty();
    try (MesosLauncher launcher = launcher()) {
      assertThat(launcher.survivor())
          .hasValueSatisfying(
              line -> assertThat(line).contains(before.frameworkId()).contains("TEARDOWN"));
      // No directory of it is on this host, so it can only say what to do.
      assertThatThrownBy(() -> launcher.resume(PLAN))
          .isInstanceOf(SchedulerException.class)
          .hasMessageContaining(before.frameworkId())
          .hasMessageContaining("TEARDOWN");
    }
    SchedulerStatus after = awaitAllRunning(scheduling(false));
    assertThat(after.frameworkId()).isEqualTo(before.frameworkId());
    assertThat(schedulers.get(1).onKill()).isEqualTo(Outcome.done("killed"));
    try (MesosLauncher launcher = launcher()) {
      assertThat(launcher.survivor()).isEmpty();
      assertThat(launcher.resume(PLAN)).isFalse();
    }
  }

  @Test
  void aFrameworkWhoseOwnRecordIsEmptyIsFoundInMesosAndKeepsItsTasks() throws Exception {
    MesosScheduler first = scheduling(false);
    SchedulerStatus before = awaitAllRunning(first);
    first.close();
    client.setData().forPath("/heron/frameworks/words", new byte[0]);
    try (MesosLauncher launcher = launcher()) {
      // Not "there is nothing to go on with": heron kill would clean up and leave it running.
      assertThatThrownBy(() -> launcher.resume(PLAN)).isInstanceOf(SchedulerException.class);
    }
    SchedulerStatus after = awaitAllRunning(scheduling(false));
    assertThat(after.frameworkId()).isEqualTo(before.frameworkId());
    for (int container = 0; container < 2; container++) {
      assertThat(taskOf(after, container)).isEqualTo(taskOf(before, container));
    }
    assertThat(schedulers.get(1).onKill()).isEqualTo(Outcome.done("killed"));
    assertThat(cluster.leader().frameworks()).isEmpty();
  }

  @Test
  void whatWasLaunchedAndIsNotOnRecordIsLookedForInMesosToo() throws Exception {
    MesosScheduler first = scheduling(false);
    SchedulerStatus before = awaitAllRunning(first);
    first.close();
    remove("");
    LaunchRecord launch =
        new LaunchRecord("words-id", "words.jar", "file:///words", "file:///core");
    try (LaunchNode node = new LaunchNode(FrameworkRecords.client(config()), "/heron", "words");
        MesosLauncher launcher = launcher()) {
      node.write(launch);
      assertThatThrownBy(() -> launcher.resume(PLAN))
          .isInstanceOf(SchedulerException.class)
          .hasMessageContaining(before.frameworkId());
      assertThat(node.hasBegun()).isTrue();
    }
  }

  @Test
  void aMasterThatDoesNotAnswerIsNoProofThatNothingRuns() {
    assertThatThrownBy(() -> survivors("words-id", "127.0.0.1:1").find())
        .isInstanceOf(SchedulerException.class)
        .hasMessageContaining("could not be found out")
        .hasMessageContaining("127.0.0.1:1");
  }

  private Survivors survivors(String topologyId, String master) {
    Config config = config().with("heron.mesos.master.uri", master);
    return new Survivors(
        new MesosSettings(config).driver(),
        FrameworkDescription.of(config, Words.NAME, topologyId),
        Words.NAME,
        topologyId);
  }

  private MesosLauncher launcher() {
    Config config =
        config()
            .with(
                "heron.scheduler.mesos.scheduler.working.directory",
                directory.resolve("nowhere").toString());
    MesosLauncher launcher = new MesosLauncher();
    launcher.initialize(
        new LaunchContext(
            config, config, Words.topology("words-id"), LaunchContext.UNKNOWN_PACKAGE, null));
    return launcher;
  }
}
