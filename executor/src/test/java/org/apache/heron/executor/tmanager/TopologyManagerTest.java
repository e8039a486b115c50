package org.apache.heron.executor.tmanager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.DataOutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.tmanager.TopologyManager.ExceptionLogRequest;
import org.apache.heron.proto.tmanager.TopologyManager.ExceptionLogResponse;
import org.apache.heron.proto.tmanager.TopologyManager.MetricRequest;
import org.apache.heron.proto.tmanager.TopologyManager.MetricResponse;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.junit.jupiter.api.Test;

/** What containers and operators ask of a topology manager. */
class TopologyManagerTest extends TopologyManagerStory {

  @Test
  void containersRegisterAndGetThePlan() {
    Member first = new Member(1, 1001);
    await().atMost(PATIENCE).until(() -> summary().getRegisteredStmgrsList().contains("stmgr-1"));
    assertThat(summary().getAbsentStmgrsList()).containsExactly("stmgr-2");
    assertThat(control("/activate", Plans.ID).statusCode()).isEqualTo(500);
    assertThat(control("/get_current_physical_plan", "").statusCode()).isEqualTo(400);

    Member second = new Member(2, 1002);

    first.awaitPlan(plan -> plan.getStmgrsCount() == 2);
    second.awaitPlan(plan -> plan.getStmgrsCount() == 2);
    assertThat(storedPlan()).contains(first.plans.get(0));
    assertThat(Base64.getDecoder().decode(control("/get_current_physical_plan", "").body()))
        .isEqualTo(first.plans.get(0).toByteArray());
    TManagerLocation location = state.get(StateKind.TMANAGER_LOCATION, Plans.NAME).orElseThrow();
    assertThat(location).isEqualTo(manager.location());
  }

  @Test
  void activationIsTheOperators() {
    Member first = twoContainers();

    assertAnswer("/activate", 400, "Topology not in paused state");
    assertAnswer("/deactivate", 200, "Topology successfully deactivated");
    first.awaitPlan(plan -> plan.getTopology().getState() == TopologyState.PAUSED);
    assertThat(storedPlan().orElseThrow().getTopology().getState()).isEqualTo(TopologyState.PAUSED);
    assertAnswer("/deactivate", 400, "Topology not in running state");
    assertAnswer("/activate", 200, "Topology successfully activated");
    first.awaitPlan(plan -> plan.getTopology().getState() == TopologyState.RUNNING);

    assertThat(control("/deactivate", "").body())
        .isEqualTo("Missing 'topologyid' argument in the request");
    assertThat(control("/deactivate", "words-2").body()).isEqualTo("Topology id does not match");
    assertThat(control("/deactivate", "words-2").statusCode()).isEqualTo(400);
    assertAnswer("/clean_all_stateful_checkpoints", 200, "Checkpoints successfully cleaned");
  }

  @Test
  void settingsChangeWhileItRuns() {
    Member first = twoContainers();
    String update = "/runtime_config/update";

    assertThat(control(update, Plans.ID).body()).startsWith("No runtime config is found.");
    assertThat(control(update, Plans.ID + "&runtime-config=a").body())
        .startsWith("Failed to parse runtime configs.");
    assertThat(
            control(update, Plans.ID + "&runtime-config=topology.component.output.bps:many").body())
        .startsWith("Failed to validate runtime configs: topology.component.output.bps is 'many'");
    assertThat(control(update, Plans.ID + "&runtime-config=nobody:a:1").body())
        .isEqualTo("Failed to validate runtime configs: no component nobody");
    HttpResponse<String> done =
        control(update, Plans.ID + "&runtime-config=word:a:1&runtime-config=b:2");
    assertThat(done.body()).isEqualTo("Runtime config updated");
    assertThat(done.statusCode()).isEqualTo(200);
    first.awaitPlan(plan -> plan.getTopology().getTopologyConfig().getKvsCount() == 1);
    PhysicalPlan plan = first.plans.get(first.plans.size() - 1);
    assertThat(plan.getTopology().getTopologyConfig().getKvs(0).getKey()).isEqualTo("b:runtime");
    assertThat(plan.getTopology().getSpouts(0).getComp().getConfig().getKvs(0).getValue())
        .isEqualTo("1");
  }

  @Test
  void aRestartedContainerComesIntoANewPlan() {
    Member first = twoContainers();
    Member second = new Member(2, 2002);

    first.awaitPlan(plan -> plan.getStmgrs(1).getDataPort() == 2002);
    second.awaitPlan(plan -> plan.getStmgrs(1).getDataPort() == 2002);
  }

  @Test
  void aRestartedTopologyManagerGoesOn() throws Exception {
    Member first = twoContainers();
    assertAnswer("/deactivate", 200, "Topology successfully deactivated");
    int plansBefore = first.plans.size();
    manager.close();

    manager = startManager(state);

    await().atMost(PATIENCE).until(() -> summary().getRegisteredStmgrsList().size() == 2);
    first.awaitPlan(plan -> first.plans.size() > plansBefore);
    assertThat(first.plans.get(first.plans.size() - 1).getTopology().getState())
        .as("the state is kept")
        .isEqualTo(TopologyState.PAUSED);
    assertAnswer("/activate", 200, "Topology successfully activated");
  }

  @Test
  void aTopologyManagerThatDiedIsReplacedAtOnce() throws Exception {
    await().atMost(PATIENCE).until(() -> state.exists(StateKind.TMANAGER_LOCATION, Plans.NAME));
    TManagerLocation dead =
        manager.location().toBuilder().setControllerPort(1).setServerPort(1).build();
    manager.close();
    try (IStateManager deadOnes = connect()) {
      // Its session lives on, as after kill -9.
      deadOnes.put(StateKind.TMANAGER_LOCATION, Plans.NAME, dead);

      manager = startManager(state);

      awaitPlace(manager.location());
    }
  }

