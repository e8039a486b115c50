package org.apache.heron.scheduler.mesos;

import static org.apache.heron.scheduler.mesos.WordsOnACluster.LIMIT;
import static org.apache.heron.scheduler.mesos.WordsOnACluster.assertSameTasks;
import static org.apache.heron.scheduler.mesos.WordsOnACluster.awaitAllRunning;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.heron.framework.launch.LaunchNode;
import org.apache.heron.framework.storage.FrameworkRecord;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.framework.storage.ZooKeeperFrameworkStore;
import org.apache.heron.framework.task.FrameworkDescription;
import org.apache.heron.service.launch.LaunchRecord;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.LaunchContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody removes records from ZooKeeper while the containers run. */
class LostRecordsTest {
  private static final PackingPlan PLAN = Words.plan(1, 0.2);

  @TempDir private Path directory;
  private WordsOnACluster words;
  private CuratorFramework client;

  @BeforeEach
  void start() throws IOException {
    words =
        WordsOnACluster.start(directory, cluster -> cluster.agents(1))
            .with("heron.statemgr.zookeeper.session.timeout.ms", 30_000);
    client = FrameworkRecords.client(words.config());
  }

  @AfterEach
  void stop() {
    client.close();
    words.close();
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
    MesosScheduler leader = words.schedule(PLAN);
    SchedulerStatus before = awaitAllRunning(leader);
    MesosScheduler standby = words.standBy(PLAN);
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
    assertThat(words.cluster().leader().frameworks()).isEmpty();
    assertThat(onRecord()).isEmpty();
  }

  @Test
  void aStandbyThatFindsNothingOnRecordGoesOnWithTheFrameworkThatMesosHas() throws Exception {
    MesosScheduler leader = words.schedule(PLAN);
    SchedulerStatus before = awaitAllRunning(leader);
    MesosScheduler standby = words.standBy(PLAN);
    await()
        .atMost(LIMIT)
        .until(() -> standby.status().phase() == SchedulerStatus.Phase.STANDING_BY);
    // Nothing is written meanwhile, so the leader does not notice.
    remove("");
    leader.close();
    SchedulerStatus after = awaitAllRunning(standby);
    assertThat(after.frameworkId()).isEqualTo(before.frameworkId());
    assertThat(standby.onKill()).isEqualTo(Outcome.done("killed"));
    assertThat(words.cluster().leader().frameworks()).isEmpty();
  }

  @Test
  void aContainerWhoseRecordIsRemovedNeverGetsATaskIdThatWasUsed() throws Exception {
    MesosScheduler first = words.schedule(PLAN);
    SchedulerStatus before = awaitAllRunning(first);
    first.close();
    remove("/container-0");
    remove("/container-1");
    MesosScheduler next = words.schedule(PLAN);
    SchedulerStatus after = awaitAllRunning(next);
    assertThat(after.frameworkId()).isEqualTo(before.frameworkId());
    for (int container = 0; container < 2; container++) {
      assertThat(taskOf(after, container)).isNotEqualTo(taskOf(before, container));
    }
    assertThat(next.onKill()).isEqualTo(Outcome.done("killed"));
  }

  @Test
  void whatIsLeftWithoutAnyRecordIsFoundInMesosAndPutOnRecord() throws Exception {
    MesosScheduler first = words.schedule(PLAN);
    SchedulerStatus before = awaitAllRunning(first);
    first.close();
    remove("");
    assertThat(
            survivors("words-id", words.cluster().masterUri()).find().flatMap(Snapshot::framework))
        .hasValueSatisfying(
            found -> {
              assertThat(found.frameworkId()).hasValue(before.frameworkId());
              assertThat(found.attemptFloor()).isEqualTo(1);
            });
    assertThat(survivors("another-id", words.cluster().masterUri()).find()).isEmpty();
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
    MesosScheduler next = words.schedule(PLAN);
    SchedulerStatus after = awaitAllRunning(next);
    assertThat(after.frameworkId()).isEqualTo(before.frameworkId());
    assertThat(next.onKill()).isEqualTo(Outcome.done("killed"));
    try (MesosLauncher launcher = launcher()) {
      assertThat(launcher.survivor()).isEmpty();
      assertThat(launcher.resume(PLAN)).isFalse();
    }
  }

  @Test
  void aFrameworkWhoseOwnRecordIsEmptyIsFoundInMesosAndKeepsItsTasks() throws Exception {
    MesosScheduler first = words.schedule(PLAN);
    SchedulerStatus before = awaitAllRunning(first);
    first.close();
    client.setData().forPath("/heron/frameworks/words", new byte[0]);
    try (MesosLauncher launcher = launcher()) {
      // Not "there is nothing to go on with": heron kill would clean up and leave it running.
      assertThatThrownBy(() -> launcher.resume(PLAN)).isInstanceOf(SchedulerException.class);
    }
    MesosScheduler next = words.schedule(PLAN);
    SchedulerStatus after = awaitAllRunning(next);
    assertSameTasks(before, after);
    assertThat(next.onKill()).isEqualTo(Outcome.done("killed"));
    assertThat(words.cluster().leader().frameworks()).isEmpty();
  }

  @Test
  void whatWasLaunchedAndIsNotOnRecordIsLookedForInMesosToo() throws Exception {
    MesosScheduler first = words.schedule(PLAN);
    SchedulerStatus before = awaitAllRunning(first);
    first.close();
    remove("");
    LaunchRecord launch =
        new LaunchRecord("words-id", "words.jar", "file:///words", "file:///core");
    try (LaunchNode node =
            new LaunchNode(FrameworkRecords.client(words.config()), "/heron", "words");
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
    Config config = words.config().with("heron.mesos.master.uri", master);
    return new Survivors(
        new MesosSettings(config).driver(),
        FrameworkDescription.of(config, Words.NAME, topologyId),
        Words.NAME,
        topologyId);
  }

  private MesosLauncher launcher() {
    Config config =
        words
            .config()
            .with(
                "heron.scheduler.mesos.scheduler.working.directory",
                directory.resolve("nowhere").toString());
    MesosLauncher launcher = new MesosLauncher();
    launcher.initialize(
        new LaunchContext(
            config,
            config,
            Words.topology("words-id"),
            LaunchContext.UNKNOWN_PACKAGE,
            new CuratorStateManager()));
    return launcher;
  }
}
