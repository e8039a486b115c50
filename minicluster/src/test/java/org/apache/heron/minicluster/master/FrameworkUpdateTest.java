package org.apache.heron.minicluster.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.heron.minicluster.MiniCluster;
import org.apache.heron.minicluster.client.TestScheduler;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.AttributeConstraint;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.apache.mesos.v1.scheduler.Protos.OfferConstraints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a framework may change of itself, and what follows for its offers. */
@Execution(ExecutionMode.CONCURRENT)
class FrameworkUpdateTest {
  @TempDir Path directory;

  private MiniCluster.Builder cluster() {
    return MiniCluster.builder()
        .directory(directory.resolve("cluster"))
        .withoutZooKeeper()
        .allocationInterval(Duration.ofMillis(50));
  }

  private static TestScheduler subscribe(MiniCluster cluster, FrameworkInfo.Builder info)
      throws Exception {
    return new TestScheduler(() -> cluster.leader().port(), info.build()).subscribe();
  }

  private static Call.Builder update(TestScheduler scheduler, FrameworkInfo.Builder info) {
    return Call.newBuilder()
        .setType(Call.Type.UPDATE_FRAMEWORK)
        .setUpdateFramework(
            Call.UpdateFramework.newBuilder().setFrameworkInfo(info.setId(scheduler.id())));
  }

  private static OfferConstraints rack(String name) {
    return OfferConstraints.newBuilder()
        .putRoleConstraints(
            "*",
            OfferConstraints.RoleConstraints.newBuilder()
                .addGroups(
                    OfferConstraints.RoleConstraints.Group.newBuilder()
                        .addAttributeConstraints(
                            AttributeConstraint.newBuilder()
                                .setSelector(
                                    AttributeConstraint.Selector.newBuilder()
                                        .setAttributeName("rack"))
                                .setPredicate(
                                    AttributeConstraint.Predicate.newBuilder()
                                        .setTextEquals(
                                            AttributeConstraint.Predicate.TextEquals.newBuilder()
                                                .setValue(name)))))
                .build())
        .build();
  }

  @Test
  void onlyWhatMeetsNewConstraintsIsOffered() throws Exception {
    try (MiniCluster cluster =
            cluster().agent("cpus:1;mem:64", "rack:a").agent("cpus:1;mem:64", "rack:b").start();
        TestScheduler scheduler = subscribe(cluster, TestScheduler.framework("*"))) {
      Offer first = scheduler.expectOffer();
      Call.Builder update = update(scheduler, TestScheduler.framework("*"));
      update.getUpdateFrameworkBuilder().setOfferConstraints(rack("b"));
      assertThat(scheduler.call(update)).isEqualTo(200);
      scheduler.call(
          Call.newBuilder()
              .setType(Call.Type.DECLINE)
              .setDecline(Call.Decline.newBuilder().addOfferIds(first.getId())));
      scheduler.call(Call.newBuilder().setType(Call.Type.REVIVE));
      // The agent that has come back free in rack a is not offered again, whatever time passes.
      cluster.operator().deactivate(cluster.agentId(1));
      cluster.operator().reactivate(cluster.agentId(1));
      Event event =
          scheduler.expect(
              e ->
                  e.getOffers().getOffersList().stream()
                      .anyMatch(offer -> offer.getHostname().equals("agent2.example")));
      assertThat(event.getOffers().getOffersList())
          .extracting(Offer::getHostname)
          .doesNotContain("agent1.example");
      assertThat(scheduler.received().toString()).doesNotContain("agent1.example");
    }
  }

  @Test
  void offersOfARoleThatIsGivenUpAreTakenBack() throws Exception {
    try (MiniCluster cluster = cluster().agent("cpus(b):1;mem(b):64", "").start();
        TestScheduler scheduler = subscribe(cluster, TestScheduler.framework("a").addRoles("b"))) {
      Offer offer = scheduler.expectOffer();
      assertThat(offer.getAllocationInfo().getRole()).isEqualTo("b");
      assertThat(scheduler.call(update(scheduler, TestScheduler.framework("a")))).isEqualTo(200);
      scheduler.expect(e -> e.getRescind().getOfferId().equals(offer.getId()));
    }
  }

