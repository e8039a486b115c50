package org.apache.heron.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.heron.client.runtime.SchedulerResume;
import org.apache.heron.client.runtime.TopologyActivation;
import org.apache.heron.client.runtime.TopologyKill;
import org.apache.heron.client.runtime.TopologyQuestions;
import org.apache.heron.client.runtime.TopologyRestart;
import org.apache.heron.client.runtime.TopologyUpdate;
import org.apache.heron.client.runtime.UpdateRequest;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.ckptmgr.CheckpointManager.StatefulConsistentCheckpoint;
import org.apache.heron.proto.ckptmgr.CheckpointManager.StatefulConsistentCheckpoints;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.TopologyHistory;
import org.apache.heron.spi.statemgr.StateKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands that end a topology, or change its state. */
class RuntimeCommandsTest extends RuntimeStory {

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

  // A process that was paused for longer than its session stands for election again.
  @Test
  void aSchedulerThatWasPausedIsAwaitedAndThenEndsItsContainers() throws Exception {
    session.state().delete(StateKind.SCHEDULER_LOCATION, "words");
    FakeLauncher.livesWithoutSession(2);
    new TopologyKill(session).run();
    assertThat(scheduler.requests()).containsExactly("/kill");
    assertThat(home.stateFiles()).isEmpty();
  }

  @Test
  void aSchedulerThatLivesButDoesNotComeBackIsNamedWithWhatToDo() throws Exception {
    session.state().delete(StateKind.SCHEDULER_LOCATION, "words");
    FakeLauncher.livesWithoutSession(Integer.MAX_VALUE);
    assertThatThrownBy(() -> new TopologyKill(session, Duration.ofMillis(1)).run())
        .hasMessage(
            "Failed to kill topology 'words': a scheduler runs already (process 4711), but it has"
                + " not said where it listens; end process 4711, then repeat the kill");
    assertThat(home.stateFiles()).isNotEmpty();
  }

  // Ports are given anew: after a restart of the host another scheduler has the one on record.
  @ParameterizedTest
  @CsvSource({"counts, counts-0001, topology 'counts'", "words, words-0000, another submission"})
  void whereAnotherTopologysSchedulerListensThereIsNone(String name, String id, String words)
      throws Exception {
    try (FakeScheduler other = new FakeScheduler()) {
      other.say(FakeScheduler.statusOf(name, id, "RUNNING", ""));
      other.refuse("this is the scheduler of another topology");
      if (!name.equals("words")) {
        other.explain("{\"topology\":\"counts\",\"at\":1,\"phase\":\"RUNNING\",\"containers\":[]}");
      }
      publish(other.endpoint());
      assertThatThrownBy(() -> new TopologyQuestions(session).explain(Optional.empty()))
          .hasMessageContaining("start it again with: heron scheduler resume test/ada/devel words");
      assertThatThrownBy(() -> new TopologyRestart(session).run(-1, 0))
          .hasMessageStartingWith("No scheduler runs for topology 'words': ")
          .hasMessageContaining(other.endpoint())
          .hasMessageContaining(words)
          .hasMessageEndingWith("heron scheduler resume test/ada/devel words");
      assertThat(new SchedulerResume(session).run()).isEqualTo(scheduler.endpoint());
      publish(other.endpoint());
      new TopologyKill(session).run();
      assertThat(other.requests()).as("a command is for its own topology only").isEmpty();
      assertThat(scheduler.requests()).containsExactly("/kill");
      assertThat(home.stateFiles()).isEmpty();
    }
  }

  @Test
  void whatAnswersLikeNoSchedulerCountsAsADeadOne() throws Exception {
    HttpServer pages = manager(new CopyOnWriteArrayList<>(), 404);
    try {
      publish("127.0.0.1:" + pages.getAddress().getPort());
      assertThatThrownBy(() -> new TopologyRestart(session).run(-1, 0))
          .hasMessageStartingWith("No scheduler runs for topology 'words': ")
          .hasMessageContaining("404");
      new TopologyKill(session).run();
    } finally {
      pages.stop(0);
    }
    assertThat(FakeLauncher.calls()).contains("resume");
    assertThat(scheduler.requests()).containsExactly("/kill");
    assertThat(home.stateFiles()).isEmpty();
  }

  /** Upstream's has no status to ask for. */
  @Test
  void aSchedulerThatSaysNothingOfItselfIsStillAskedToEndItsTopology() throws Exception {
    scheduler.say("");
    new TopologyKill(session).run();
    assertThat(scheduler.requests()).containsExactly("/kill");
    assertThat(FakeLauncher.calls()).doesNotContain("resume");
    assertThat(home.stateFiles()).isEmpty();
  }

  // Without its working directory a launcher knows from these alone that containers may run.
  @Test
  void aKillThatIsCutOffWhileItCleansUpLeavesNoSignOfContainers() throws Exception {
    session.state().put(StateKind.TMANAGER_LOCATION, "words", location(1));
    FakeLauncher.breakCleanUp();
    assertThatThrownBy(() -> new TopologyKill(session).run()).hasMessage("cut off");
    assertThat(home.stateFiles())
        .contains("topologies/words", "executionstate/words", "packingplans/words")
        .doesNotContain("pplans/words", "tmanagers/words", "schedulers/words");
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
}
