package org.apache.heron.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.heron.client.runtime.TopologyRestart;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.packing.Resource;
import org.apache.heron.spi.statemgr.StateKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A restart whose scheduler does not answer any more is watched until it has ended, either way. */
@Timeout(120)
class RestartWatchTest extends RuntimeStory {

  private CompletableFuture<Void> restartAll() {
    return CompletableFuture.runAsync(
        () -> {
          try {
            new TopologyRestart(session).run(-1, 1);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static PackingPlan planOf(Integer... ids) {
    Resource size = new Resource(1, ByteAmount.ofMegabytes(64), ByteAmount.ofMegabytes(64));
    return new PackingPlan(
        "words-0001",
        Arrays.stream(ids).map(id -> new ContainerPlan(id, List.of(), size)).toList());
  }

  private static String leads(String... containers) {
    return FakeScheduler.status("RUNNING", "", containers);
  }

  /** A restart of all has been begun, and its scheduler does not answer it yet. */
  private CompletableFuture<Void> begunWith(String... containers) {
    scheduler.say(leads(containers));
    scheduler.holdCommands();
    CompletableFuture<Void> restart = restartAll();
    await()
        .atMost(PATIENCE)
        .until(() -> progress.lines().contains("stage 0 of " + containers.length + " restarted"));
    return restart;
  }

  /** The scheduler has died, and this one is there in its place. */
  private void takesOver(FakeScheduler successor) {
    scheduler.close();
    publish(successor.endpoint());
    scheduler.goOn();
  }

  private static void assertFails(CompletableFuture<Void> restart, String message) {
    assertThatThrownBy(() -> restart.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .hasRootCauseMessage("Failed to restart topology 'words': " + message);
  }

  // It goes on itself, or another does, with what is on record.
  @Test
  void aRestartWhoseSchedulerLosesTheLeadIsFollowedAndNoFailure() throws Exception {
    CompletableFuture<Void> restart = begunWith(FakeScheduler.task(1, "RUNNING", "a"));
    try (FakeScheduler successor = new FakeScheduler()) {
      successor.say(FakeScheduler.renewing(leads(FakeScheduler.task(1, "STAGING", "b")), 1));
      publish(successor.endpoint());
      scheduler.leadsNoLonger("the scheduler has stopped");
      scheduler.goOn();
      await()
          .atMost(PATIENCE)
          .until(() -> progress.lines().contains("stage 0 of 1 restarted; container 1 is STAGING"));
      assertThat(restart).isNotDone();
      assertThat(progress.lines())
          .contains(
              "warn The scheduler does not say what becomes of the restart; it is watched whether"
                  + " that goes on");
      successor.say(FakeScheduler.renewing(leads(FakeScheduler.task(1, "RUNNING", "b"))));
      restart.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  @Test
  void aRestartThatASuccessorGivesUpIsNotWatchedForEver() throws Exception {
    CompletableFuture<Void> restart =
        begunWith(
            FakeScheduler.task(0, "RUNNING", "a"),
            FakeScheduler.task(1, "RUNNING", "b"),
            FakeScheduler.task(2, "RUNNING", "c"));
    session.state().put(StateKind.PACKING_PLAN, "words", PackingPlanProtos.toProto(planOf(1, 2)));
    try (FakeScheduler successor = new FakeScheduler()) {
      String left =
          leads(
              FakeScheduler.task(0, "RUNNING", "a"),
              FakeScheduler.task(1, "RUNNING", "b2"),
              FakeScheduler.task(2, "WAITING", ""));
      successor.say(FakeScheduler.renewing(left, 0, 2));
      takesOver(successor);
      await()
          .atMost(PATIENCE)
          .until(() -> progress.lines().contains("stage 1 of 3 restarted; container 2 is WAITING"));
      assertThat(restart).isNotDone();
      // Container 1 was restarted, whatever has become of it since.
      successor.say(
          FakeScheduler.renewing(left.replace("\"RUNNING\",\"taskId\":\"b2\"", "\"STAGING\"")));
      assertFails(
          restart,
          "1 of 3 restarted; container 2 is WAITING; the rest was given up, repeat the command");
    }
  }

  @Test
  void aRestartThatNeverCameOnRecordIsNotWatchedForEver() throws Exception {
    CompletableFuture<Void> restart = begunWith(FakeScheduler.task(1, "RUNNING", "a"));
    try (FakeScheduler successor = new FakeScheduler()) {
      successor.say(
          FakeScheduler.renewing(FakeScheduler.status("STANDING_BY", "nobody leads yet")));
      takesOver(successor);
      await().atMost(PATIENCE).until(this::isWatched);
      successor.say(FakeScheduler.renewing(leads(FakeScheduler.task(1, "RUNNING", "a"))));
      assertFails(restart, "0 of 1 restarted; the rest was given up, repeat the command");
    }
  }

  private boolean isWatched() {
    return progress.lines().stream()
        .anyMatch(line -> line.endsWith("it is watched whether that goes on"));
  }

  @Test
  void aContainerThatIsRemovedMeanwhileIsNotWaitedFor() throws Exception {
    CompletableFuture<Void> restart =
        begunWith(FakeScheduler.task(1, "RUNNING", "a"), FakeScheduler.task(7, "RUNNING", "a"));
    try (FakeScheduler successor = new FakeScheduler()) {
      // It does not say what is still to be restarted, as one that is older.
      successor.say(leads(FakeScheduler.task(1, "RUNNING", "b")));
      takesOver(successor);
      restart.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(progress.lines()).contains("stage 1 of 1 restarted");
    }
  }

  @Test
  void aTopologyThatIsKilledMeanwhileEndsTheWatch() throws Exception {
    CompletableFuture<Void> restart = begunWith(FakeScheduler.task(1, "RUNNING", "a"));
    try (FakeScheduler successor = new FakeScheduler()) {
      successor.say(FakeScheduler.status("KILLING", "", FakeScheduler.task(1, "KILLING", "a")));
      takesOver(successor);
      assertFails(restart, "0 of 1 restarted; the topology is being killed");
    }
  }

  @Test
  void aTopologyThatIsGoneEndsTheWatch() throws Exception {
    CompletableFuture<Void> restart = begunWith(FakeScheduler.task(1, "RUNNING", "a"));
    session.state().delete(StateKind.SCHEDULER_LOCATION, "words");
    session.state().delete(StateKind.EXECUTION_STATE, "words");
    scheduler.close();
    scheduler.goOn();
    assertFails(restart, "0 of 1 restarted; the topology was killed meanwhile");
  }

  @Test
  void aSchedulerThatCannotGoOnEndsTheWatchWithItsReason() throws Exception {
    CompletableFuture<Void> restart = begunWith(FakeScheduler.task(1, "RUNNING", "a"));
    scheduler.say(
        FakeScheduler.status(
            "FAILED", "Mesos has removed framework f", FakeScheduler.task(1, "RUNNING", "a")));
    scheduler.leadsNoLonger("Mesos has removed framework f");
    scheduler.goOn();
    assertFails(
        restart, "0 of 1 restarted; the scheduler cannot go on: Mesos has removed framework f");
  }
}