  @Test
  void whatIsForLifeIsNotChanged() throws Exception {
    try (MiniCluster cluster = cluster().start();
        TestScheduler scheduler = subscribe(cluster, TestScheduler.framework("*"))) {
      assertThat(scheduler.call(update(scheduler, TestScheduler.framework("*").setUser("other"))))
          .isEqualTo(400);
      assertThat(
              scheduler.call(update(scheduler, TestScheduler.framework("*").setCheckpoint(false))))
          .isEqualTo(400);
      assertThat(
              scheduler.call(
                  update(scheduler, TestScheduler.framework("*").setFailoverTimeout(60))))
          .isEqualTo(200);
      assertThat(
              scheduler.call(update(scheduler, TestScheduler.framework("*").setPrincipal("late"))))
          .isEqualTo(400);
    }
  }

  private static FrameworkInfo.Builder named(TestScheduler scheduler) {
    return TestScheduler.framework("*").setId(scheduler.id());
  }

  /** What a framework that has subscribed so before is told. */
  private static String refusal(MiniCluster cluster, FrameworkInfo.Builder info) throws Exception {
    try (TestScheduler again = new TestScheduler(() -> cluster.leader().port(), info.build())) {
      again.post();
      return again.expect(e -> e.getType() == Event.Type.ERROR).getError().getMessage();
    }
  }

  @Test
  void aPrincipalIsForLifeAlsoForWhoSubscribesAgain() throws Exception {
    String words = "Changing framework's principal is not allowed.";
    try (MiniCluster cluster = cluster().start();
        TestScheduler nobody = subscribe(cluster, TestScheduler.framework("*"));
        TestScheduler ada = subscribe(cluster, TestScheduler.framework("*").setPrincipal("ada"))) {
      assertThat(refusal(cluster, named(nobody).setPrincipal("ada"))).isEqualTo(words);
      assertThat(refusal(cluster, named(ada).setPrincipal("bob"))).isEqualTo(words);
      assertThat(refusal(cluster, named(ada))).isEqualTo(words);
      // Whoever was subscribed is still: nothing of the framework has changed.
      assertThat(nobody.call(update(nobody, TestScheduler.framework("*").setFailoverTimeout(60))))
          .isEqualTo(200);
      subscribe(cluster, named(ada).setPrincipal("ada").setUser("other")).close();
    }
  }

  @Test
  void aPrincipalIsForLifeAlsoForAMasterThatKnowsItFromAgentsOnly() throws Exception {
    try (MiniCluster cluster = cluster().agents(1).start();
        TestScheduler nobody = subscribe(cluster, TestScheduler.framework("*"))) {
      nobody.launch(nobody.expectOffer(), "t", "exec sleep 300");
      nobody.expectStatus("t", TaskState.TASK_RUNNING);
      cluster.failOverMaster();
      nobody.expectEnd();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> cluster.leader().frameworks().contains(nobody.id()));
      assertThat(refusal(cluster, named(nobody).setPrincipal("ada")))
          .isEqualTo("Changing framework's principal is not allowed.");
      nobody.subscribe();
    }
  }

  @Test
  void whoAuthenticatesWithoutSayingSoIsWhoItAuthenticatedAs() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("credentials.json"),
            "{\"credentials\":[{\"principal\":\"ada\",\"secret\":\"s3cret\"}]}");
    try (MiniCluster cluster = cluster().master(options -> options.withCredentials(file)).start();
        TestScheduler ada =
            new TestScheduler(() -> cluster.leader().port(), TestScheduler.framework("*").build())
                .authenticated("ada", "s3cret")
                .subscribe()) {
      assertThat(ada.call(update(ada, TestScheduler.framework("*")))).isEqualTo(400);
      assertThat(ada.call(update(ada, TestScheduler.framework("*").setPrincipal("ada"))))
          .isEqualTo(200);
    }
  }
}
