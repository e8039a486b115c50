package org.apache.heron.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.heron.minicluster.MiniCluster;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole framework while what it stands on goes away and comes back. */
class MesosSchedulerFaultsTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir private Path directory;
  private MiniCluster cluster;
  private MesosScheduler scheduler;

  @BeforeEach
  void start() throws IOException {
    cluster =
        MiniCluster.builder()
            .directory(directory.resolve("cluster"))
            .allocationInterval(Duration.ofMillis(200))
            .agent(agent -> agent.resources("cpus:4;mem:4096;disk:10000;ports:[31000-31026]"))
            .start();
    Packages.core(directory, Packages.EXECUTOR);
    Packages.archive(directory.resolve("topology.tar.gz"), Map.of("words.defn", "words"));
  }

  @AfterEach
  void stop() {
    if (scheduler != null) {
      scheduler.close();
    }
    cluster.close();
  }

  private MesosScheduler scheduling(PackingPlan plan) {
    MesosScheduler made = new MesosScheduler();
    made.initialize(
        new SchedulerContext(
            Words.config(
                Map.of(
                    "heron.mesos.master.uri",
                    cluster.masterUri(),
                    "heron.statemgr.zookeeper.session.timeout.ms",
                    30_000,
                    "heron.mesos.gang.wait.ms",
                    0,
                    "heron.statemgr.connection.string",
                    cluster.zooKeeper().connectString())),
            Words.topology("words-id"),
            null,
            directory,
            Map.of(
                "heron.package.core.uri",
                directory.resolve("heron-core.tar.gz").toUri().toString(),
                "heron.package.topology.uri",
                directory.resolve("topology.tar.gz").toString()),
            false));
    made.onSchedule(() -> plan);
    return made;
  }

  private SchedulerStatus awaitAllRunning() {
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(scheduler.status()).matches(SchedulerStatus::allRunning));
    return scheduler.status();
  }

  private static List<String> taskIds(SchedulerStatus status) {
    return status.containers().stream().map(SchedulerStatus.Container::taskId).toList();
  }

  @Test
  void aNewMasterIsGivenTheSameFrameworkWithTheSameTasks() throws Exception {
    scheduler = scheduling(Words.plan(2, 0.2));
    SchedulerStatus before = awaitAllRunning();
    cluster.failOverMaster();
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        // A master that is stopping answers with an error.
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              assertThat(cluster.leader().frameworks()).hasSize(1);
              assertThat(scheduler.status().master()).isNotEmpty();
            });
    SchedulerStatus after = awaitAllRunning();
    assertThat(after.frameworkId()).isEqualTo(before.frameworkId());
    assertThat(taskIds(after)).isEqualTo(taskIds(before));
    assertThat(scheduler.onKill()).isEqualTo(Outcome.done("killed"));
    assertThat(cluster.leader().frameworks()).isEmpty();
  }

  @Test
  void aKillThatLosesItsMasterIsFinishedWithTheNext() throws Exception {
    scheduler = scheduling(Words.plan(2, 0.2));
    awaitAllRunning();
    int port = cluster.leader().port();
    cluster.stopLeader();
    CompletableFuture<Outcome> kill = CompletableFuture.supplyAsync(scheduler::onKill);
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() -> scheduler.status().phase() == SchedulerStatus.Phase.KILLING);
    assertThat(kill).isNotDone();
    cluster.startMaster(port);
    assertThat(kill.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(Outcome.done("killed"));
    scheduler.finished().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(cluster.leader().frameworks()).isEmpty();
  }

  @Test
  void withoutZooKeeperNothingIsLaunchedAndItsReturnIsEnough() throws Exception {
    scheduler = scheduling(Words.plan(2, 0.2));
    SchedulerStatus before = awaitAllRunning();
    cluster.zooKeeper().stop();
    CompletableFuture<Outcome> restart = scheduler.onRestart(1, 0);
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() -> scheduler.status().problem().contains("ZooKeeper"));
    assertThat(restart).isNotDone();
    cluster.zooKeeper().restart();
    assertThat(restart.get(LIMIT.toSeconds(), TimeUnit.SECONDS).ok()).isTrue();
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(scheduler.status().containers().get(1).attempt()).isEqualTo(2));
    SchedulerStatus after = awaitAllRunning();
    assertThat(after.frameworkId()).isEqualTo(before.frameworkId());
    assertThat(after.containers().get(2).taskId()).isEqualTo(before.containers().get(2).taskId());
    assertThat(after.problem()).isEmpty();
    assertThat(scheduler.onKill()).isEqualTo(Outcome.done("killed"));
  }

  @Test
  void aContainerThatFindsNoPortSaysSoAndKillStillLeavesNothing() throws Exception {
    // The agent has 27 ports, three containers' worth, and four are to run.
    scheduler = scheduling(Words.plan(3, 0.2));
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
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
    assertThat(cluster.leader().frameworks()).isEmpty();
  }
}
