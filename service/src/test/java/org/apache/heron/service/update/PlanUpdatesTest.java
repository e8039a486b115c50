package org.apache.heron.service.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.service.call.Route;
import org.apache.heron.service.update.World.Cluster.Phase;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.spi.topology.TopologyConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Updates of a running topology, whole and cut off. */
class PlanUpdatesTest {
  private static final PackingPlan SMALL = Words.plan(2, 2, 2);
  private static final PackingPlan LARGE = Words.plan(4, 2, 6);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  /** Of a process that leads. */
  private static PlanUpdates updates(World world) {
    PlanUpdates updates = new PlanUpdates(world.state(), World.TOPOLOGY, World.ID, world.cluster());
    updates.begin();
    return updates;
  }

  private static Outcome update(World world, PackingPlan from, PackingPlan to) {
    try (PlanUpdates updates = updates(world)) {
      return updates.update(from, to);
    }
  }

  @Test
  void newContainersRunBeforeTheSpoutsStop() throws Exception {
    try (World world = new World(directory).runs(SMALL, TopologyState.RUNNING)) {
      Outcome outcome = update(world, SMALL, LARGE);

      assertThat(outcome.ok()).as(outcome.message()).isTrue();
      assertThat(world.deeds())
          .containsExactly(
              "put updates",
              "scale [1, 2, 3, 4]",
              "put updates",
              "put topologies",
              "put packingplans",
              "scale [1, 2, 3, 4]",
              "delete updates");
      assertThat(world.spouts()).isEqualTo(TopologyState.RUNNING);
      assertThat(TopologyConfig.of(world.definition()).parallelism())
          .containsEntry("word", 2)
          .containsEntry("count", 6);
      assertThat(TopologyConfig.of(world.definition()).stmgrs()).isEqualTo(4);
    }
  }

  @Test
  void superfluousContainersEndWhenTheOthersHaveFollowed() throws Exception {
    try (World world = new World(directory).runs(LARGE, TopologyState.RUNNING)) {
      Outcome outcome = update(world, LARGE, SMALL);

      assertThat(outcome.ok()).as(outcome.message()).isTrue();
      assertThat(world.deeds())
          .containsExactly(
              "put updates",
              "put updates",
              "put topologies",
              "put packingplans",
              "scale [1, 2]",
              "delete updates");
      assertThat(world.cluster().ids()).containsExactly(0, 1, 2);
      assertThat(world.spouts()).isEqualTo(TopologyState.RUNNING);
    }
  }

  @Test
  void whoAskedHearsOfAnErrorThatCutsTheUpdateOff() throws Exception {
    try (World world = new World(directory).runs(SMALL, TopologyState.RUNNING);
        PlanUpdates updates = updates(world)) {
      world.processDiesAt(2, true);
      CompletableFuture<Outcome> outcome =
          CompletableFuture.supplyAsync(() -> updates.update(SMALL, LARGE));
      Outcome heard = outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(heard.ok()).isFalse();
      assertThat(heard.message()).contains("the update has failed", "Dead");
    }
  }

  @Test
  void whatWasPausedStaysPaused() throws Exception {
    try (World world = new World(directory).runs(SMALL, TopologyState.PAUSED)) {
      assertThat(update(world, SMALL, LARGE).ok()).isTrue();
      assertThat(world.spouts()).isEqualTo(TopologyState.PAUSED);
    }
  }

