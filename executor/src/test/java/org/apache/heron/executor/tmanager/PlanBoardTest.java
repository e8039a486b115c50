package org.apache.heron.executor.tmanager;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.heron.executor.rpc.Peer;
import org.apache.heron.executor.rpc.RequestId;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.system.PackingPlans.PackingPlan;
import org.apache.heron.proto.system.PhysicalPlans.Instance;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.system.PhysicalPlans.StMgr;
import org.junit.jupiter.api.Test;

class PlanBoardTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final PackingPlan packing = Plans.packing(1, 2);
  private final PlanBoard board = new PlanBoard(Plans.topology(), packing);

  @Test
  void aPlanIsMadeWhenAllContainersHaveRegistered() {
    register(1, 1001);
    assertThat(board.nextPlan()).isEmpty();
    assertThat(board.absent()).containsExactly("stmgr-2");

    register(2, 1002);

    PhysicalPlan plan = board.nextPlan().orElseThrow();
    assertThat(plan.getStmgrsList()).extracting(StMgr::getDataPort).containsExactly(1001, 1002);
    assertThat(plan.getInstancesList())
        .extracting(Instance::getInstanceId)
        .containsExactly("container_1_word_1", "container_2_word_2");
    assertThat(plan.getTopology().getState()).isEqualTo(TopologyState.RUNNING);
    assertThat(board.nextPlan()).as("the same again is no news").isEmpty();
  }

  @Test
  void aRestartedContainerMakesANewPlanAndALostOneDoesNot() {
    Peer old = register(1, 1001);
    register(2, 1002);
    board.nextPlan();

    assertThat(board.disconnected(old)).isPresent();
    assertThat(board.absent()).containsExactly("stmgr-1");
    assertThat(board.nextPlan()).isEmpty();

    register(1, 2001);
    assertThat(board.nextPlan().orElseThrow().getStmgrs(0).getDataPort()).isEqualTo(2001);
    assertThat(board.absent()).isEmpty();
  }

  @Test
  void theNewerOfTwoProcessesOfAContainerStays() {
    Peer old = register(1, 1001);

    PlanBoard.Registration registration =
        board.register(new Stub(), Plans.stmgr(1, 2001), instances(1), NOON);

    assertThat(registration)
        .isInstanceOfSatisfying(
            PlanBoard.Registration.Accepted.class,
            accepted -> assertThat(accepted.displaced().orElseThrow().peer()).contains(old));
    assertThat(board.heard(old, NOON)).isFalse();
    assertThat(board.disconnected(old)).as("the place is not its any more").isEmpty();
    assertThat(board.present()).containsExactly("stmgr-1");
  }

  @Test
  void whoIsNotInThePackingPlanIsRefused() {
    assertThat(board.register(new Stub(), Plans.stmgr(3, 1003), List.of(), NOON))
        .isEqualTo(new PlanBoard.Registration.Refused("stmgr-3 is not in the packing plan"));
    assertThat(board.register(new Stub(), Plans.stmgr(1, 1001), instances(2), NOON))
        .isInstanceOfSatisfying(
            PlanBoard.Registration.Refused.class,
            refused ->
                assertThat(refused.reason())
                    .contains("container_2_word_2")
                    .contains("container_1_word_1"));
  }

  @Test
  void aNewPackingPlanWaitsForItsContainers() {
    register(1, 1001);
    register(2, 1002);
    board.nextPlan();

    assertThat(board.repack(Plans.packing(2, 1))).as("only the order differs").isFalse();
    assertThat(board.repack(Plans.packing(1, 3))).isTrue();

    assertThat(board.currentPlan()).isEmpty();
    assertThat(board.nextPlan()).isEmpty();
    register(3, 1003);
    assertThat(board.nextPlan().orElseThrow().getStmgrsList())
        .extracting(StMgr::getId)
        .containsExactly("stmgr-1", "stmgr-3");
  }

  @Test
  void aNewTopologyManagerGoesOnWithTheStoredPlan() {
    PhysicalPlan stored = storedPlan(TopologyState.PAUSED);

    board.adopt(stored, NOON);

    assertThat(board.state()).isEqualTo(TopologyState.PAUSED);
    assertThat(board.currentPlan()).contains(stored);
    assertThat(board.absent()).containsExactly("stmgr-1", "stmgr-2");
    register(1, 1001);
    assertThat(board.planFor(Plans.stmgr(1, 1001))).contains(stored);
    assertThat(board.nextPlan()).as("it is where the plan has it").isEmpty();
    register(2, 2002);
    assertThat(board.planFor(Plans.stmgr(2, 2002))).isEmpty();
    assertThat(board.nextPlan().orElseThrow().getStmgrs(1).getDataPort()).isEqualTo(2002);
  }

  @Test
  void aStoredPlanOfAnotherPackingOnlyGivesTheState() {
    PlanBoard other = new PlanBoard(Plans.topology(), Plans.packing(1, 2, 3));

    other.adopt(storedPlan(TopologyState.PAUSED), NOON);

    assertThat(other.state()).isEqualTo(TopologyState.PAUSED);
    assertThat(other.currentPlan()).isEmpty();
    assertThat(other.nextPlan()).isEmpty();
  }

  @Test
  void silenceIsNoticed() {
    register(1, 1001);
    Peer talker = register(2, 1002);
    board.heard(talker, NOON.plusSeconds(50));

    assertThat(board.silentSince(NOON.plusSeconds(1)))
        .extracting(member -> member.stmgr().getId())
        .containsExactly("stmgr-1");
    assertThat(board.silentSince(NOON.plusSeconds(51))).hasSize(2);
  }

  @Test
  void tenThousandContainersAreInOrder() {
    int[] ids = java.util.stream.IntStream.rangeClosed(1, 10_000).toArray();
    PlanBoard large = new PlanBoard(Plans.topology(), Plans.packing(ids));
    for (int id : ids) {
      large.register(
          new Stub(),
          Plans.stmgr(id, id),
          PlannedInstances.of(Plans.packing(id).getContainerPlans(0)),
          NOON);
    }

    PhysicalPlan plan = large.nextPlan().orElseThrow();

    assertThat(plan.getStmgrsCount()).isEqualTo(10_000);
    assertThat(plan.getStmgrs(1).getId()).isEqualTo("stmgr-2");
    assertThat(plan.getStmgrs(9_999).getId()).isEqualTo("stmgr-10000");
  }

  private Peer register(int container, int port) {
    Peer peer = new Stub();
    assertThat(board.register(peer, Plans.stmgr(container, port), instances(container), NOON))
        .isInstanceOf(PlanBoard.Registration.Accepted.class);
    return peer;
  }

  private static List<Instance> instances(int container) {
    return PlannedInstances.of(Plans.packing(container).getContainerPlans(0));
  }

  private PhysicalPlan storedPlan(TopologyState state) {
    PlanBoard earlier = new PlanBoard(Plans.topology(), packing);
    earlier.changeTopology(topology -> topology.toBuilder().setState(state).build());
    earlier.register(new Stub(), Plans.stmgr(1, 1001), instances(1), NOON);
    earlier.register(new Stub(), Plans.stmgr(2, 1002), instances(2), NOON);
    return Optional.of(earlier).flatMap(PlanBoard::nextPlan).orElseThrow();
  }

  /** A peer that nobody listens to. */
  private static final class Stub implements Peer {
    @Override
    public String remote() {
      return "stub";
    }

    @Override
    public void send(RequestId id, Message message) {}

    @Override
    public void close() {}
  }
}
