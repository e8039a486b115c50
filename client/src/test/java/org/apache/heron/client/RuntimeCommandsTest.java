package org.apache.heron.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.heron.client.dryrun.DryRunFormat;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.runtime.RuntimeSession;
import org.apache.heron.client.runtime.SchedulerResume;
import org.apache.heron.client.runtime.TopologyActivation;
import org.apache.heron.client.runtime.TopologyKill;
import org.apache.heron.client.runtime.TopologyRestart;
import org.apache.heron.client.runtime.TopologyUpdate;
import org.apache.heron.client.runtime.UpdateRequest;
import org.apache.heron.client.submit.SubmitRequest;
import org.apache.heron.client.submit.Submitter;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.ckptmgr.CheckpointManager.StatefulConsistentCheckpoint;
import org.apache.heron.proto.ckptmgr.CheckpointManager.StatefulConsistentCheckpoints;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;
import org.apache.heron.spi.statemgr.StateKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeCommandsTest {
  @TempDir Path directory;
  private TestHome home;
  private FakeScheduler scheduler;
  private RuntimeSession session;
  private final RecordingProgress progress = new RecordingProgress();

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

  @Test
  void killingTwiceSaysThatNothingIsThere() throws Exception {
    new TopologyKill(session).run();
    assertThatThrownBy(() -> new TopologyKill(session).run())
        .hasMessage("Topology 'words' does not exist");
  }

  @Test
  void aKillRemovesCheckpointsAndPhysicalPlanToo() throws Exception {
    session
        .state()
        .put(
            StateKind.STATEFUL_CHECKPOINTS,
            "words",
            StatefulConsistentCheckpoints.newBuilder()
                .addConsistentCheckpoints(
                    StatefulConsistentCheckpoint.newBuilder()
                        .setCheckpointId("c1")
                        .setPackingPlanId("p1"))
                .build());
    session.state().put(StateKind.PHYSICAL_PLAN, "words", physicalPlan(TopologyState.RUNNING));
    session.state().put(StateKind.TMANAGER_LOCATION, "words", location(1));
    new TopologyKill(session).run();
    assertThat(home.stateFiles()).isEmpty();
  }

  @Test
  void aKillThatTheSchedulerRefusesKeepsEverything() throws Exception {
    scheduler.refuse("tasks are still ending");
    assertThatThrownBy(() -> new TopologyKill(session).run())
        .hasMessage(
            "Failed to kill topology 'words' with scheduler, please re-try the kill command later:"
                + " tasks are still ending");
    assertThat(home.stateFiles()).hasSize(5);
    assertThat(home.packages()).exists();
    scheduler.refuse("");
    new TopologyKill(session).run();
    assertThat(home.stateFiles()).isEmpty();
  }

  @Test
  void aDeadSchedulerIsStartedAgainToEndItsContainers() throws Exception {
    session.state().delete(StateKind.SCHEDULER_LOCATION, "words");
    new TopologyKill(session).run();
    assertThat(FakeLauncher.calls()).containsSubsequence("resume", "cleanUp");
    assertThat(scheduler.requests()).containsExactly("/kill");
    assertThat(home.stateFiles()).isEmpty();
  }

  @Test
  void aStaleLocationCountsAsADeadScheduler() throws Exception {
    publish("127.0.0.1:1");
    new TopologyKill(session).run();
    assertThat(FakeLauncher.calls()).contains("resume");
    assertThat(home.stateFiles()).isEmpty();
  }

  @Test
  void aTopologyThatNeverRegisteredIsJustRemoved() throws Exception {
    FakeLauncher.neverRegistered();
    session.state().delete(StateKind.SCHEDULER_LOCATION, "words");
    new TopologyKill(session).run();
    assertThat(scheduler.requests()).isEmpty();
    assertThat(home.stateFiles()).isEmpty();
  }

  @Test
  void aTopologyOfAnotherRoleIsNotTouched() {
    session
        .state()
        .put(
            StateKind.EXECUTION_STATE,
            "words",
            ExecutionState.newBuilder()
                .setTopologyName("words")
                .setTopologyId("id")
                .setCluster("test")
                .setRole("grace")
                .setEnviron("devel")
                .build());
    String message =
        "cluster/role/environ does not match. Topology 'words' is running at test/grace/devel, not"
            + " test/ada/devel";
    assertThatThrownBy(() -> new TopologyKill(session).run()).hasMessage(message);
    assertThatThrownBy(() -> new TopologyRestart(session).run(-1)).hasMessage(message);
  }

  @Test
  void restartingContainerZeroForgetsTheTopologyManager() {
    session.state().put(StateKind.TMANAGER_LOCATION, "words", location(1));
    new TopologyRestart(session).run(1);
    assertThat(session.state().exists(StateKind.TMANAGER_LOCATION, "words")).isTrue();
    new TopologyRestart(session).run(-1);
    assertThat(session.state().exists(StateKind.TMANAGER_LOCATION, "words")).isFalse();
    assertThat(scheduler.requests()).containsExactly("/restart 1", "/restart -1");
  }

  @Test
  void restartingWhatIsNotThereIsRefused() {
    assertThatThrownBy(() -> new TopologyRestart(session).run(7))
        .hasMessage("Topology 'words' has no container 7");
    scheduler.refuse("it is being killed");
    assertThatThrownBy(() -> new TopologyRestart(session).run(1))
        .hasMessage("Failed to restart topology 'words': it is being killed");
    session.state().delete(StateKind.SCHEDULER_LOCATION, "words");
    assertThatThrownBy(() -> new TopologyRestart(session).run(1))
        .hasMessage(
            "No scheduler runs for topology 'words'; start it again with: heron scheduler resume"
                + " test/ada/devel words");
  }

  @Test
  void aSchedulerIsResumedOnlyIfNoneRuns() {
    assertThatThrownBy(() -> new SchedulerResume(session).run())
        .hasMessage("The scheduler of topology 'words' runs at " + scheduler.endpoint());
    session.state().delete(StateKind.SCHEDULER_LOCATION, "words");
    assertThat(new SchedulerResume(session).run()).isEqualTo(scheduler.endpoint());
  }

  @Test
  void activationGoesToTheTopologyManager() throws IOException {
    List<String> calls = new CopyOnWriteArrayList<>();
    HttpServer manager = manager(calls, 200);
    try {
      session.state().put(StateKind.PHYSICAL_PLAN, "words", physicalPlan(TopologyState.RUNNING));
      session
          .state()
          .put(StateKind.TMANAGER_LOCATION, "words", location(manager.getAddress().getPort()));
      new TopologyActivation(session).deactivate();
      new TopologyActivation(session).activate();
      new TopologyUpdate(session)
          .run(
              new UpdateRequest(
                  List.of(), Optional.empty(), List.of("word:a:b"), Optional.empty()));
      assertThat(calls)
          .containsExactly(
              "/deactivate?topologyid=words-0001",
              "/runtime_config/update?topologyid=words-0001&runtime-config=word%3Aa%3Ab");
      assertThat(progress.lines()).contains("warn Topology 'words' is already in state 'RUNNING'");
    } finally {
      manager.stop(0);
    }
  }

  @Test
  void activationSaysWhatIsMissing() throws IOException {
    session.state().delete(StateKind.PHYSICAL_PLAN, "words");
    assertThatThrownBy(() -> new TopologyActivation(session).activate())
        .hasMessageStartingWith("Failed to get physical plan for topology 'words'");
    session.state().put(StateKind.PHYSICAL_PLAN, "words", physicalPlan(TopologyState.KILLED));
    assertThatThrownBy(() -> new TopologyActivation(session).activate())
        .hasMessage("Topology 'words' is not in state 'PAUSED'");
    session.state().put(StateKind.PHYSICAL_PLAN, "words", physicalPlan(TopologyState.PAUSED));
    assertThatThrownBy(() -> new TopologyActivation(session).activate())
        .hasMessageStartingWith("The topology manager of topology 'words' is not there");
    HttpServer manager = manager(new CopyOnWriteArrayList<>(), 400);
    try {
      session
          .state()
          .put(StateKind.TMANAGER_LOCATION, "words", location(manager.getAddress().getPort()));
      assertThatThrownBy(() -> new TopologyActivation(session).activate())
          .hasMessage("Non OK HTTP response 400 from TManager for command activate: done");
    } finally {
      manager.stop(0);
    }
  }

  @Test
  void anUpdateIsRepackedAndSent() {
    new TopologyUpdate(session).run(parallelism("count:4", Optional.empty()));
    assertThat(scheduler.requests()).containsExactly("/update");
    scheduler.refuse("update is not supported yet");
    assertThatThrownBy(
            () -> new TopologyUpdate(session).run(parallelism("count:4", Optional.empty())))
        .hasMessageStartingWith("Failed to update topology with Scheduler, ")
        .hasMessageEndingWith(": update is not supported yet");
  }

  @Test
  void anUpdateThatIsNoneOrUnknownIsRefused() {
    assertThatThrownBy(
            () -> new TopologyUpdate(session).run(parallelism("count:2", Optional.empty())))
        .hasMessage(
            "The component parallelism request (count:2) is the same as the current topology"
                + " parallelism. Not taking action.");
    assertThatThrownBy(
            () -> new TopologyUpdate(session).run(parallelism("sink:2", Optional.empty())))
        .hasMessageStartingWith("Invalid component name in update request: sink");
    assertThatThrownBy(() -> parallelism("count:0x", Optional.empty()))
        .hasMessageContaining("expected component:number");
    assertThatThrownBy(
            () ->
                new UpdateRequest(
                    List.of("a:1"), Optional.empty(), List.of("a:b"), Optional.empty()))
        .hasMessageContaining("can't be updated at the same time");
    assertThatThrownBy(
            () -> new UpdateRequest(List.of(), Optional.empty(), List.of(), Optional.empty()))
        .hasMessageStartingWith("Missing arguments");
  }

  @Test
  void aDryRunOfAnUpdateShowsBothPlans() {
    String text =
        new TopologyUpdate(session)
            .run(parallelism("count:8", Optional.of(DryRunFormat.TABLE)))
            .orElseThrow();
    assertThat(text)
        .startsWith("Total number of containers: 3\n")
        .contains("Container 1 MODIFIED", "Container 3 NEW");
    assertThat(scheduler.requests()).isEmpty();
  }

  private static UpdateRequest parallelism(String change, Optional<DryRunFormat> dryRun) {
    return new UpdateRequest(List.of(change), Optional.empty(), List.of(), dryRun);
  }

  private void publish(String endpoint) {
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

  private static PhysicalPlan physicalPlan(TopologyState state) {
    return PhysicalPlan.newBuilder()
        .setTopology(TestTopologies.words("words", 1).toBuilder().setState(state))
        .build();
  }

  private static TManagerLocation location(int port) {
    return TManagerLocation.newBuilder()
        .setTopologyName("words")
        .setTopologyId("words-0001")
        .setHost("127.0.0.1")
        .setControllerPort(port)
        .setServerPort(1)
        .build();
  }

  private static HttpServer manager(List<String> calls, int code) throws IOException {
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
