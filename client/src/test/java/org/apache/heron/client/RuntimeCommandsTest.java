package org.apache.heron.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.heron.client.dryrun.DryRunFormat;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.runtime.RuntimeSession;
import org.apache.heron.client.runtime.SchedulerResume;
import org.apache.heron.client.runtime.TopologyActivation;
import org.apache.heron.client.runtime.TopologyKill;
import org.apache.heron.client.runtime.TopologyQuestions;
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
import org.apache.heron.proto.system.PackingPlans;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;
import org.apache.heron.proto.update.Updates.PendingUpdate;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.TopologyHistory;
import org.apache.heron.spi.statemgr.StateKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeCommandsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

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
    assertThatThrownBy(() -> new TopologyRestart(session).run(-1, 0)).hasMessage(message);
  }

  @Test
  void restartingContainerZeroForgetsTheTopologyManager() throws Exception {
    session.state().put(StateKind.TMANAGER_LOCATION, "words", location(1));
    new TopologyRestart(session).run(1, 0);
    // Of all, container 0 comes last, and the others need its topology manager until then.
    new TopologyRestart(session).run(-1, 2);
    assertThat(session.state().exists(StateKind.TMANAGER_LOCATION, "words")).isTrue();
    new TopologyRestart(session).run(0, 0);
    assertThat(session.state().exists(StateKind.TMANAGER_LOCATION, "words")).isFalse();
    assertThat(scheduler.requests())
        .containsExactly("/restart 1", "/restart?parallel=2 -1", "/restart 0");
  }

  @Test
  void restartingWhatIsNotThereIsRefused() {
    assertThatThrownBy(() -> new TopologyRestart(session).run(7, 0))
        .hasMessage("Topology 'words' has no container 7");
    scheduler.refuse("it is being killed");
    assertThatThrownBy(() -> new TopologyRestart(session).run(1, 0))
        .hasMessage("Failed to restart topology 'words': it is being killed");
    session.state().delete(StateKind.SCHEDULER_LOCATION, "words");
    assertThatThrownBy(() -> new TopologyRestart(session).run(1, 0))
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
  void activationGoesToTheTopologyManager() throws Exception {
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
  void anUpdateIsRepackedAndSent() throws Exception {
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
  void aDryRunOfAnUpdateShowsBothPlans() throws Exception {
    String text =
        new TopologyUpdate(session)
            .run(parallelism("count:8", Optional.of(DryRunFormat.TABLE)))
            .orElseThrow();
    assertThat(text)
        .startsWith("Total number of containers: 3\n")
        .contains("Container 1 MODIFIED", "Container 3 NEW");
    assertThat(scheduler.requests()).isEmpty();
  }

  @Test
  void aRestartTellsHowFarItIs() throws Exception {
    scheduler.say(
        FakeScheduler.status(
            "RUNNING",
            "",
            FakeScheduler.task(0, "RUNNING", "a"),
            FakeScheduler.task(1, "RUNNING", "a")));
    scheduler.holdCommands();
    CompletableFuture<Void> restart =
        CompletableFuture.runAsync(
            () -> {
              try {
                new TopologyRestart(session).run(-1, 1);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    await().atMost(PATIENCE).until(() -> progress.lines().contains("stage 0 of 2 restarted"));
    scheduler.say(
        FakeScheduler.status(
            "RUNNING",
            "",
            FakeScheduler.task(0, "RUNNING", "a"),
            FakeScheduler.task(1, "RUNNING", "b")));
    await().atMost(PATIENCE).until(() -> progress.lines().contains("stage 1 of 2 restarted"));
    scheduler.say(
        FakeScheduler.status(
            "RUNNING",
            "",
            FakeScheduler.task(0, "STAGING", "b"),
            FakeScheduler.task(1, "RUNNING", "b")));
    await()
        .atMost(PATIENCE)
        .until(() -> progress.lines().contains("stage 1 of 2 restarted; container 0 is STAGING"));
    scheduler.goOn();
    restart.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void aRestartIsFollowedWhenAnotherSchedulerTakesOver() throws Exception {
    scheduler.say(FakeScheduler.status("RUNNING", "", FakeScheduler.task(1, "RUNNING", "a")));
    scheduler.holdCommands();
    CompletableFuture<Void> restart =
        CompletableFuture.runAsync(
            () -> {
              try {
                new TopologyRestart(session).run(-1, 1);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    await().atMost(PATIENCE).until(() -> progress.lines().contains("stage 0 of 1 restarted"));
    try (FakeScheduler successor = new FakeScheduler()) {
      successor.say(FakeScheduler.status("RUNNING", "", FakeScheduler.task(1, "RUNNING", "b")));
      scheduler.close();
      publish(successor.endpoint());
      scheduler.goOn();
      restart.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  @Test
  void anUpdateThatWasCutOffGoesOnWhenItIsRepeated() throws Exception {
    PackingPlan current =
        PackingPlanProtos.fromProto(
            session.state().get(StateKind.PACKING_PLAN, "words").orElseThrow());
    PackingPlans.PackingPlan unfinished = PackingPlanProtos.toProto(doubled(current));
    session
        .state()
        .put(
            StateKind.PENDING_UPDATE,
            "words",
            PendingUpdate.newBuilder()
                .setFormat(1)
                .setTopologyId(current.id())
                .setProposed(unfinished)
                .setReplacedDigest(ByteString.EMPTY)
                .setReactivate(true)
                .setStartedMillis(1)
                .build());
    new TopologyUpdate(session).run(parallelism("count:4", Optional.empty()));
    assertThat(progress.lines()).contains("warn This update was begun and cut off; it goes on");
    assertThat(scheduler.updates()).hasSize(1);
    assertThat(scheduler.updates().get(0).getProposedPackingPlan()).isEqualTo(unfinished);

    new TopologyUpdate(session).run(parallelism("count:6", Optional.empty()));
    assertThat(progress.lines())
        .contains(
            "warn Another update was begun and cut off; it is finished, or taken back, first");
    assertThat(scheduler.updates()).hasSize(3);
    assertThat(scheduler.updates().get(1).getProposedPackingPlan()).isEqualTo(unfinished);
  }

  private static PackingPlan doubled(PackingPlan plan) {
    List<ContainerPlan> containers =
        plan.containers().stream()
            .map(
                container -> {
                  List<InstancePlan> instances = new ArrayList<>(container.instances());
                  container.instances().stream()
                      .filter(instance -> instance.componentName().equals("count"))
                      .forEach(
                          instance ->
                              instances.add(
                                  new InstancePlan(
                                      "count",
                                      instance.taskId() + 100,
                                      instance.componentIndex() + 100,
                                      instance.resource())));
                  return new ContainerPlan(container.id(), instances, container.required());
                })
            .toList();
    return new PackingPlan(plan.id(), containers);
  }

  @Test
  void whatContainersWaitForIsAskedOfTheScheduler() {
    assertThatThrownBy(() -> new TopologyQuestions(session).explain(Optional.empty()))
        .hasMessageContaining("does not know the explanation");
    scheduler.explain(
        """
        {"topology":"words","at":5,"phase":"RUNNING","problem":"",
         "market":{"demand":"OPEN","filtersLapse":0,"lastRound":0,"offers":0,"agents":0},
         "containers":[{"id":1,"state":"WAITING","line":"no agent has it","since":1,"attempt":0,
          "failures":0,"retryAt":0,"cause":"","needs":[],"verdicts":[],"unnamed":0,"remedies":[]}],
         "penalties":[],"aWordOfALaterVersion":7}
        """);
    Explanation explanation = new TopologyQuestions(session).explain(Optional.of(1));
    assertThat(explanation.containers()).singleElement().matches(Explanation.Container::waits);
    assertThatThrownBy(() -> new TopologyQuestions(session).explain(Optional.of(7)))
        .hasMessage("Topology 'words' has no container 7; it has [1]");
    session.state().delete(StateKind.SCHEDULER_LOCATION, "words");
    assertThatThrownBy(() -> new TopologyQuestions(session).explain(Optional.empty()))
        .hasMessageStartingWith("No scheduler runs for topology 'words'");
  }

  @Test
  void theHistoryIsTheSchedulersOrOnRecord() {
    assertThatThrownBy(() -> new TopologyQuestions(session).history(Optional.empty()))
        .hasMessageStartingWith("Nothing is on record of topology 'words'");
    FakeLauncher.recorded(
        new TopologyHistory(
            "words",
            "records",
            List.of(),
            0,
            List.of(new TopologyHistory.Container(2, List.of(), 0))));
    assertThat(new TopologyQuestions(session).history(Optional.empty()).source())
        .isEqualTo("records");
    assertThatThrownBy(() -> new TopologyQuestions(session).history(Optional.of(1)))
        .hasMessage("Topology 'words' has no container 1; it has [2]");
  }

  @Test
  void aKillSaysWhatItWaitsForAndAsksAgain() throws Exception {
    scheduler.say(
        FakeScheduler.status(
            "KILLING",
            "",
            FakeScheduler.task(0, "KILLING", "a"),
            FakeScheduler.task(1, "WAITING", "")));
    scheduler.refuse("the kill is on record and goes on");
    scheduler.holdCommands();
    CompletableFuture<Void> kill =
        CompletableFuture.runAsync(
            () -> {
              try {
                new TopologyKill(session).run();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                progress.lines().stream()
                    .anyMatch(line -> line.contains("1 of 2 ended; container 0 is KILLING")));
    scheduler.goOn();
    await().atMost(PATIENCE).until(() -> scheduler.requests().size() > 1);
    scheduler.refuse("");
    kill.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(home.stateFiles()).isEmpty();
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
