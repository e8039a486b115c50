package org.apache.heron.minicluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.CuratorWatcher;
import org.apache.curator.retry.RetryOneTime;
import org.apache.heron.minicluster.client.TestScheduler;
import org.apache.heron.minicluster.master.Master;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MiniClusterTest {
  @TempDir Path directory;

  private MiniCluster.Builder cluster() {
    return MiniCluster.builder()
        .directory(directory.resolve("cluster"))
        .allocationInterval(Duration.ofMillis(100));
  }

  private static TestScheduler scheduler(MiniCluster cluster) throws Exception {
    return new TestScheduler(() -> cluster.leader().port(), TestScheduler.framework("*").build())
        .subscribe();
  }

  @Test
  void aTaskRunsAsARealProcessAndIsKilledOnDemand() throws Exception {
    try (MiniCluster cluster = cluster().agents(1).start();
        TestScheduler scheduler = scheduler(cluster)) {
      Offer offer = scheduler.expectOffer();
      Path proof = directory.resolve("proof");
      scheduler.launch(offer, "words-1-0", "touch " + proof + "; exec sleep 300");
      scheduler.expectStatus("words-1-0", TaskState.TASK_RUNNING);
      await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(proof));
      scheduler.kill("words-1-0");
      scheduler.expectStatus("words-1-0", TaskState.TASK_KILLED);
    }
  }

  @Test
  void aTaskSurvivesTheMasterWhoseSuccessorLearnsOfItFromTheAgent() throws Exception {
    try (MiniCluster cluster = cluster().agents(1).start();
        TestScheduler scheduler = scheduler(cluster)) {
      scheduler.launch(scheduler.expectOffer(), "words-1-0", "exec sleep 300");
      scheduler.expectStatus("words-1-0", TaskState.TASK_RUNNING);
      String before = cluster.leader().info().getId();
      cluster.failOverMaster();
      scheduler.expectEnd();
      assertThat(cluster.leader().info().getId()).isNotEqualTo(before);
      scheduler.subscribe();
      assertThat(scheduler.id().getValue()).startsWith(before);
      await().atMost(Duration.ofSeconds(30)).until(() -> cluster.leader().connectedAgents() == 1);
      scheduler.call(
          Call.newBuilder().setType(Call.Type.RECONCILE).setReconcile(Call.Reconcile.newBuilder()));
      scheduler.expectStatus("words-1-0", TaskState.TASK_RUNNING);
    }
  }

  /** A new one needs a session in ZooKeeper first: nobody must take the dead one for it. */
  @Test
  void whenAFailOverReturnsAnotherLeads() throws Exception {
    try (MiniCluster cluster = cluster().agents(0).start()) {
      Master dead = cluster.leader();
      cluster.failOverMaster();
      assertThat(cluster.leader()).isNotSameAs(dead);
      assertThat(cluster.leader().isLeading()).isTrue();
      assertThat(dead.isLeading()).isFalse();
    }
  }

  @Test
  void ofSeveralMastersAnotherLeadsWhenTheLeaderDies() throws Exception {
    try (MiniCluster cluster = cluster().masters(2).agents(1).start();
        TestScheduler scheduler = scheduler(cluster)) {
      scheduler.launch(scheduler.expectOffer(), "words-1-0", "exec sleep 300");
      scheduler.expectStatus("words-1-0", TaskState.TASK_RUNNING);
      int before = cluster.leader().port();
      cluster.stopLeader();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> cluster.leader().port() != before && cluster.leader().isLeading());
      scheduler.subscribe();
      scheduler.kill("words-1-0");
      scheduler.expect(e -> e.getUpdate().getStatus().getTaskId().getValue().equals("words-1-0"));
    }
  }

  @Test
  void aLeaderWhoseNodeIsGoneStandsAgain() throws Exception {
    try (MiniCluster cluster = cluster().start();
        CuratorFramework client =
            CuratorFrameworkFactory.newClient(
                cluster.zooKeeper().connectString(), new RetryOneTime(500))) {
      client.start();
      // As it goes with that of a session which ended while ZooKeeper was away.
      String node = client.getChildren().forPath("/mesos").get(0);
      client.delete().forPath("/mesos/" + node);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(client.getChildren().forPath("/mesos"))
                      .singleElement()
                      .isNotEqualTo(node));
      await().atMost(Duration.ofSeconds(30)).until(() -> cluster.leader().isLeading());
    }
  }

  @Test
  void aMasterWhoseNodeIsGoneByItsDeathServesNobodyAnyMore() throws Exception {
    try (MiniCluster cluster = cluster().masters(2).agents(0).start();
        CuratorFramework client =
            CuratorFrameworkFactory.newClient(
                cluster.zooKeeper().connectString(), new RetryOneTime(500))) {
      client.start();
      // The other, too: else its coming is what the watch tells.
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> client.getChildren().forPath("/mesos").size() == 2);
      int port = cluster.leader().port();
      CompletableFuture<Boolean> answered = new CompletableFuture<>();
      client
          .getChildren()
          .usingWatcher((CuratorWatcher) event -> answered.complete(listens(port)))
          .forPath("/mesos");
      cluster.stopLeader();
      assertThat(answered.get(30, TimeUnit.SECONDS)).isFalse();
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void closingLeavesNoFileOfItsOwnAndNoPort() throws Exception {
    Path own;
    int port;
    int zooKeeper;
    int agent;
    try (MiniCluster cluster = MiniCluster.start(1)) {
      own = cluster.directory();
      port = cluster.leader().port();
      zooKeeper = cluster.zooKeeper().port();
      agent = cluster.agent(0).port();
    }
    assertThat(own).doesNotExist();
    for (int each : new int[] {port, zooKeeper, agent}) {
      assertThat(listens(each)).as("port %d", each).isFalse();
    }
  }
}
