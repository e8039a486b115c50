package org.apache.heron.minicluster.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.heron.minicluster.MiniCluster;
import org.apache.heron.minicluster.client.MasterClient;
import org.apache.heron.minicluster.client.TestScheduler;
import org.apache.heron.minicluster.protocol.AgentLink;
import org.apache.heron.minicluster.resources.ResourceFormat;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.Filters;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Resource.ReservationInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class MasterStoriesTest {
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

  private static Call.Builder accept(Offer offer, Offer.Operation.Builder operation) {
    return Call.newBuilder()
        .setType(Call.Type.ACCEPT)
        .setAccept(
            Call.Accept.newBuilder()
                .addOfferIds(offer.getId())
                .addOperations(operation)
                .setFilters(Filters.newBuilder().setRefuseSeconds(0)));
  }

  private static Call.Builder decline(Offer offer, double seconds) {
    return Call.newBuilder()
        .setType(Call.Type.DECLINE)
        .setDecline(
            Call.Decline.newBuilder()
                .addOfferIds(offer.getId())
                .setFilters(Filters.newBuilder().setRefuseSeconds(seconds)));
  }

  @Test
  void whoHasLessIsOfferedFirst() throws Exception {
    try (MiniCluster cluster = cluster().agents(1).start();
        TestScheduler rich = scheduler(cluster, "rich")) {
      Offer all = rich.expectOffer();
      // Until the other has come the rich one wants no more, be that ever so late.
      rich.launch(all, "mine", "exec sleep 300", Duration.ofMinutes(10));
      rich.expectStatus("mine", TaskState.TASK_RUNNING);
      try (TestScheduler poor = scheduler(cluster, "poor")) {
        Offer rest = poor.expectOffer();
        rich.call(Call.newBuilder().setType(Call.Type.REVIVE).setRevive(Call.Revive.newBuilder()));
        assertThat(rest.getResourcesList())
            .anyMatch(r -> r.getName().equals("cpus") && r.getScalar().getValue() == 3.9);
        // What the poor one gives back comes to him again, though the rich one waits as well.
        poor.call(decline(rest, 0));
        poor.expectOffer();
      }
    }
  }

  @Test
  void whatOneDeclinesForLongTheOtherIsOffered() throws Exception {
    try (MiniCluster cluster = cluster().agents(1).start();
        TestScheduler first = scheduler(cluster, "*");
        TestScheduler second = scheduler(cluster, "*")) {
      first.call(decline(first.expectOffer(), 600));
      assertThat(second.expectOffer().getHostname()).isEqualTo("agent1.example");
    }
  }

  @Test
  void aReservationIsRefinedForARoleBelowAndTakenBack() throws Exception {
    try (MiniCluster cluster =
            cluster().agent(agent -> agent.resources("cpus(eng):2;mem(eng):512")).start();
        TestScheduler scheduler = scheduler(cluster, "eng/dev")) {
      Offer offer = scheduler.expectOffer();
      Resource refined =
          ResourceFormat.parse("cpus(eng):1").get(0).toBuilder()
              .addReservations(
                  ReservationInfo.newBuilder()
                      .setType(ReservationInfo.Type.DYNAMIC)
                      .setRole("eng/dev"))
              .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole("eng/dev"))
              .build();
      scheduler.call(
          accept(
              offer,
              Offer.Operation.newBuilder()
                  .setType(Offer.Operation.Type.RESERVE)
                  .setReserve(Offer.Operation.Reserve.newBuilder().addResources(refined))));
      Offer reserved = scheduler.expectOffer();
      assertThat(reserved.getResourcesList()).contains(refined);
      scheduler.call(
          accept(
              reserved,
              Offer.Operation.newBuilder()
                  .setType(Offer.Operation.Type.UNRESERVE)
                  .setUnreserve(Offer.Operation.Unreserve.newBuilder().addResources(refined))));
      assertThat(scheduler.expectOffer().getResourcesList())
          .noneMatch(resource -> resource.getReservationsCount() == 2);
    }
  }

  @Test
  void whatIsReservedForOthersIsNotOffered() throws Exception {
    try (MiniCluster cluster =
            cluster().agent(agent -> agent.resources("cpus(other):3;cpus:1;mem:512")).start();
        TestScheduler scheduler = scheduler(cluster, "heron")) {
      assertThat(scheduler.expectOffer().getResourcesList())
          .allMatch(resource -> resource.getReservationsCount() == 0);
    }
  }

  @Test
  void aLostKillIsAsIfItHadNeverBeenSent() throws Exception {
    try (MiniCluster cluster = cluster().agents(1).start();
        TestScheduler scheduler = scheduler(cluster, "*")) {
      scheduler.launch(scheduler.expectOffer(), "t", "exec sleep 300");
      scheduler.expectStatus("t", TaskState.TASK_RUNNING);
      cluster.faults().loseCalls(call -> call.getType() == Call.Type.KILL);
      scheduler.kill("t");
      scheduler.call(
          Call.newBuilder().setType(Call.Type.RECONCILE).setReconcile(Call.Reconcile.newBuilder()));
      scheduler.expectStatus("t", TaskState.TASK_RUNNING);
      cluster.faults().clear();
      scheduler.kill("t");
      scheduler.expectStatus("t", TaskState.TASK_KILLED);
    }
  }

  @Test
  void aRefusedCallIs503AndALostEventNeverComes() throws Exception {
    try (MiniCluster cluster = cluster().agents(1).start()) {
      cluster.faults().loseEvents((id, event) -> event.getType() == Event.Type.OFFERS);
      try (TestScheduler scheduler = scheduler(cluster, "*")) {
        cluster.faults().refuseCalls(call -> call.getType() == Call.Type.REVIVE);
        assertThat(scheduler.call(Call.newBuilder().setType(Call.Type.REVIVE))).isEqualTo(503);
        assertThat(scheduler.call(Call.newBuilder().setType(Call.Type.SUPPRESS))).isEqualTo(202);
        assertThat(scheduler.received()).noneMatch(e -> e.getType() == Event.Type.OFFERS);
      }
    }
  }

  @Test
  void aCutStreamLeavesTheTaskAndTheIdUsable() throws Exception {
    try (MiniCluster cluster = cluster().agents(1).start();
        TestScheduler scheduler = scheduler(cluster, "*")) {
      scheduler.launch(scheduler.expectOffer(), "t", "exec sleep 300");
      scheduler.expectStatus("t", TaskState.TASK_RUNNING);
      assertThat(cluster.cutStream(scheduler.id())).isTrue();
      scheduler.expectEnd();
      var id = scheduler.id();
      scheduler.subscribe();
      assertThat(scheduler.id()).isEqualTo(id);
      scheduler.kill("t");
      scheduler.expectStatus("t", TaskState.TASK_KILLED);
    }
  }

  @Test
  void anAgentThatDiesAndReturnsKeepsItsTask() throws Exception {
    try (MiniCluster cluster =
            cluster().master(m -> m.withAgentPings(Duration.ofMillis(1500), 2)).agents(1).start();
        TestScheduler scheduler = scheduler(cluster, "*")) {
      scheduler.launch(scheduler.expectOffer(), "t", "exec sleep 300");
      scheduler.expectStatus("t", TaskState.TASK_RUNNING);
      cluster.agent(0).kill();
      scheduler.expectStatus("t", TaskState.TASK_UNREACHABLE);
      cluster.agent(0).restart();
      assertThat(scheduler.expectStatus("t", TaskState.TASK_RUNNING).getMessage())
          .isEqualTo("Unreachable agent re-reregistered");
      scheduler.kill("t");
      scheduler.expectStatus("t", TaskState.TASK_KILLED);
    }
  }

  @Test
  void aKillForAnAgentThatIsAwayIsDoneWhenItReturns() throws Exception {
    try (MiniCluster cluster = cluster().agents(1).start();
        TestScheduler scheduler = scheduler(cluster, "*")) {
      scheduler.launch(scheduler.expectOffer(), "t", "exec sleep 300");
      scheduler.expectStatus("t", TaskState.TASK_RUNNING);
      cluster.agent(0).kill();
      await().atMost(PATIENCE).until(() -> cluster.leader().connectedAgents() == 0);
      scheduler.kill("t");
      cluster.agent(0).restart();
      scheduler.expectStatus("t", TaskState.TASK_KILLED);
    }
  }

  @Test
  void garbageIsRefusedAndTheMasterServesOn() throws Exception {
    try (MiniCluster cluster = cluster().start()) {
      MasterClient client = new MasterClient();
      Random random = new Random(20261121);
      int port = cluster.leader().port();
      for (int i = 0; i < 300; i++) {
        byte[] body = new byte[random.nextInt(200)];
        random.nextBytes(body);
        boolean json = random.nextBoolean();
        if (json && random.nextBoolean()) {
          String text = "{\"type\":\"" + (random.nextBoolean() ? "SUBSCRIBE" : "GET_STATE") + "\",";
          body =
              (text + new String(body, StandardCharsets.ISO_8859_1))
                  .getBytes(StandardCharsets.UTF_8);
        }
        HttpResponse<InputStream> answer =
            client.send(
                port,
                "POST",
                random.nextBoolean() ? "/api/v1/scheduler" : "/api/v1",
                Map.of("Content-Type", json ? "application/json" : "application/x-protobuf"),
                body);
        answer.body().readAllBytes();
        assertThat(answer.statusCode()).as("request %d", i).isBetween(400, 415);
      }
      assertThat(client.send(port, "GET", "/health", Map.of(), new byte[0]).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void anAgentThatWasTakenForUnreachableAndIsHeardAgainIsAskedToRegister() throws Exception {
    MasterOptions impatient = MasterOptions.defaults().withAgentPings(Duration.ofMillis(300), 1);
    LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
    AtomicReference<AgentID> id = new AtomicReference<>();
    AgentLink link =
        (AgentLink)
            Proxy.newProxyInstance(
                AgentLink.class.getClassLoader(),
                new Class<?>[] {AgentLink.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("registered")) {
                    id.set((AgentID) arguments[0]);
                  }
                  told.add(method.getName());
                  return null;
                });
    try (Master master = Master.start(impatient)) {
      AgentInfo info = AgentInfo.newBuilder().setHostname("a.example").build();
      master.link().register(info, List.of(), link, List.of(), List.of());
      assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("registered");
      await().atMost(PATIENCE).until(() -> master.connectedAgents() == 0);
      master.link().ping(id.get());
      assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("registerAgain");
      AgentInfo again = info.toBuilder().setId(id.get()).build();
      master.link().register(again, List.of(), link, List.of(), List.of());
      assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("registered");
    }
  }

  @Test
  void anAgentThatAsksTwiceBeforeItIsAnsweredIsOneAgent() throws Exception {
    LinkedBlockingQueue<AgentID> ids = new LinkedBlockingQueue<>();
    AgentLink link =
        (AgentLink)
            Proxy.newProxyInstance(
                AgentLink.class.getClassLoader(),
                new Class<?>[] {AgentLink.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("registered")) {
                    ids.add((AgentID) arguments[0]);
                  }
                  return null;
                });
    try (Master master = Master.start(MasterOptions.defaults())) {
      AgentInfo info = AgentInfo.newBuilder().setHostname("a.example").build();
      master.link().register(info, List.of(), link, List.of(), List.of());
      master.link().register(info, List.of(), link, List.of(), List.of());
      AgentID first = ids.poll(30, TimeUnit.SECONDS);
      assertThat(first).isNotNull();
      assertThat(ids.poll(30, TimeUnit.SECONDS)).isEqualTo(first);
      assertThat(master.connectedAgents()).isEqualTo(1);
    }
  }
}