  /** Each deed is the last of its process once, done or not done; another process goes on. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anUpdateThatIsCutOffAnywhereEndsAllTheSame(boolean lastDeedTakesEffect) throws Exception {
    for (boolean up : new boolean[] {true, false}) {
      PackingPlan from = up ? SMALL : LARGE;
      PackingPlan to = up ? LARGE : SMALL;
      boolean cut = true;
      for (int deed = 1; cut; deed++) {
        Path own = Files.createTempDirectory(directory, "cut");
        try (World world = new World(own).runs(from, TopologyState.RUNNING)) {
          world.processDiesAt(deed, lastDeedTakesEffect);
          cut = !completes(world, from, to);
          world.anotherProcess();
          goesOn(world);

          boolean begun = !world.plan().equals(from);
          consistent(world, begun ? to : from);
          if (!begun) {
            // Cut off before anything was on record: repeated, it is done.
            assertThat(update(world, from, to).ok()).isTrue();
            consistent(world, to);
          }
        }
      }
    }
  }

  private static boolean completes(World world, PackingPlan from, PackingPlan to) {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    try (PlanUpdates updates = updates(world)) {
      Thread asking =
          new Thread(() -> result.complete(updates.update(from, to).ok()), "asks for the update");
      asking.setDaemon(true);
      asking.start();
      await().atMost(PATIENCE).until(() -> result.isDone() || isDead(world));
      return result.getNow(false);
    }
  }

  private static boolean isDead(World world) {
    try {
      world.state().exists(StateKind.TOPOLOGY, World.TOPOLOGY);
      return false;
    } catch (World.Dead e) {
      return true;
    }
  }

  private static void goesOn(World world) {
    try (PlanUpdates updates = updates(world)) {
      world.cluster().have(updates.planToSchedule(world.plan()));
      await().atMost(PATIENCE).until(() -> !world.isUnfinished());
    }
  }

  private static void consistent(World world, PackingPlan plan) {
    assertThat(world.plan()).isEqualTo(plan);
    assertThat(PlanInForce.is(plan, world.physicalPlan())).isTrue();
    assertThat(world.spouts()).isEqualTo(TopologyState.RUNNING);
    assertThat(TopologyConfig.of(world.definition()).parallelism())
        .isEqualTo(plan.componentCounts());
    assertThat(world.cluster().ids()).hasSize(plan.containers().size() + 1);
    assertThat(world.isUnfinished()).isFalse();
  }

  @Test
  void containersThatDoNotComeUpAreTakenBack() throws Exception {
    try (World world = new World(directory).runs(SMALL, TopologyState.RUNNING)) {
      world.cluster().now(Phase.FAILS_NEW_CONTAINERS);

      Outcome outcome = update(world, SMALL, LARGE);

      assertThat(outcome.ok()).isFalse();
      assertThat(outcome.message())
          .contains("container 3 failed 5 times: no such file", "as it was before");
      consistent(world, SMALL);
    }
  }

  @Test
  void anUpdateOfTheContainersAloneIsTakenBackWhole() throws Exception {
    PackingPlan two = Words.plan(2, 2, 4);
    try (World world = new World(directory).runs(two, TopologyState.RUNNING)) {
      Topology before = world.definition();
      world.refusesOnce("put packingplans");

      Outcome outcome = update(world, two, Words.plan(3, 2, 4));

      assertThat(outcome.message()).contains("put packingplans is refused", "as it was before");
      consistent(world, two);
      assertThat(TopologyConfig.of(world.definition()).stmgrs())
          .isEqualTo(TopologyConfig.of(before).stmgrs());
      assertThat(TopologyConfig.of(world.definition()).instancesPerContainer())
          .isEqualTo(TopologyConfig.of(before).instancesPerContainer());
    }
  }

  @Test
  void aRefusalSaysWhatIsWrong() throws Exception {
    try (World world = new World(directory).runs(SMALL, TopologyState.RUNNING)) {
      assertThat(update(world, LARGE, Words.plan(3, 2, 4)).message())
          .contains("repeat the command");
      assertThat(update(world, SMALL, SMALL).message()).contains("is the one that runs");
      assertThat(update(world, SMALL, new PackingPlan("words-0002", LARGE.containers())).message())
          .contains("words-0002");
      assertThat(update(world, SMALL, new PackingPlan(World.ID, List.of())).message())
          .contains("no container");
      world.delete(StateKind.PHYSICAL_PLAN);
      assertThat(update(world, SMALL, LARGE).message()).contains("does not run yet");
      assertThat(world.deeds()).isEmpty();
    }
  }

  @Test
  @SuppressWarnings("try") // the lock is held, not used
  void twoProcessesDoNotUpdateAtOnce() throws Exception {
    try (World world = new World(directory).runs(SMALL, TopologyState.RUNNING)) {
      try (IStateManager.Lock held = world.lockByAnother()) {
        assertThat(update(world, SMALL, LARGE).message()).contains("another process updates");
      }
      assertThat(update(world, SMALL, LARGE).ok()).isTrue();
    }
  }

  /** Its scheduler goes on with it by itself, and may be done before the repetition is heard. */
  @Test
  void whoRepeatsAnUpdateThatHasJustBeenCarriedOutIsToldSo() throws Exception {
    try (World world = new World(directory).runs(SMALL, TopologyState.RUNNING)) {
      assertThat(update(world, SMALL, LARGE).ok()).isTrue();
      int deeds = world.deeds().size();
      assertThat(update(world, SMALL, LARGE))
          .isEqualTo(Outcome.done("it was carried out meanwhile"));
      assertThat(world.deeds()).hasSize(deeds);
    }
  }

