package org.apache.heron.scheduler.mesos;

import static org.apache.heron.scheduler.mesos.WordsOnACluster.LIMIT;
import static org.apache.heron.scheduler.mesos.WordsOnACluster.assertSameTasks;
import static org.apache.heron.scheduler.mesos.WordsOnACluster.awaitAllRunning;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.heron.framework.history.Happening;
import org.apache.heron.framework.storage.FrameworkStore;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.framework.storage.Submission;
import org.apache.heron.framework.storage.ZooKeeperFrameworkStore;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several schedulers of one topology, in this JVM, on a cluster with real processes. */
class MesosStandbyTest {
  private static final PackingPlan PLAN = Words.plan(1, 0.2);

  @TempDir private Path directory;
  private WordsOnACluster words;

  @BeforeEach
  void start() throws IOException {
    words =
        WordsOnACluster.start(directory, cluster -> cluster.agents(1))
            // Long enough that none ends because the machine is busy.
            .with("heron.statemgr.zookeeper.session.timeout.ms", 30_000);
  }

  @AfterEach
  void stop() {
    words.close();
  }

  @Test
  void aStandbyGoesOnWithTheSameTasksAndOthersEndWithTheTopology() throws Exception {
    MesosScheduler first = words.schedule(PLAN);
    SchedulerStatus before = awaitAllRunning(first);
    MesosScheduler second = words.standBy(PLAN);
    await().atMost(LIMIT).until(() -> second.status().phase() == SchedulerStatus.Phase.STANDING_BY);
    assertThat(second.leads()).isFalse();
    assertThat(second.onKill().message()).contains("takes no commands");
    first.close();
    assertSameTasks(before, awaitAllRunning(second));
    assertThat(second.leads()).isTrue();
    MesosScheduler third = words.standBy(PLAN);
    assertThat(second.onKill()).isEqualTo(Outcome.done("killed"));
    second.finished().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    second.close();
    third.finished().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(words.cluster().leader().frameworks()).isEmpty();
    // Standbys' directories are theirs to remove, the first one's is its launcher's.
    assertThat(words.workingDirectory(1)).exists();
  }

  @Test
  void aSecondSchedulerThatIsNoStandbyIsRefusedWhileAnotherLeads() throws Exception {
    MesosScheduler first = words.schedule(PLAN);
    SchedulerStatus before = awaitAllRunning(first);
    try (StatusPage page = new StatusPage("words-id")) {
      // Only a leader that answers is known to live.
      first.close();
      MesosScheduler leader = words.prepare();
      leader.listensAt(page.endpoint());
      leader.onSchedule(() -> PLAN);
      assertSameTasks(before, awaitAllRunning(leader));
      MesosScheduler second = words.schedule(PLAN);
      assertThatThrownBy(() -> second.finished().get(LIMIT.toSeconds(), TimeUnit.SECONDS))
          .hasMessageContaining("the scheduler of topology 'words' runs already")
          .hasMessageContaining(page.endpoint())
          .hasMessageContaining("heron scheduler standby");
      assertThat(leader.onKill()).isEqualTo(Outcome.done("killed"));
    }
  }

  @Test
  void anOutageOfZooKeeperThatOutlastsTheSessionNeedsNobodyToResume() throws Exception {
    words.with("heron.statemgr.zookeeper.session.timeout.ms", 4_000);
    MesosScheduler scheduler = words.schedule(PLAN);
    SchedulerStatus before = awaitAllRunning(scheduler);
    words.cluster().zooKeeper().stop();
    await()
        .atMost(LIMIT)
        .until(() -> scheduler.status().phase() == SchedulerStatus.Phase.STANDING_BY);
    assertThat(scheduler.leads()).isFalse();
    assertThat(scheduler.onRestart(1, 0).get(LIMIT.toSeconds(), TimeUnit.SECONDS).ok()).isFalse();
    words.cluster().zooKeeper().restart();
    assertSameTasks(before, awaitAllRunning(scheduler));
    assertThat(scheduler.onKill()).isEqualTo(Outcome.done("killed"));
  }

  @Test
  void aDeposedSchedulerWritesNothingStandsByAndMayLeadAgain() throws Exception {
    MesosScheduler scheduler = words.schedule(PLAN);
    SchedulerStatus before = awaitAllRunning(scheduler);
    try (CuratorFramework client = FrameworkRecords.client(words.config());
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
      assertSameTasks(before, awaitAllRunning(scheduler));
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