  @Test
  void asLongAsOneLivesAnotherWaits() throws Exception {
    await().atMost(PATIENCE).until(() -> state.exists(StateKind.TMANAGER_LOCATION, Plans.NAME));
    CompletableFuture<Throwable> refused = new CompletableFuture<>();
    try (IStateManager others = connect();
        TopologyManager other =
            TopologyManager.start(config(2), others, refused::complete, Clock.systemUTC())) {
      assertThat(refused.get(60, java.util.concurrent.TimeUnit.SECONDS))
          .hasMessageContaining("is held by 127.0.0.1:" + manager.location().getControllerPort());
      assertThat(other.location()).isNotEqualTo(manager.location());
    }
    assertThat(state.get(StateKind.TMANAGER_LOCATION, Plans.NAME)).contains(manager.location());
  }

  @Test
  void aDeposedTopologyManagerLeavesItsSuccessorsPlaceAlone() throws Exception {
    awaitPlace(manager.location());
    TManagerLocation successor =
        manager.location().toBuilder().setControllerPort(1).setServerPort(1).build();
    try (IStateManager others = connect()) {
      others.put(StateKind.TMANAGER_LOCATION, Plans.NAME, successor);

      manager.close();

      assertThat(state.get(StateKind.TMANAGER_LOCATION, Plans.NAME)).contains(successor);
    }
  }

  @Test
  void aPlaceThatSomebodyRemovesIsTakenAgain() {
    awaitPlace(manager.location());

    state.delete(StateKind.TMANAGER_LOCATION, Plans.NAME);

    awaitPlace(manager.location());
    manager.close();
    assertThat(state.exists(StateKind.TMANAGER_LOCATION, Plans.NAME)).isFalse();
  }

  @Test
  void thePlaceOfATopologyThatIsGoneIsNotTakenAgain() {
    awaitPlace(manager.location());

    assertThat(new LocationNode(state, manager.location()).isWanted()).isTrue();
    state.delete(StateKind.TOPOLOGY, Plans.NAME);
    assertThat(new LocationNode(state, manager.location()).isWanted()).isFalse();
  }

  private void awaitPlace(TManagerLocation location) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                state
                    .get(StateKind.TMANAGER_LOCATION, Plans.NAME)
                    .filter(location::equals)
                    .isPresent());
  }

  @Test
  void countersAndExceptionsCanBeAskedFor() throws Exception {
    twoContainers();
    MetricRequest question =
        MetricRequest.newBuilder()
            .setComponentName("word")
            .addMetric("__emit-count/default")
            .setInterval(-1)
            .build();
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(
                        MetricResponse.parseFrom(stats("/stats", question.toByteString()))
                            .getMetricList())
                    .hasSize(2)
                    .allSatisfy(task -> assertThat(task.getMetric(0).getValue()).isEqualTo("700")));
    assertThatStreamManagersAnswerToo(question);
    ExceptionLogRequest exceptions =
        ExceptionLogRequest.newBuilder().setComponentName("word").build();
    assertThat(
            ExceptionLogResponse.parseFrom(stats("/exceptions", exceptions.toByteString()))
                .getExceptionsList())
        .hasSize(2);
    assertThat(
            ExceptionLogResponse.parseFrom(stats("/exceptionsummary", exceptions.toByteString()))
                .getExceptionsList())
        .singleElement()
        .satisfies(summary -> assertThat(summary.getCount()).isEqualTo(6));
    assertThat(
            MetricResponse.parseFrom(
                    stats(
                        "/stats",
                        question.toBuilder().setComponentName("nobody").build().toByteString()))
                .getStatus()
                .getMessage())
        .isEqualTo("Unknown component: nobody");
  }

  /** heron-ui asks for back pressure of each instance there, and for metrics that are not. */
  private void assertThatStreamManagersAnswerToo(MetricRequest question) throws Exception {
    MetricRequest pressure =
        question.toBuilder()
            .setComponentName("__stmgr__")
            .clearMetric()
            .addMetric("__time_spent_back_pressure_by_compid/container_1_word_1")
            .build();
    assertThat(MetricResponse.parseFrom(stats("/stats", pressure.toByteString())).getMetricList())
        .hasSize(2)
        .anySatisfy(
            stmgr -> {
              assertThat(stmgr.getInstanceId()).isEqualTo("stmgr-1");
              assertThat(stmgr.getMetric(0).getValue()).isEqualTo("0");
            })
        .anySatisfy(
            stmgr -> {
              assertThat(stmgr.getInstanceId()).isEqualTo("stmgr-2");
              assertThat(stmgr.getMetricList()).as("it knows nothing of that one").isEmpty();
            });
  }

  @Test
  void garbageOnAPortHarmsNobody() throws Exception {
    byte[][] garbage = {
      "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
      {0x7f, 0, 0, 0},
      {-1, -1, -1, -1},
      {
        0, 0, 0, 44, 0x7f, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
        19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40
      },
    };
    for (byte[] bytes : garbage) {
      try (Socket socket = new Socket("127.0.0.1", manager.location().getServerPort())) {
        socket.setSoTimeout(30_000);
        new DataOutputStream(socket.getOutputStream()).write(bytes);
        assertThat(socket.getInputStream().read()).as("cut off").isEqualTo(-1);
      } catch (java.net.SocketException e) {
        assertThat(e).hasMessageContaining("reset");
      }
    }
    assertThat(post(manager.location().getStatsPort(), "/stats", new byte[] {1, 2, 3}).statusCode())
        .isEqualTo(400);
    twoContainers();
  }
}
