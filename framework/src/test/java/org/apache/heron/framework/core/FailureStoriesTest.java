package org.apache.heron.framework.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens when copies, agents, masters and the framework itself fail. */
class FailureStoriesTest {

  @Test
  void aFailingContainerIsTriedEverLaterUpToFiveMinutes() {
    Story story = Story.of(1).subscribed();
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      story.offeredBy("a1").updated(0, TaskState.TASK_FAILED);
      Duration wait = Duration.between(story.now, story.container(0).due().orElseThrow());
      waits.add(wait.toSeconds());
      story.calls.clear();
      story.passes(wait.minusMillis(1)).offeredBy("a1");
      if (wait.toSeconds() > 1) {
        story.passes(Duration.ofSeconds(1));
      } else {
        story.passes(Duration.ofMillis(500));
      }
      assertThat(story.life(0)).isEqualTo(Life.WAITING);
    }
    assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L, 300L);
    assertThat(story.container(0).reason()).contains("a1.example").contains("said Mesos");
  }

  @Test
  void aFailedFetchNamesWhatIsFetchedAndNoOtherFailureDoes() {
    Story story = Story.running(1);
    String reason = "REASON_CONTAINER_LAUNCH_FAILED";
    story.updated(
        story.taskOf(0),
        TaskState.TASK_FAILED,
        "a1",
        "Failed to launch container: Failed to fetch all URIs for container",
        reason);
    assertThat(story.container(0).reason())
        .contains("Failed to fetch all URIs")
        .endsWith("it fetches http://repo/core.tar.gz and file:///words.tar.gz");
    assertThat(story.log).last().asString().contains("http://repo/core.tar.gz");
    story.passes(Duration.ofSeconds(1)).offeredBy("a1");
    story.updated(story.taskOf(0), TaskState.TASK_FAILED, "a1", "no such user", reason);
    assertThat(story.container(0).reason()).contains("no such user").doesNotContain("fetches");
  }

  @Test
  void anAgentThatDoesNotWaitForAFetchSaysWhatHelps() {
    Story story = Story.of(1).subscribed().offeredBy("a1");
    story.updated(
        story.taskOf(0),
        TaskState.TASK_FAILED,
        "a1",
        "Executor did not register within 1mins",
        "REASON_EXECUTOR_REGISTRATION_TIMEOUT");
    assertThat(story.container(0).reason())
        .contains("Executor did not register within 1mins (REASON_EXECUTOR_REGISTRATION_TIMEOUT)")
        .contains("--executor_registration_timeout")
        .endsWith("it fetches http://repo/core.tar.gz and file:///words.tar.gz");
  }

  @Test
  void aFailureAfterALongRunIsTheFirstAgain() {
    Story story = Story.of(1).subscribed();
    for (int i = 0; i < 5; i++) {
      story.offeredBy("a1").updated(0, TaskState.TASK_FAILED).passes(Duration.ofMinutes(5));
    }
    assertThat(story.container(0).failures()).isEqualTo(5);
    story.offeredBy("a1").updated(0, TaskState.TASK_RUNNING).passes(Duration.ofMinutes(10));
    story.updated(0, TaskState.TASK_FAILED);
    assertThat(story.container(0).failures()).isEqualTo(1);
  }

  @Test
  void aTaskLostTwiceIsReplacedOnce() {
    Story story = Story.running(2);
    TaskId lost = story.taskOf(1);
    story.updated(lost, TaskState.TASK_LOST, "a1").updated(lost, TaskState.TASK_LOST, "a1");
    story.passes(Duration.ofSeconds(1)).offeredBy("a1");
    story.updated(lost, TaskState.TASK_LOST, "a1").updated(lost, TaskState.TASK_FAILED, "a1");
    story.passes(Duration.ofMinutes(10)).offeredBy("a1");
    assertThat(story.launched()).hasSize(1);
    assertThat(story.container(1).attempt()).isEqualTo(2);
  }

  @Test
  void anAgentOutOfReachIsWaitedForAndItsTaskGoesOnWhenItReturns() {
    Story story = Story.running(2);
    TaskId task = story.taskOf(1);
    story.updated(1, TaskState.TASK_UNREACHABLE).passes(Duration.ofMinutes(4));
    assertThat(story.life(1)).isEqualTo(Life.UNREACHABLE);
    assertThat(story.container(1).reason()).contains("out of reach");
    story.updated(1, TaskState.TASK_RUNNING).passes(Duration.ofMinutes(30)).offeredBy("a1");
    assertThat(story.launched()).isEmpty();
    assertThat(story.taskOf(1)).isEqualTo(task);
  }

  @Test
  void anAgentThatStaysAwayIsReplacedAndTheOldCopyIsKilledWhenItReturns() {
    Story story = Story.running(2);
    TaskId old = story.taskOf(1);
    story.updated(1, TaskState.TASK_UNREACHABLE).passes(Duration.ofMinutes(5)).offeredBy("a2");
    assertThat(story.launched()).hasSize(1);
    story.updated(1, TaskState.TASK_RUNNING);
    story.calls.clear();
    story.updated(old, TaskState.TASK_RUNNING, "a1");
    assertThat(story.calls(Call.Type.KILL))
        .singleElement()
        .satisfies(
            call -> assertThat(call.getKill().getTaskId().getValue()).isEqualTo(old.value()));
    story.updated(old, TaskState.TASK_KILLED, "a1");
    assertThat(story.life(1)).isEqualTo(Life.RUNNING);
  }

  @Test
  void theTopologyManagersContainerIsReplacedSooner() {
    Story story = Story.running(2);
    story.updated(0, TaskState.TASK_UNREACHABLE).updated(1, TaskState.TASK_UNREACHABLE);
    story.passes(Duration.ofMinutes(1));
    assertThat(story.life(0)).isEqualTo(Life.WAITING);
    assertThat(story.life(1)).isEqualTo(Life.UNREACHABLE);
  }

  @Test
  void timeWithoutAMasterDoesNotCountAgainstAnAgent() {
    Story story = Story.running(2);
    story.updated(1, TaskState.TASK_UNREACHABLE).passes(Duration.ofMinutes(4));
    story.disconnected().passes(Duration.ofHours(2));
    assertThat(story.life(1)).isEqualTo(Life.UNREACHABLE);
    story.subscribed().reconciled(story.taskOf(1), TaskState.TASK_RUNNING);
    assertThat(story.life(1)).isEqualTo(Life.RUNNING);
  }

  @Test
  void anAgentMarkedGoneIsReplacedAtOnce() {
    Story story = Story.running(2);
    story.updated(1, TaskState.TASK_GONE_BY_OPERATOR);
    story.happens(new Event.AgentLost(new AgentId("a2")));
    story.offeredBy("a1");
    assertThat(story.launched()).hasSize(1);
  }

  @Test
  void aMasterWithAnEmptyRegistryStartsNoSecondCopy() {
    // Recording master-failover: the new master says TASK_UNKNOWN until the agent is back.
    Story story = Story.running(3);
    story.disconnected().subscribed();
    for (int i = 0; i < 3; i++) {
      story.reconciled(story.taskOf(i), TaskState.TASK_UNKNOWN);
    }
    story.offeredBy("a9").passes(Duration.ofSeconds(50));
    for (int i = 0; i < 3; i++) {
      story.reconciled(story.taskOf(i), TaskState.TASK_RUNNING);
      assertThat(story.life(i)).isEqualTo(Life.RUNNING);
    }
    assertThat(story.launched()).isEmpty();
  }

  @Test
  void everyTaskIsAskedForUntilItIsAnswered() {
    Story story = Story.running(3);
    story.disconnected().subscribed();
    Call all = story.calls(Call.Type.RECONCILE).get(0);
    assertThat(all.getReconcile().getTasksCount()).isEqualTo(3);
    assertThat(all.getReconcile().getTasks(0).getAgentId().getValue()).isNotEmpty();
    assertThat(story.calls(Call.Type.RECONCILE)).as("not yet for all that there are").hasSize(1);
    story.calls.clear();
    story.reconciled(story.taskOf(0), TaskState.TASK_RUNNING);
    story.passes(Duration.ofSeconds(2));
    assertThat(story.calls(Call.Type.RECONCILE).get(0).getReconcile().getTasksCount()).isEqualTo(2);
    story.calls.clear();
    story.passes(Duration.ofSeconds(3));
    assertThat(story.calls(Call.Type.RECONCILE)).isEmpty();
    story.passes(Duration.ofSeconds(1));
    assertThat(story.calls(Call.Type.RECONCILE)).hasSize(1);
    story.calls.clear();
    story.reconciled(story.taskOf(1), TaskState.TASK_RUNNING);
    assertThat(story.calls(Call.Type.RECONCILE)).isEmpty();
    story.reconciled(story.taskOf(2), TaskState.TASK_RUNNING);
    assertThat(story.calls(Call.Type.RECONCILE)).hasSize(1);
    assertThat(story.calls(Call.Type.RECONCILE).get(0).getReconcile().getTasksCount()).isZero();
    story.calls.clear();
    story.passes(Duration.ofMinutes(5));
    assertThat(story.calls(Call.Type.RECONCILE)).isEmpty();
    story.passes(Duration.ofMinutes(5));
    assertThat(story.calls(Call.Type.RECONCILE)).hasSize(1);
  }

  // An agent that has not come back to a new master is answered for by nobody.
  @Test
  void aTaskThatNobodyAnswersForDoesNotKeepStrangersFromBeingFound() {
    Story story = Story.running(2);
    story.disconnected().subscribed();
    story.reconciled(story.taskOf(0), TaskState.TASK_RUNNING);
    story.calls.clear();
    story.passes(Duration.ofMinutes(2));
    assertThat(story.calls(Call.Type.RECONCILE))
        .anyMatch(call -> call.getReconcile().getTasksCount() == 0)
        .anyMatch(call -> call.getReconcile().getTasksCount() == 1);
  }

  @Test
  void whoHasNothingOnRecordAsksForAllAtOnce() {
    Story story = Story.of(2).subscribed().disconnected();
    story.calls.clear();
    story.subscribed();
    assertThat(story.calls(Call.Type.RECONCILE)).hasSize(1);
    assertThat(story.calls(Call.Type.RECONCILE).get(0).getReconcile().getTasksCount()).isZero();
  }

  @Test
  void killedSchedulersTasksAreAdoptedWithoutStartingAny() {
    Story story = Story.running(5);
    List<TaskId> before = List.of(story.taskOf(0), story.taskOf(4));
    story.restarted().subscribed();
    assertThat(story.calls(Call.Type.SUBSCRIBE).get(0).getFrameworkId().getValue())
        .isEqualTo(Story.FRAMEWORK);
    assertThat(
            story
                .calls(Call.Type.SUBSCRIBE)
                .get(0)
                .getSubscribe()
                .getFrameworkInfo()
                .getId()
                .getValue())
        .isEqualTo(Story.FRAMEWORK);
    for (int i = 0; i < 5; i++) {
      story.reconciled(story.taskOf(i), TaskState.TASK_RUNNING);
    }
    story.offeredBy("a1", "a2").passes(Duration.ofHours(1));
    assertThat(story.launched()).isEmpty();
    assertThat(List.of(story.taskOf(0), story.taskOf(4))).isEqualTo(before);
  }

  @Test
  void aSchedulerKilledBetweenRecordAndLaunchFindsOutAndLaunchesAnew() {
    Story story = Story.of(1).subscribed();
    story.storeIsSlow = true;
    story.offeredBy("a1");
    // The write becomes durable, but the process dies before ACCEPT is sent.
    story.storeIsSlow = false;
    Story crashed = story;
    crashed.written();
    TaskId never = crashed.taskOf(0);
    crashed.restarted().subscribed();
    assertThat(crashed.life(0)).isEqualTo(Life.LAUNCHING);
    crashed.reconciled(never, TaskState.TASK_GONE);
    crashed.passes(Duration.ofSeconds(2)).offeredBy("a1");
    assertThat(crashed.launched()).hasSize(1);
    assertThat(crashed.launched().get(0).getTaskId().getValue()).isNotEqualTo(never.value());
  }

  @Test
  void aBackOffGoesOnAfterARestartOfTheScheduler() {
    Story story = Story.of(1).subscribed();
    for (int i = 0; i < 6; i++) {
      story.offeredBy("a1").updated(0, TaskState.TASK_FAILED).passes(Duration.ofSeconds(40));
    }
    story.offeredBy("a1").updated(0, TaskState.TASK_FAILED);
    String reason = story.container(0).reason();
    story.restarted().subscribed().passes(Duration.ofSeconds(30)).offeredBy("a1");
    assertThat(story.launched()).isEmpty();
    assertThat(story.container(0).reason()).isEqualTo(reason).isNotEmpty();
    story.passes(Duration.ofSeconds(34)).offeredBy("a1");
    assertThat(story.launched()).hasSize(1);
  }

  @Test
  void aRemovedFrameworkIsNeverReplaced() {
    Story story = Story.running(2).restarted();
    story.happens(new Event.Connected());
    story.happens(new Event.MasterError("Framework has been removed"));
    assertThat(story.state.phase()).isEqualTo(Phase.REMOVED);
    assertThat(story.state.problem())
        .contains(Story.FRAMEWORK)
        .contains("2 of its tasks are on record")
        .contains("kill the topology");
    story.calls.clear();
    story.happens(new Event.Connected()).passes(Duration.ofHours(1));
    assertThat(story.calls).isEmpty();
    assertThat(story.records).hasSize(2);
    assertThat(story.failure).isEmpty();
    RequestId kill = story.kill();
    assertThat(story.replies.get(kill).ok()).isTrue();
    assertThat(story.records).isEmpty();
    assertThat(story.finished).isTrue();
  }

  @Test
  void aRefusalThatPassesIsGotOver() {
    Story story = Story.of(1);
    story.happens(new Event.Connected());
    story.happens(new Event.MasterError("Not authorized to use role 'x'"));
    assertThat(story.state.phase()).isEqualTo(Phase.FAILED);
    assertThat(story.state.problem()).contains("Not authorized to use role 'x'");
    story.disconnected().subscribed();
    assertThat(story.state.phase()).isEqualTo(Phase.SERVING);
    assertThat(story.state.problem()).isEmpty();
    assertThat(story.offeredBy("a1").launched()).hasSize(1);
  }

  @Test
  void aRefusalThatPassesIsForgottenDuringAKillToo() {
    Story story = Story.running(1);
    story.kill();
    story.happens(new Event.MasterError("Not authorized to use role 'x'")).disconnected();
    assertThat(story.state.problem()).contains("Not authorized");
    story.subscribed();
    assertThat(story.state.phase()).isEqualTo(Phase.KILLING);
    assertThat(story.state.problem()).isEmpty();
  }

  // Simulation, seed 3804: one that was paused and deposed subscribes, and so drives the one that
  // leads out of Mesos. Only the records know who leads.
  @Test
  void whoIsDrivenOutOfMesosMakesSureThatItLeadsAndComesBack() {
    Story story = Story.running(2);
    story.storeIsSlow = true;
    story.happens(new Event.MasterError("Framework failed over")).disconnected();
    assertThat(story.failure).isEmpty();
    assertThat(story.state.problem()).contains("another scheduler process");
    story.passes(Duration.ofSeconds(5));
    assertThat(story.reconnects).as("before the write has shown who leads").isZero();
    story.storeIsSlow = false;
    story.written().passes(Duration.ofSeconds(5));
    assertThat(story.reconnects).isEqualTo(1);
    story.subscribed();
    assertThat(story.state.problem()).isEmpty();
    assertThat(story.life(0)).isEqualTo(Life.RUNNING);
  }

  @Test
  void nothingIsSaidInANewSubscriptionBeforeAWriteHasShownWhoLeads() {
    Story story = Story.running(1).restarted();
    story.happens(new Event.Connected());
    story.calls.clear();
    story.storeIsSlow = true;
    story.happens(new Event.Subscribed(Story.FRAMEWORK, "m:5050"));
    story.updated(new TaskId("words-7-1-00000000"), TaskState.TASK_RUNNING, "a1");
    assertThat(story.calls).isEmpty();
    Story deposed = story.happens(new Event.Deposed("deposed by epoch 7"));
    assertThat(deposed.calls).isEmpty();
  }

  @Test
  void whoIsDeposedStopsAndLeavesEverything() {
    Story deposed = Story.running(2).happens(new Event.Deposed("deposed by epoch 7"));
    assertThat(deposed.failure).isEqualTo("deposed by epoch 7");
    assertThat(deposed.calls).isEmpty();
    assertThat(deposed.records).hasSize(2);
  }

  // Simulation, seed 1291: the ACCEPT was taken, then the master failed over.
  @Test
  void aLaunchThatANewMasterDoesNotKnowIsNotRepeatedWhileItsAgentMayReturn() {
    Story story = Story.of(1).subscribed().offeredBy("a1");
    TaskId first = story.taskOf(0);
    story.disconnected().subscribed();
    story.calls.clear();
    story.reconciled(first, TaskState.TASK_UNKNOWN);
    story.passes(Duration.ofSeconds(20)).offeredBy("a2");
    assertThat(story.launched()).isEmpty();
    assertThat(story.calls(Call.Type.RECONCILE)).as("asked again").isNotEmpty();
    story.reconciled(first, TaskState.TASK_RUNNING);
    assertThat(story.taskOf(0)).isEqualTo(first);
    assertThat(story.life(0)).isEqualTo(Life.RUNNING);
  }

  // Simulation, seeds 1583 and 2236.
  @Test
  void aClockThatIsSetBackMakesNobodyWaitLongerThanFromNow() {
    Story story = Story.running(1);
    story.updated(0, TaskState.TASK_FAILED);
    story.now = story.now.minus(Duration.ofHours(1));
    story.happens(new Event.TimerFired(new Timer.Due(new ContainerId(0))));
    story.passes(Duration.ofSeconds(1));
    assertThat(story.life(0)).isEqualTo(Life.WAITING);
    assertThat(story.calls(Call.Type.REVIVE)).isNotEmpty();
  }

  @Test
  void anotherFrameworkIdThanTheOneOnRecordIsNeverFollowed() {
    Story story = Story.running(1).restarted();
    story.happens(new Event.Connected());
    story.happens(new Event.Subscribed("framework-9999", "m:5050"));
    assertThat(story.failure).contains("framework-9999").contains(Story.FRAMEWORK);
    assertThat(story.frameworkRecord.orElseThrow().frameworkId()).hasValue(Story.FRAMEWORK);
  }

  @ParameterizedTest
  @EnumSource(Phase.class)
  void noEventIsTooMuchInAnyPhase(Phase phase) {
    List<Event> events =
        List.of(
            new Event.Started(1, "scheduler"),
            new Event.Connected(),
            new Event.Disconnected(),
            new Event.Offers(List.of()),
            new Event.Rescinded(new org.apache.heron.framework.identity.OfferId("x")),
            new Event.AgentLost(new AgentId("x")),
            new Event.ExecutorLost(new AgentId("x"), "no task of ours"),
            new Event.MasterError("whatever"),
            new Event.TornDown(),
            new Event.TimerFired(new Timer.Reconnect()),
            new Event.TimerFired(new Timer.Due(new ContainerId(77))),
            new Event.TimerFired(new Timer.Gathered()),
            new Event.TimerFired(new Timer.Kill()),
            new Event.TimerFired(new Timer.Revive()),
            new Event.TimerFired(new Timer.Sweep()),
            new Event.TimerFired(new Timer.Reconcile()),
            new Event.FrameworkUpdated(),
            new Event.Suspended("no ZooKeeper"),
            new Event.Resumed(),
            new Event.InverseOffers(List.of()),
            new Event.InverseRescinded(new org.apache.heron.framework.identity.OfferId("x")),
            new Event.TimerFired(new Timer.Confirm()),
            new Event.TimerFired(new Timer.Renewal()),
            new Event.TimerFired(new Timer.Maintenance()),
            new Event.RestartRequested(new RequestId(7), java.util.Optional.empty(), 0),
            new Event.UpdateRequested(new RequestId(8), java.util.Map.of()),
            new Event.KillRequested(new RequestId(9)));
    for (Event event : events) {
      for (Story story :
          List.of(
              CommandTableTest.inPhase(phase),
              CommandTableTest.inPhase(phase).disconnected(),
              CommandTableTest.inPhase(phase).happens(new Event.Suspended("no ZooKeeper")))) {
        story.happens(event).passes(Duration.ofMinutes(20));
      }
    }
  }
}
