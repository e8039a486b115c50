package org.apache.heron.executor.tmanager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.executor.plane.InstanceCounters;
import org.apache.heron.executor.registration.ContainerRegistration;
import org.apache.heron.executor.registration.RegistrationConfig;
import org.apache.heron.minicluster.zookeeper.EmbeddedZooKeeper;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.tmanager.TopologyManager.StmgrsRegistrationSummaryRequest;
import org.apache.heron.proto.tmanager.TopologyManager.StmgrsRegistrationSummaryResponse;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A topology manager with real containers' registrations over a real ZooKeeper. */
abstract class TopologyManagerStory {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  final List<AutoCloseable> open = new ArrayList<>();
  final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  EmbeddedZooKeeper zooKeeper;
  IStateManager state;
  TopologyManager manager;

  /** A container without a data plane: it keeps the plans that it gets. */
  final class Member {
    final List<PhysicalPlan> plans = new CopyOnWriteArrayList<>();
    final ContainerRegistration registration;

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

  Member twoContainers() {
    Member first = new Member(1, 1001);
    Member second = new Member(2, 1002);
    first.awaitPlan(plan -> plan.getStmgrsCount() == 2);
    second.awaitPlan(plan -> plan.getStmgrsCount() == 2);
    return first;
  }

  TopologyManager startManager(IStateManager over) throws Exception {
    return TopologyManager.start(config(30), over, failure::complete, Clock.systemUTC());
  }

  static TopologyManagerConfig config(int retries) throws Exception {
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

  IStateManager connect() {
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

  Optional<PhysicalPlan> storedPlan() {
    return state.get(StateKind.PHYSICAL_PLAN, Plans.NAME);
  }

  void assertAnswer(String path, int status, String text) {
    HttpResponse<String> answer = control(path, Plans.ID);
    assertThat(answer.body()).isEqualTo(text);
    assertThat(answer.statusCode()).isEqualTo(status);
  }

  HttpResponse<String> control(String path, String topologyId) {
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

  StmgrsRegistrationSummaryResponse summary() {
    try {
      return StmgrsRegistrationSummaryResponse.parseFrom(
          stats(
              "/stmgrsregistrationsummary",
              StmgrsRegistrationSummaryRequest.getDefaultInstance().toByteString()));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  byte[] stats(String path, ByteString body) throws Exception {
    HttpResponse<byte[]> answer = post(manager.location().getStatsPort(), path, body.toByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  HttpResponse<byte[]> post(int port, String path, byte[] body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  static ContainerCounters counters(int container) {
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
                List.of(),
                0,
                0,
                0,
                0,
                0,
                0,
                3,
                List.of(
                    new InstanceCounters.ExceptionReport(
                        1_000, 2_000, 3, "boom", "java.lang.Error: boom\n\tat a.b")),
                Map.of())));
  }
}