  // ZooKeeper gives up the session of a process that was killed only after a while.
  @ParameterizedTest(name = "in a process that goes on by itself: {0}")
  @ValueSource(booleans = {true, false})
  @SuppressWarnings("try") // the lock is held, not used
  void whoRepeatsAnUpdateThatWasCutOffWaitsForTheLockOfTheProcessThatDied(boolean byItself)
      throws Exception {
    try (World world = new World(directory).runs(SMALL, TopologyState.RUNNING)) {
      world.processDiesAt(2, true);
      assertThat(completes(world, SMALL, LARGE)).isFalse();
      world.anotherProcess();
      assertThat(world.isUnfinished()).isTrue();
      IStateManager.Lock lock = world.lockByAnother();
      try (PlanUpdates updates = byItself ? updates(world) : onRequest(world)) {
        CompletableFuture<Outcome> repeated = new CompletableFuture<>();
        try (IStateManager.Lock held = lock) {
          if (byItself) {
            // Then it is joined; before that it would be repeated when it is done.
            awaitLock(updates);
          }
          Thread asking =
              new Thread(() -> repeated.complete(updates.update(SMALL, LARGE)), "repeats it");
          asking.setDaemon(true);
          asking.start();
          await().atMost(PATIENCE).until(() -> asking.getState() == Thread.State.WAITING);
          awaitLock(updates);
          assertThat(repeated).isNotDone();
        }
        Outcome outcome = repeated.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(outcome.ok()).as(outcome.message()).isTrue();
      }
      consistent(world, LARGE);
    }
  }

  private static PlanUpdates onRequest(World world) {
    return PlanUpdates.onRequest(
        world.state(), World.TOPOLOGY, World.ID, world.cluster(), Route.DIRECT);
  }

  private static void awaitLock(PlanUpdates updates) {
    await().atMost(PATIENCE).until(() -> updates.status().step().contains("lets go of it"));
  }

  @Test
  void theSameIsJoinedAndAnotherIsRefusedMeanwhile() throws Exception {
    try (World world = new World(directory).runs(SMALL, TopologyState.RUNNING);
        PlanUpdates updates = updates(world)) {
      world.cluster().now(Phase.HAS_NO_ROOM);
      CompletableFuture<Outcome> first =
          CompletableFuture.supplyAsync(() -> updates.update(SMALL, LARGE));
      await().atMost(PATIENCE).until(() -> updates.status().step().contains("WAITING"));
      assertThat(updates.status().underWay()).isTrue();
      CompletableFuture<Outcome> same =
          CompletableFuture.supplyAsync(() -> updates.update(SMALL, LARGE));

      assertThat(updates.update(SMALL, Words.plan(3, 2, 4)).message())
          .contains("another update is under way");

      updates.giveUp("the topology is being killed");
      assertThat(first.join().message()).contains("being killed");
      assertThat(same.join().ok()).isFalse();
    }
  }

  @Test
  void aKillEndsTheWait() throws Exception {
    try (World world = new World(directory).runs(SMALL, TopologyState.RUNNING)) {
      try (PlanUpdates updates = updates(world)) {
        CompletableFuture<Outcome> waiting = growing(world, updates);
        world.cluster().now(Phase.IS_KILLED);
        assertThat(waiting.join().message()).contains("being killed");
      }
    }
  }

  @Test
  void aProcessThatLosesTheLeadLeavesTheUpdateToTheNext() throws Exception {
    try (World world = new World(directory).runs(SMALL, TopologyState.RUNNING)) {
      try (PlanUpdates former = updates(world)) {
        CompletableFuture<Outcome> waiting = growing(world, former);
        former.end();
        assertThat(waiting.join().message()).contains("goes on when it runs again");
        assertThat(former.update(SMALL, LARGE).ok()).isFalse();
        assertThat(world.isUnfinished()).isTrue();

        anotherGoesOn(world, former);
      }
    }
  }

