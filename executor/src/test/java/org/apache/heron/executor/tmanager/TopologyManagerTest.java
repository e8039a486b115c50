package org.apache.heron.executor.tmanager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.heron.executor.LogLines;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.executor.plane.InstanceCounters;
import org.apache.heron.executor.registration.ContainerRegistration;
import org.apache.heron.executor.registration.RegistrationConfig;
import org.apache.heron.minicluster.zookeeper.EmbeddedZooKeeper;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.system.PackingPlans.PackingPlan;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.tmanager.TopologyManager.ExceptionLogRequest;
import org.apache.heron.proto.tmanager.TopologyManager.ExceptionLogResponse;
import org.apache.heron.proto.tmanager.TopologyManager.MetricRequest;
import org.apache.heron.proto.tmanager.TopologyManager.MetricResponse;
import org.apache.heron.proto.tmanager.TopologyManager.StmgrsRegistrationSummaryRequest;
import org.apache.heron.proto.tmanager.TopologyManager.StmgrsRegistrationSummaryResponse;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topology manager with real containers' registrations over a real ZooKeeper. */
class TopologyManagerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private EmbeddedZooKeeper zooKeeper;
  private IStateManager state;
  private TopologyManager manager;

  /** A container without a data plane: it keeps the plans that it gets. */
  private final class Member {
    private final List<PhysicalPlan> plans = new CopyOnWriteArrayList<>();
    private final ContainerRegistration registration;

    Member(int container, int port) {
      registration =
          new ContainerRegistration(
              new RegistrationConfig(
                  Plans.NAME,
                  Plans.ID,
                  Plans.stmgr(container, port),
                  Duration.ofMillis(100),
                  Duration.ofMillis(200),
                  Duration.ofMillis(200),
                  1 << 20),
              state,
              PlannedInstances.of(Plans.packing(container).getContainerPlans(0)),
              plans::add,
              () -> counters(container),
              Clock.systemUTC());
      open.add(registration);
    }

    void awaitPlan(java.util.function.Predicate<PhysicalPlan> wanted) {
      await()
          .atMost(PATIENCE)
          .until(() -> !plans.isEmpty() && wanted.test(plans.get(plans.size() - 1)));
    }
  }

  @BeforeEach
  void submitATopologyOfTwoContainers() throws Exception {
    zooKeeper = EmbeddedZooKeeper.start(directory, 0);
    state = connect();
    state.create(StateKind.TOPOLOGY, Plans.NAME, Plans.topology());
    state.create(StateKind.PACKING_PLAN, Plans.NAME, Plans.packing(1, 2));
    manager = startManager(state);
  }

  @AfterEach
  void endEverything() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    manager.close();
    state.close();
    zooKeeper.close();
  }

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

      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  state
                      .get(StateKind.TMANAGER_LOCATION, Plans.NAME)
                      .filter(manager.location()::equals)
                      .isPresent());
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
  void theOldPlanStaysUntilAllContainersOfTheNewPackingPlanAreThere() {
    Member first = twoContainers();
    PhysicalPlan old = storedPlan().orElseThrow();
    state.put(StateKind.PACKING_PLAN, Plans.NAME, Plans.packing(1, 2, 3));
    await().atMost(PATIENCE).until(() -> summary().getAbsentStmgrsList().contains("stmgr-3"));
    assertThat(storedPlan()).contains(old);
    assertAnswer("/deactivate", 200, "Topology successfully deactivated");
    first.awaitPlan(plan -> plan.getTopology().getState() == TopologyState.PAUSED);
    assertThat(storedPlan().orElseThrow().getStmgrsCount()).isEqualTo(2);

    Member third = new Member(3, 1003);

    first.awaitPlan(plan -> plan.getStmgrsCount() == 3);
    third.awaitPlan(plan -> plan.getStmgrsCount() == 3);
    assertThat(storedPlan().orElseThrow().getTopology().getState()).isEqualTo(TopologyState.PAUSED);
    assertAnswer("/activate", 200, "Topology successfully activated");
  }

  @Test
  void aSmallerPackingPlanTakesEffectAtOnceAndWhoLeavesIsTold() {
    Member first = new Member(1, 1001);
    Member second = new Member(2, 1002);
    second.awaitPlan(plan -> plan.getStmgrsCount() == 2);

    state.put(StateKind.PACKING_PLAN, Plans.NAME, Plans.packing(1));

    first.awaitPlan(plan -> plan.getStmgrsCount() == 1);
    second.awaitPlan(plan -> plan.getStmgrsCount() == 1);
    assertThat(storedPlan().orElseThrow().getInstancesCount()).isEqualTo(1);
  }

  @Test
  void whoWasRemovedWhileNobodyCouldTellItIsToldWhenItComes() throws Exception {
    twoContainers();
    manager.close();
    state.put(StateKind.PACKING_PLAN, Plans.NAME, Plans.packing(1));

    manager = startManager(state);

    await()
        .atMost(PATIENCE)
        .until(() -> storedPlan().filter(plan -> plan.getStmgrsCount() == 1).isPresent());
    Member late = new Member(2, 1002);
    late.awaitPlan(plan -> plan.getStmgrsCount() == 1);
  }

  @Test
  void ofTwoPackingPlansInARowTheLastOneCounts() {
    Member first = twoContainers();
    state.put(StateKind.PACKING_PLAN, Plans.NAME, Plans.packing(1, 2, 3));
    state.put(StateKind.PACKING_PLAN, Plans.NAME, Plans.packing(1, 4));
    new Member(3, 1003);
    Member fourth = new Member(4, 1004);

    fourth.awaitPlan(plan -> plan.getStmgrsCount() == 2);
    first.awaitPlan(plan -> plan.getStmgrs(1).getId().equals("stmgr-4"));
    state.put(StateKind.PACKING_PLAN, Plans.NAME, Plans.packing(1, 2));
    first.awaitPlan(plan -> plan.getStmgrs(1).getId().equals("stmgr-2"));
    assertThat(storedPlan()).contains(first.plans.get(first.plans.size() - 1));
  }

  @Test
  void aPackingPlanThatCannotBeLeavesEverythingAsItIs() throws Exception {
    Member first = twoContainers();
    PhysicalPlan old = storedPlan().orElseThrow();
    PackingPlan good = Plans.packing(1, 2);
    try (LogLines log = LogLines.of(TopologyManager.class)) {
      for (PackingPlan bad :
          List.of(
              good.toBuilder().clearContainerPlans().build(),
              Plans.packing(1, 1),
              Plans.packing(new int[][] {{1}, {1}}),
              Plans.packing(0, 1))) {
        int before = log.lines().size();
        state.put(StateKind.PACKING_PLAN, Plans.NAME, bad);
        await().atMost(PATIENCE).until(() -> log.lines().size() > before);
      }
      // not even a packing plan
      state.put(
          new StateKind<>("packingplans", TManagerLocation.parser(), false),
          Plans.NAME,
          manager.location());
      state.put(StateKind.PACKING_PLAN, Plans.NAME, good.toBuilder().setId("again").build());
      assertThat(log.lines())
          .containsExactly(
              unusable("no instances of [word]"),
              unusable("container 1 is below 1 or there twice"),
              unusable("task 1 is there twice"),
              unusable("container 0 is below 1 or there twice"));
    }
    assertThat(storedPlan()).contains(old);
    assertThat(failure).isNotDone();

    state.put(StateKind.PACKING_PLAN, Plans.NAME, Plans.packing(1));
    first.awaitPlan(plan -> plan.getStmgrsCount() == 1);
  }

  private static String unusable(String why) {
    return "packingplans/words cannot be used: "
        + why
        + "; what is in force stays, waiting for another";
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

  private Member twoContainers() {
    Member first = new Member(1, 1001);
    Member second = new Member(2, 1002);
    first.awaitPlan(plan -> plan.getStmgrsCount() == 2);
    second.awaitPlan(plan -> plan.getStmgrsCount() == 2);
    return first;
  }

  private TopologyManager startManager(IStateManager over) throws Exception {
    return TopologyManager.start(config(30), over, failure::complete, Clock.systemUTC());
  }

  private static TopologyManagerConfig config(int retries) throws Exception {
    return new TopologyManagerConfig(
        Plans.NAME,
        Plans.ID,
        "127.0.0.1",
        InetAddress.getByName("127.0.0.1"),
        0,
        0,
        0,
        retries,
        Duration.ofMillis(200),
        Duration.ofSeconds(30),
        1 << 20,
        180,
        256);
  }

  private IStateManager connect() {
    IStateManager connected = new CuratorStateManager();
    connected.initialize(
        Config.of(
            Map.of(
                Key.STATEMGR_CONNECTION_STRING.text(),
                zooKeeper.connectString(),
                Key.STATEMGR_ROOT_PATH.text(),
                "/heron")));
    return connected;
  }

  private Optional<PhysicalPlan> storedPlan() {
    return state.get(StateKind.PHYSICAL_PLAN, Plans.NAME);
  }

  private void assertAnswer(String path, int status, String text) {
    HttpResponse<String> answer = control(path, Plans.ID);
    assertThat(answer.body()).isEqualTo(text);
    assertThat(answer.statusCode()).isEqualTo(status);
  }

  private HttpResponse<String> control(String path, String topologyId) {
    String query = topologyId.isEmpty() ? "" : "?topologyid=" + topologyId;
    try {
      return http.send(
          HttpRequest.newBuilder(
                  URI.create(
                      "http://127.0.0.1:" + manager.location().getControllerPort() + path + query))
              .timeout(PATIENCE)
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (Exception e) {
      throw new IllegalStateException(URLEncoder.encode(path, StandardCharsets.UTF_8), e);
    }
  }

  private StmgrsRegistrationSummaryResponse summary() {
    try {
      return StmgrsRegistrationSummaryResponse.parseFrom(
          stats(
              "/stmgrsregistrationsummary",
              StmgrsRegistrationSummaryRequest.getDefaultInstance().toByteString()));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] stats(String path, ByteString body) throws Exception {
    HttpResponse<byte[]> answer = post(manager.location().getStatsPort(), path, body.toByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private HttpResponse<byte[]> post(int port, String path, byte[] body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private static ContainerCounters counters(int container) {
    return new ContainerCounters(
        container,
        "stmgr-" + container,
        Plans.ID,
        "RUNNING",
        1,
        false,
        List.of(),
        0,
        Map.of(),
        Map.of(),
        0,
        0,
        List.of(
            new InstanceCounters(
                "container_" + container + "_word_" + container,
                "word",
                container,
                container - 1,
                "SPOUT",
                "RUNNING",
                1,
                Map.of("default", 700L),
                Map.of(),
                0,
                0,
                0,
                0,
                0.5,
                0,
                0,
                0,
                0,
                0,
                3,
                List.of(
                    new InstanceCounters.ExceptionReport(
                        1_000, 3, "boom", "java.lang.Error: boom\n\tat a.b")),
                Map.of())));
  }
}
