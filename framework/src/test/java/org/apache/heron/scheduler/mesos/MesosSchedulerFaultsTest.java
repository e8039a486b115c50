package org.apache.heron.scheduler.mesos;

import static org.apache.heron.scheduler.mesos.WordsOnACluster.LIMIT;
import static org.apache.heron.scheduler.mesos.WordsOnACluster.assertSameTasks;
import static org.apache.heron.scheduler.mesos.WordsOnACluster.awaitAllRunning;
import static org.apache.heron.scheduler.mesos.WordsOnACluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole framework while what it stands on goes away and comes back. */
class MesosSchedulerFaultsTest {
  @TempDir private Path directory;
  private WordsOnACluster words;

  @BeforeEach
  void start() throws IOException {
    words =
        WordsOnACluster.start(
                directory,
                cluster ->
                    cluster.agent(
                        agent -> agent.resources("cpus:4;mem:4096;disk:10000;ports:[31000-31026]")))
            .with("heron.statemgr.zookeeper.session.timeout.ms", 30_000)
            .with("heron.mesos.gang.wait.ms", 0);
  }

  @AfterEach
  void stop() {
    words.close();
  }

  @Test
  void aNewMasterIsGivenTheSameFrameworkWithTheSameTasks() throws Exception {
    MesosScheduler scheduler = words.schedule(Words.plan(2, 0.2));
    SchedulerStatus before = awaitAllRunning(scheduler);
    words.cluster().failOverMaster();
    eventually()
        // A master that is stopping answers with an error.
        .untilAsserted(
            () -> {
              assertThat(words.cluster().leader().frameworks()).hasSize(1);
              assertThat(scheduler.status().master()).isNotEmpty();
            });
    SchedulerStatus after = awaitAllRunning(scheduler);
    assertSameTasks(before, after);
    assertThat(scheduler.onKill()).isEqualTo(Outcome.done("killed"));
    assertThat(words.cluster().leader().frameworks()).isEmpty();
  }

  @Test
  void aKillThatLosesItsMasterIsFinishedWithTheNext() throws Exception {
    MesosScheduler scheduler = words.schedule(Words.plan(2, 0.2));
    awaitAllRunning(scheduler);
    int port = words.cluster().leader().port();
    words.cluster().stopLeader();
    CompletableFuture<Outcome> kill = CompletableFuture.supplyAsync(scheduler::onKill);
    eventually().until(() -> scheduler.status().phase() == SchedulerStatus.Phase.KILLING);
    assertThat(kill).isNotDone();
    words.cluster().startMaster(port);
    assertThat(kill.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(Outcome.done("killed"));
    scheduler.finished().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(words.cluster().leader().frameworks()).isEmpty();
  }

  @Test
  void withoutZooKeeperNothingIsLaunchedAndItsReturnIsEnough() throws Exception {
    MesosScheduler scheduler = words.schedule(Words.plan(2, 0.2));
    SchedulerStatus before = awaitAllRunning(scheduler);
    words.cluster().zooKeeper().stop();
    CompletableFuture<Outcome> restart = scheduler.onRestart(1, 0);
    eventually().until(() -> scheduler.status().problem().contains("ZooKeeper"));
    assertThat(restart).isNotDone();
    words.cluster().zooKeeper().restart();
    assertThat(restart.get(LIMIT.toSeconds(), TimeUnit.SECONDS).ok()).isTrue();
    eventually()
        .untilAsserted(
            () -> assertThat(scheduler.status().containers().get(1).attempt()).isEqualTo(2));
    SchedulerStatus after = awaitAllRunning(scheduler);
    assertThat(after.frameworkId()).isEqualTo(before.frameworkId());
    assertThat(after.containers().get(2).taskId()).isEqualTo(before.containers().get(2).taskId());
    assertThat(after.problem()).isEmpty();
    assertThat(scheduler.onKill()).isEqualTo(Outcome.done("killed"));
  }

  @Test
  void aContainerThatFindsNoPortSaysSoAndKillStillLeavesNothing() throws Exception {
    // The agent has 27 ports, three containers' worth, and four are to run.
    MesosScheduler scheduler = words.schedule(Words.plan(3, 0.2));
    eventually()
        .untilAsserted(
            () -> {
              List<SchedulerStatus.Container> containers = scheduler.status().containers();
              assertThat(containers).filteredOn(each -> each.state().equals("RUNNING")).hasSize(3);
              assertThat(containers)
                  .filteredOn(each -> each.state().equals("WAITING"))
                  .singleElement()
                  .satisfies(each -> assertThat(each.reason()).contains("ports"));
            });
    assertThat(scheduler.onKill()).isEqualTo(Outcome.done("killed"));
    assertThat(words.cluster().leader().frameworks()).isEmpty();
  }
}
