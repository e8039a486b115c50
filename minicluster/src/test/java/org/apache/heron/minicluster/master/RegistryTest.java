package org.apache.heron.minicluster.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.heron.minicluster.MiniCluster;
import org.apache.heron.minicluster.client.TestScheduler;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Masters that remember the agents of the one before. */
@Execution(ExecutionMode.CONCURRENT)
class RegistryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  private MiniCluster cluster(Duration reregisterTimeout) throws Exception {
    return MiniCluster.builder()
        .directory(directory.resolve("cluster"))
        .withoutZooKeeper()
        .allocationInterval(Duration.ofMillis(50))
        .keepRegistry(reregisterTimeout)
        .agents(1)
        .start();
  }

  private static TestScheduler scheduler(MiniCluster cluster) throws Exception {
    return new TestScheduler(() -> cluster.leader().port(), TestScheduler.framework("*").build())
        .subscribe();
  }

  private static AgentID agent(String id) {
    return AgentID.newBuilder().setValue(id).build();
  }

  private static void reconcile(TestScheduler scheduler, AgentID agent, String task)
      throws Exception {
    reconcile(scheduler, task(task).setAgentId(agent));
  }

  private static Call.Reconcile.Task.Builder task(String task) {
    return Call.Reconcile.Task.newBuilder().setTaskId(TaskID.newBuilder().setValue(task));
  }

  private static void reconcile(TestScheduler scheduler, Call.Reconcile.Task.Builder task)
      throws Exception {
    scheduler.call(
        Call.newBuilder()
            .setType(Call.Type.RECONCILE)
            .setReconcile(Call.Reconcile.newBuilder().addTasks(task)));
  }

  private static AgentID runTaskAndFailOver(MiniCluster cluster, TestScheduler scheduler)
      throws Exception {
    Offer offer = scheduler.expectOffer();
    scheduler.launch(offer, "t", "exec sleep 300");
    scheduler.expectStatus("t", TaskState.TASK_RUNNING);
    cluster.agent(0).kill();
    cluster.failOverMaster();
    scheduler.expectEnd();
    scheduler.subscribe();
    return offer.getAgentId();
  }

  @Test
  void ofATaskWhoseAgentIsNotBackYetNothingIsSaidAndThenOnlyToWhoAsks() throws Exception {
    try (MiniCluster cluster = cluster(Duration.ofMinutes(10));
        TestScheduler scheduler = scheduler(cluster)) {
      AgentID agent = runTaskAndFailOver(cluster, scheduler);
      reconcile(scheduler, agent, "t");
      scheduler.kill("t");
      reconcile(scheduler, agent("nobody"), "x");
      scheduler.expectStatus("x", TaskState.TASK_UNKNOWN);
      assertThat(scheduler.received()).noneMatch(e -> e.hasUpdate());
      cluster.agent(0).restart();
      await().atMost(PATIENCE).until(() -> cluster.leader().connectedAgents() == 1);
      reconcile(scheduler, agent("nobody"), "y");
      scheduler.expectStatus("y", TaskState.TASK_UNKNOWN);
      assertThat(scheduler.received()).noneMatch(e -> e.hasUpdate());
      reconcile(scheduler, agent, "t");
      assertThat(scheduler.expectStatus("t", TaskState.TASK_RUNNING).getMessage())
          .isEqualTo("Reconciliation: Latest task state");
    }
  }

  @Test
  void anAgentThatDoesNotComeBackInTimeIsUnreachable() throws Exception {
    try (MiniCluster cluster = cluster(Duration.ofMillis(100));
        TestScheduler scheduler = scheduler(cluster)) {
      AgentID agent = runTaskAndFailOver(cluster, scheduler);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                reconcile(scheduler, agent, "t");
                assertThat(scheduler.received().toString()).contains("TASK_UNREACHABLE");
              });
      // Master::reconcileTasks looks at the agent that is named, not at what it remembers of tasks.
      reconcile(scheduler, task("t"));
      assertThat(scheduler.expectStatus("t", TaskState.TASK_UNKNOWN).hasAgentId()).isFalse();
      cluster.agent(0).restart();
      assertThat(scheduler.expectStatus("t", TaskState.TASK_RUNNING).getMessage())
          .isEqualTo("Unreachable agent re-reregistered");
    }
  }
}
