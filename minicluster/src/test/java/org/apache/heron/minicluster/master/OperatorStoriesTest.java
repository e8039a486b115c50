package org.apache.heron.minicluster.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.minicluster.MiniCluster;
import org.apache.heron.minicluster.client.TestScheduler;
import org.apache.heron.minicluster.operator.Operator;
import org.apache.heron.minicluster.operator.OperatorException;
import org.apache.mesos.v1.Protos.Filters;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.MachineID;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.master.Protos.Response;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What operators do, and what frameworks see of it. */
@Execution(ExecutionMode.CONCURRENT)
class OperatorStoriesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  private MiniCluster.Builder cluster() {
    return MiniCluster.builder()
        .directory(directory.resolve("cluster"))
        .withoutZooKeeper()
        .allocationInterval(Duration.ofMillis(50));
  }

  private static TestScheduler scheduler(MiniCluster cluster, String role) throws Exception {
    return new TestScheduler(() -> cluster.leader().port(), TestScheduler.framework(role).build())
        .subscribe();
  }

  private static boolean isReservedFor(String role, Offer offer) {
    return offer.getResourcesList().stream()
        .flatMap(resource -> resource.getReservationsList().stream())
        .anyMatch(reservation -> reservation.getRole().equals(role));
  }

  private static Offer expectOfferWith(TestScheduler scheduler, String role) {
    Event event =
        scheduler.expect(
            e -> e.getOffers().getOffersList().stream().anyMatch(o -> isReservedFor(role, o)));
    return event.getOffers().getOffersList().stream()
        .filter(offer -> isReservedFor(role, offer))
        .findFirst()
        .orElseThrow();
  }

  private static void expectRescind(TestScheduler scheduler, Offer offer) {
    scheduler.expect(event -> event.getRescind().getOfferId().equals(offer.getId()));
  }

  @Test
  void aReservationOutlivesMasterAgentAndSilence() throws Exception {
    try (MiniCluster cluster =
            cluster()
                .master(m -> m.withAgentPings(Duration.ofMillis(1500), 2))
                .agent("cpus:4;cpus(heron):1;mem:1024", "")
                .start();
        TestScheduler scheduler = scheduler(cluster, "heron")) {
      expectRescind(scheduler, reserve(cluster, scheduler, "cpus(heron):2;mem(heron):512"));
      expectOfferWith(scheduler, "heron");
      cluster.failOverMaster();
      assertReserved(cluster);
      cluster.agent(0).kill();
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(cluster.operator().agents()).isEmpty());
      cluster.agent(0).restart();
      assertReserved(cluster);
      await().atMost(PATIENCE).until(() -> cluster.leader().connectedAgents() == 1);
      cluster.operator().unreserve(cluster.agentId(0), "cpus(heron):2;mem(heron):512");
      assertThat(dynamic(cluster)).isEmpty();
    }
  }

  private static Offer reserve(MiniCluster cluster, TestScheduler scheduler, String what)
      throws Exception {
    Offer offer = scheduler.expectOffer();
    cluster.operator().reserve(cluster.agentId(0), what);
    return offer;
  }

  private static void assertReserved(MiniCluster cluster) {
    await().atMost(PATIENCE).until(() -> dynamic(cluster).equals(List.of("cpus 2.0", "mem 512.0")));
  }

  private static List<String> dynamic(MiniCluster cluster) throws Exception {
    return cluster.operator().agents().stream()
        .map(Response.GetAgents.Agent::getTotalResourcesList)
        .flatMap(List::stream)
        .filter(resource -> resource.getReservationsCount() > 0)
        .filter(resource -> resource.getReservations(0).getType().name().equals("DYNAMIC"))
        .map(resource -> resource.getName() + " " + resource.getScalar().getValue())
        .sorted()
        .toList();
  }

  @Test
  void whatCannotBeReservedIsRefusedWithTheReason() throws Exception {
    try (MiniCluster cluster = cluster().agent("cpus:2;cpus(eng):1;mem:1024", "").start()) {
      Operator operator = cluster.operator();
      assertThatThrownBy(() -> operator.reserve(cluster.agentId(0), "cpus(heron):3"))
          .isInstanceOf(OperatorException.class)
          .hasMessageContaining("409")
          .hasMessageContaining("does not contain cpus:3");
      assertThatThrownBy(() -> operator.reserve(cluster.agentId(0), "cpus:1"))
          .hasMessageContaining("400")
          .hasMessageContaining("cpus:1 is not dynamically reserved");
      assertThatThrownBy(() -> operator.unreserve(cluster.agentId(0), "cpus(heron):1"))
          .hasMessageContaining("409");
      operator.reserve(cluster.agentId(0), "cpus(eng)(eng/dev):1");
      try (TestScheduler dev = scheduler(cluster, "eng/dev")) {
        assertThat(expectOfferWith(dev, "eng/dev").getResourcesList())
            .anyMatch(resource -> resource.getReservationsCount() == 2);
      }
    }
  }

  @Test
  void aWindowIsOfferedAndAskedForAndItsMachineGoesDownAndUp() throws Exception {
    try (MiniCluster cluster = cluster().agents(2).start();
        TestScheduler scheduler = scheduler(cluster, "*")) {
      Operator operator = cluster.operator();
      Offer offer = scheduler.expectOffer();
      String host = offer.getHostname();
      scheduler.launch(offer, "t", "exec sleep 300");
      scheduler.expectStatus("t", TaskState.TASK_RUNNING);
      Instant start = Instant.now().plusSeconds(60);
      operator.maintain(start, Duration.ofHours(1), host);
      var asked =
          scheduler.expect(e -> e.getType() == Event.Type.INVERSE_OFFERS).getInverseOffers();
      assertThat(asked.getInverseOffers(0).getAgentId()).isEqualTo(offer.getAgentId());
      scheduler.call(
          Call.newBuilder()
              .setType(Call.Type.ACCEPT_INVERSE_OFFERS)
              .setAcceptInverseOffers(
                  Call.AcceptInverseOffers.newBuilder()
                      .addInverseOfferIds(asked.getInverseOffers(0).getId())
                      .setFilters(Filters.newBuilder().setRefuseSeconds(600))));
      await()
          .atMost(PATIENCE)
          .until(() -> operator.maintenance().getDrainingMachines(0).getStatusesCount() == 1);
      MachineID machine = operator.machine(host);
      operator.machinesDown(List.of(machine));
      TaskStatus gone = scheduler.expectStatus("t", TaskState.TASK_GONE);
      assertThat(gone.getMessage()).isEqualTo("Operator initiated 'Machine DOWN'");
      scheduler.expect(e -> e.getFailure().getAgentId().equals(offer.getAgentId()));
      assertThat(operator.maintenance().getDownMachinesList()).containsExactly(machine);
      var down =
          cluster.agents().stream()
              .filter(a -> a.hostname().equals(host))
              .findFirst()
              .orElseThrow();
      await().atMost(PATIENCE).until(() -> !down.isRunning());
      down.restart();
      await().atMost(PATIENCE).until(() -> !down.isRunning());
      operator.machinesUp(List.of(machine));
      down.restart();
      await().atMost(PATIENCE).until(() -> operator.agent(host).isPresent());
      assertThat(operator.maintenance().getDrainingMachinesList()).isEmpty();
    }
  }

  @Test
  void aScheduleThatIsNoneIsRefused() throws Exception {
    try (MiniCluster cluster = cluster().agents(1).start()) {
      Operator operator = cluster.operator();
      Instant now = Instant.now();
      var window = operator.window(now, Duration.ofHours(1), "agent1.example");
      assertThatThrownBy(() -> operator.schedule(List.of(window, window)))
          .hasMessageContaining("appears more than once in the schedule");
      assertThatThrownBy(() -> operator.schedule(List.of(operator.window(now, Duration.ZERO))))
          .hasMessageContaining("List of machines in the maintenance window is empty");
      MachineID machine = operator.machine("agent1.example");
      assertThatThrownBy(() -> operator.machinesDown(List.of(machine)))
          .hasMessageContaining("is not part of a maintenance schedule");
      operator.schedule(List.of(window));
      assertThatThrownBy(() -> operator.machinesUp(List.of(machine)))
          .hasMessageContaining("is not in DOWN mode");
      operator.machinesDown(List.of(machine));
      assertThatThrownBy(() -> operator.schedule(List.of()))
          .hasMessageContaining("is deactivated and cannot be removed from the schedule");
    }
  }

  @Test
  void aDrainedAgentIsGoneIfTheOperatorSaysSo() throws Exception {
    try (MiniCluster cluster = cluster().agents(1).start();
        TestScheduler scheduler = scheduler(cluster, "*")) {
      Offer offer = scheduler.expectOffer();
      scheduler.launch(offer, "t", "exec sleep 300");
      scheduler.expectStatus("t", TaskState.TASK_RUNNING);
      cluster.operator().drain(offer.getAgentId(), Optional.of(Duration.ofSeconds(30)), true);
      TaskStatus end = scheduler.expectStatus("t", TaskState.TASK_GONE_BY_OPERATOR);
      assertThat(end.getReason()).isEqualTo(TaskStatus.Reason.REASON_AGENT_DRAINING);
      assertThat(end.getMessage()).isEqualTo("Command terminated with signal Terminated");
      scheduler.expect(e -> e.getFailure().getAgentId().equals(offer.getAgentId()));
      await().atMost(PATIENCE).until(() -> !cluster.agent(0).isRunning());
    }
  }

  @Test
  void aDeactivatedAgentKeepsItsTasksAndIsOfferedAgainWhenItIsReactivated() throws Exception {
    try (MiniCluster cluster = cluster().agents(1).start();
        TestScheduler scheduler = scheduler(cluster, "*")) {
      Offer offer = scheduler.expectOffer();
      cluster.operator().deactivate(offer.getAgentId());
      expectRescind(scheduler, offer);
      assertThat(cluster.operator().agents().get(0).getActive()).isFalse();
      cluster.operator().reactivate(offer.getAgentId());
      scheduler.expectOffer();
    }
  }

  @Test
  void weightsAreKeptAndShown() throws Exception {
    try (MiniCluster cluster = cluster().agents(1).start();
        TestScheduler scheduler = scheduler(cluster, "heron")) {
      scheduler.expectOffer();
      cluster.operator().weights(Map.of("heron", 2.5));
      Response answer =
          cluster
              .operator()
              .send(
                  org.apache.mesos.v1.master.Protos.Call.newBuilder()
                      .setType(org.apache.mesos.v1.master.Protos.Call.Type.GET_ROLES)
                      .build());
      assertThat(answer.getGetRoles().getRoles(0).getWeight()).isEqualTo(2.5);
    }
  }

  private static boolean hasRevocable(Offer offer) {
    return offer.getResourcesList().stream().anyMatch(Resource::hasRevocable);
  }

  @Test
  void whatIsLentIsForThoseWhoKnowOfIt() throws Exception {
    try (MiniCluster cluster = cluster().agent("cpus:1;mem:512;cpus{REV}:3", "").start()) {
      try (TestScheduler unknowing = scheduler(cluster, "*")) {
        assertThat(hasRevocable(unknowing.expectOffer())).isFalse();
      }
      try (TestScheduler knowing = knowing(cluster, Capability.Type.REVOCABLE_RESOURCES)) {
        knowing.expect(e -> e.getOffers().getOffersList().stream().anyMatch(o -> hasRevocable(o)));
      }
    }
  }

  private static TestScheduler knowing(MiniCluster cluster, Capability.Type capability)
      throws Exception {
    var framework =
        TestScheduler.framework("*").addCapabilities(Capability.newBuilder().setType(capability));
    return new TestScheduler(() -> cluster.leader().port(), framework.build()).subscribe();
  }

  @Test
  void gpusAndOtherRegionsAreForThoseWhoKnowOfThem() throws Exception {
    try (MiniCluster cluster =
        cluster()
            .faultDomain("eu", "eu-1")
            .agent(agent -> agent.resources("cpus:1;mem:64;gpus:1"))
            .agent(agent -> agent.faultDomain("us", "us-1"))
            .agent(agent -> agent.faultDomain("eu", "eu-2"))
            .start()) {
      assertThat(hostsOffered(scheduler(cluster, "*"))).containsExactly("agent3.example");
      assertThat(hostsOffered(knowing(cluster, Capability.Type.GPU_RESOURCES)))
          .containsExactly("agent1.example", "agent3.example");
      assertThat(hostsOffered(knowing(cluster, Capability.Type.REGION_AWARE)))
          .containsExactly("agent2.example", "agent3.example");
    }
  }

  /** In the first round; what was offered is free again when it returns. */
  private static List<String> hostsOffered(TestScheduler scheduler) throws Exception {
    try (scheduler) {
      var offers = scheduler.expect(e -> e.getType() == Event.Type.OFFERS).getOffers();
      assertThat(scheduler.call(Call.newBuilder().setType(Call.Type.TEARDOWN))).isEqualTo(202);
      return offers.getOffersList().stream().map(Offer::getHostname).sorted().toList();
    }
  }

  @Test
  void aFrameworkWithTwoRolesIsOfferedInBothAndSuppressesEachAlone() throws Exception {
    try (MiniCluster cluster =
            cluster().agent("cpus(a):1;mem(a):64", "").agent("cpus(b):1;mem(b):64", "").start();
        TestScheduler scheduler =
            new TestScheduler(
                    () -> cluster.leader().port(),
                    TestScheduler.framework("a").addRoles("b").build())
                .subscribe()) {
      Offer ofB = expectOfferWith(scheduler, "b");
      assertThat(ofB.getAllocationInfo().getRole()).isEqualTo("b");
      scheduler.call(
          Call.newBuilder()
              .setType(Call.Type.SUPPRESS)
              .setSuppress(Call.Suppress.newBuilder().addRoles("b")));
      scheduler.call(
          Call.newBuilder()
              .setType(Call.Type.DECLINE)
              .setDecline(
                  Call.Decline.newBuilder()
                      .addOfferIds(ofB.getId())
                      .setFilters(Filters.newBuilder().setRefuseSeconds(0))));
      scheduler.call(
          Call.newBuilder()
              .setType(Call.Type.REVIVE)
              .setRevive(Call.Revive.newBuilder().addRoles("a")));
      assertThat(scheduler.received()).noneMatch(e -> e.getOffers().toString().contains("\"b\""));
      scheduler.call(
          Call.newBuilder()
              .setType(Call.Type.REVIVE)
              .setRevive(Call.Revive.newBuilder().addRoles("b")));
      expectOfferWith(scheduler, "b");
    }
  }

  @Test
  void anOfferIsAsLargeAsTheFrameworksFilterAsks() throws Exception {
    var filter =
        org.apache.mesos.v1.Protos.OfferFilters.newBuilder()
            .setMinAllocatableResources(
                org.apache.mesos.v1.Protos.OfferFilters.MinAllocatableResources.newBuilder()
                    .addQuantities(
                        org.apache.mesos.v1.Protos.OfferFilters.ResourceQuantities.newBuilder()
                            .putQuantities(
                                "cpus",
                                org.apache.mesos.v1.Protos.Value.Scalar.newBuilder()
                                    .setValue(2)
                                    .build())))
            .build();
    try (MiniCluster cluster =
            cluster().agent("cpus:1;mem:512", "").agent("cpus:2;mem:512", "").start();
        TestScheduler scheduler =
            new TestScheduler(
                    () -> cluster.leader().port(),
                    TestScheduler.framework("*").putOfferFilters("*", filter).build())
                .subscribe()) {
      var offers = scheduler.expect(e -> e.getType() == Event.Type.OFFERS).getOffers();
      assertThat(offers.getOffersList())
          .extracting(Offer::getHostname)
          .containsExactly("agent2.example");
    }
  }
}
