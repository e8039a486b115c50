package org.apache.heron.executor.tmanager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.apache.heron.executor.LogLines;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.system.PackingPlans.PackingPlan;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;
import org.apache.heron.spi.statemgr.StateKind;
import org.junit.jupiter.api.Test;

/** A packing plan that changes while the topology runs. */
class ChangedPackingPlanTest extends TopologyManagerStory {

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
}