  /** The update that has SMALL grow to LARGE ends by itself where the scheduler leads again. */
  private static void anotherGoesOn(World world, PlanUpdates updates) {
    world.cluster().now(Phase.RUNS);
    world.cluster().have(SMALL);
    world.anotherProcess();
    updates.begin();
    await().atMost(PATIENCE).until(() -> !world.isUnfinished());
    consistent(world, LARGE);
  }

  /** SMALL is to grow, and waits for room. */
  private static CompletableFuture<Outcome> growing(World world, PlanUpdates updates) {
    world.cluster().now(Phase.HAS_NO_ROOM);
    CompletableFuture<Outcome> waiting =
        CompletableFuture.supplyAsync(() -> updates.update(SMALL, LARGE));
    await().atMost(PATIENCE).until(() -> updates.status().step().contains("WAITING"));
    return waiting;
  }

  /** The scheduler answers all who wait before it says that it has stopped. */
  @Test
  void whatAStoppingSchedulerAnswersTakesNothingBack() throws Exception {
    try (World world = new World(directory).runs(SMALL, TopologyState.RUNNING)) {
      try (PlanUpdates former = updates(world)) {
        CompletableFuture<Outcome> waiting = growing(world, former);
        world.cluster().stops();
        assertThat(waiting.join().message()).contains("the scheduler has stopped");
        former.end();
        assertThat(world.deeds()).containsExactly("put updates", "scale [1, 2, 3, 4]");

        anotherGoesOn(world, former);
      }
    }
  }

  /** Attempts are numbered on, so a container that is new may begin with the ninth. */
  @Test
  void aContainerThatFailsOnceIsWaitedForWhateverTheNumberOfItsAttempt() throws Exception {
    try (World world = new World(directory).runs(SMALL, TopologyState.RUNNING)) {
      world.cluster().now(Phase.FAILS_NEW_CONTAINERS_ONCE);
      try (PlanUpdates updates = updates(world)) {
        CompletableFuture<Outcome> waiting =
            CompletableFuture.supplyAsync(() -> updates.update(SMALL, LARGE));
        await()
            .atMost(PATIENCE)
            .until(() -> waiting.isDone() || updates.status().step().contains("BACKING_OFF"));
        world.cluster().comesUp();
        assertThat(waiting.join().ok()).as(waiting.join().message()).isTrue();
        consistent(world, LARGE);
      }
    }
  }

  /** Whether the update succeeds in the end, or is taken back. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoDeactivatesWhileContainersAreAwaitedFindsTheTopologyPaused(boolean comesUp)
      throws Exception {
    try (World world = new World(directory).runs(SMALL, TopologyState.RUNNING)) {
      try (PlanUpdates updates = updates(world)) {
        CompletableFuture<Outcome> waiting = growing(world, updates);
        world.asksManagerFor(TopologyState.PAUSED);
        if (comesUp) {
          world.cluster().comesUp();
        } else {
          world.cluster().fails();
        }
        assertThat(waiting.join().ok()).isEqualTo(comesUp);
        assertThat(world.isUnfinished()).isFalse();
        assertThat(world.spouts()).isEqualTo(TopologyState.PAUSED);
      }
    }
  }

  @Test
  void whoDeactivatesWhileTheUpdateItselfHasStoppedTheSpoutsFindsThemSilent() throws Exception {
    try (World world = new World(directory).runs(SMALL, TopologyState.RUNNING)) {
      world.beforeEach("put packingplans", world.journal()::staySilent);
      Outcome outcome = update(world, SMALL, LARGE);
      assertThat(outcome.ok()).as(outcome.message()).isTrue();
      assertThat(world.spouts()).isEqualTo(TopologyState.PAUSED);
    }
  }

  @Test
  void repeatedUpdatesKeepTheInstancesOfAContainer() {
    var definition = Words.definition(Words.plan(2, 4, 4));
    for (int instances = 9; instances < 40; instances++) {
      int containers = (instances + 3) / 4;
      definition = TopologyRewrite.of(definition, Words.plan(containers, 4, instances - 4));
      assertThat(TopologyConfig.of(definition).instancesPerContainer()).isEqualTo(4);
    }
    definition = TopologyRewrite.of(definition, Words.plan(2, 4, 6));
    assertThat(TopologyConfig.of(definition).instancesPerContainer()).isEqualTo(5);
  }
}
