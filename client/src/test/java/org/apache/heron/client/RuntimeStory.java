package org.apache.heron.client;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.runtime.RuntimeSession;
import org.apache.heron.client.submit.SubmitRequest;
import org.apache.heron.client.submit.Submitter;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;
import org.apache.heron.spi.statemgr.StateKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A topology that was submitted to a scheduler that only listens. */
abstract class RuntimeStory {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  TestHome home;
  FakeScheduler scheduler;
  RuntimeSession session;
  final RecordingProgress progress = new RecordingProgress();

  @BeforeEach
  void submit() throws Exception {
    home = new TestHome(directory);
    scheduler = new FakeScheduler();
    FakeLauncher.use(scheduler);
    SubmitRequest request =
        new SubmitRequest(
            home.settings(Map.of()),
            home.jar().toString(),
            CopyingMain.class.getName(),
            List.of(home.definition("words", 1).toString()),
            List.of(),
            "",
            false,
            Optional.empty());
    new Submitter(TestHome.environment(), Progress.NONE).submit(request);
    session = RuntimeSession.open(home.settings(Map.of()), "words", progress);
  }

  @AfterEach
  void stop() {
    session.close();
    scheduler.close();
  }

  void publish(String endpoint) {
    session
        .state()
        .put(
            StateKind.SCHEDULER_LOCATION,
            "words",
            SchedulerLocation.newBuilder()
                .setTopologyName("words")
                .setHttpEndpoint(endpoint)
                .build());
  }

  static PhysicalPlan physicalPlan(TopologyState state) {
    return PhysicalPlan.newBuilder()
        .setTopology(TestTopologies.words("words", 1).toBuilder().setState(state))
        .build();
  }

  static TManagerLocation location(int port) {
    return TManagerLocation.newBuilder()
        .setTopologyName("words")
        .setTopologyId("words-0001")
        .setHost("127.0.0.1")
        .setControllerPort(port)
        .setServerPort(1)
        .build();
  }

  static HttpServer manager(List<String> calls, int code) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          calls.add(exchange.getRequestURI().toString());
          exchange.sendResponseHeaders(code, 4);
          try (var out = exchange.getResponseBody()) {
            out.write(new byte[] {'d', 'o', 'n', 'e'});
          }
        });
    server.start();
    return server;
  }
}
