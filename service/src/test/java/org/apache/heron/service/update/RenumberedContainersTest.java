package org.apache.heron.service.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.service.call.Route;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clusters that number the containers that are added their own way, as Aurora does. */
class RenumberedContainersTest {
  private static final PackingPlan SMALL = Words.plan(2, 2, 2);
  private static final PackingPlan LARGE = Words.plan(4, 2, 6);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void theNumbersThatTheClusterGaveAreThoseOfThePlan() throws Exception {
    try (World world = world(directory)) {
      Outcome outcome = update(world, SMALL, LARGE);

      assertThat(outcome.ok()).as(outcome.message()).isTrue();
      assertThat(world.deeds())
          .containsExactly(
              "put updates",
              "scale [1, 2, 3, 4]",
              "put updates",
              "put updates",
              "put topologies",
              "put packingplans",
              "scale [1, 2, 10, 11]",
              "delete updates");
      assertThat(ids(world.plan())).containsExactly(1, 2, 10, 11);
      assertThat(world.plan().container(10).orElseThrow().instances())
          .isEqualTo(LARGE.container(3).orElseThrow().instances());
      assertThat(world.cluster().ids()).containsExactly(0, 1, 2, 10, 11);
      assertThat(PlanInForce.is(world.plan(), world.physicalPlan())).isTrue();
    }
  }

  @Test
  void whatWasAddedIsTakenBackByItsNumbers() throws Exception {
    try (World world = world(directory)) {
      world.refusesOnce("put packingplans");

      Outcome outcome = update(world, SMALL, LARGE);

      assertThat(outcome.message()).endsWith("the topology is as it was before");
      assertThat(world.cluster().ids()).containsExactly(0, 1, 2);
      assertThat(world.plan()).isEqualTo(SMALL);
    }
  }

  /** Each deed is the last of its process once, done or not done; the command is repeated. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anUpdateThatIsCutOffAnywhereIsFinishedWhenItIsRepeated(boolean lastDeedTakesEffect)
      throws Exception {
    boolean cut = true;
    for (int deed = 1; cut; deed++) {
      try (World world = world(Files.createTempDirectory(directory, "cut"))) {
        world.processDiesAt(deed, lastDeedTakesEffect);
        cut = !completes(world);
        world.anotherProcess();

        Optional<Journal.Entry> unfinished =
            new Journal(world.state(), World.TOPOLOGY, World.ID).read();
        if (unfinished.isPresent()) {
          assertThat(update(world, world.plan(), unfinished.get().proposed()).ok()).isTrue();
        } else if (world.plan().equals(SMALL)) {
          assertThat(update(world, SMALL, LARGE).ok()).isTrue();
        }
        assertThat(world.isUnfinished()).isFalse();
        assertThat(ids(world.plan())).as("cut off at %d", deed).containsExactly(1, 2, 10, 11);
        assertThat(world.cluster().ids()).containsExactly(0, 1, 2, 10, 11);
        assertThat(PlanInForce.is(world.plan(), world.physicalPlan())).isTrue();
        assertThat(world.spouts()).isEqualTo(TopologyState.RUNNING);
      }
    }
  }

  private static World world(Path directory) throws Exception {
    World world = new World(directory).runs(SMALL, TopologyState.RUNNING);
    world.cluster().numbersItselfFrom(10);
    return world;
  }

  private static boolean completes(World world) {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    Thread asking =
        new Thread(() -> result.complete(update(world, SMALL, LARGE).ok()), "asks for the update");
    asking.setDaemon(true);
    asking.start();
    await().atMost(PATIENCE).until(() -> result.isDone() || isDead(world));
    return result.getNow(false);
  }

  private static boolean isDead(World world) {
    try {
      world.plan();
      world.state().exists(org.apache.heron.spi.statemgr.StateKind.TOPOLOGY, World.TOPOLOGY);
      return false;
    } catch (World.Dead e) {
      return true;
    }
  }

  private static Outcome update(World world, PackingPlan from, PackingPlan to) {
    try (PlanUpdates updates =
        PlanUpdates.onRequest(
            world.state(), World.TOPOLOGY, World.ID, world.cluster(), Route.DIRECT)) {
      return updates.update(from, to);
    }
  }

  private static List<Integer> ids(PackingPlan plan) {
    return plan.containers().stream().map(ContainerPlan::id).toList();
  }
}
