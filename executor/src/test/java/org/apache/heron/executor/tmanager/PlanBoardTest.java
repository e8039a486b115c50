package org.apache.heron.executor.tmanager;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import java.time.Instant;
import java.util.ArrayList;
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

    PhysicalPlan plan = publish();
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
    publish();

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
  void theOldPlanStaysInForceUntilANewPackingPlansContainersAreThere() {
    register(1, 1001);
    register(2, 1002);
    PhysicalPlan old = publish();

    assertThat(board.repack(Plans.packing(2, 1))).as("only the order differs").isFalse();
    assertThat(board.repack(Plans.packing(1, 3))).isTrue();

    assertThat(board.currentPlan()).contains(old);
    assertThat(board.nextPlan()).isEmpty();
    assertThat(board.awaited()).containsExactly("stmgr-3");
    register(3, 1003);
    assertThat(publish().getStmgrsList())
        .extracting(StMgr::getId)
        .containsExactly("stmgr-1", "stmgr-3");
  }

  @Test
  void theOldPlanIsMendedWhileTheNewOneWaits() {
    register(1, 1001);
    register(2, 1002);
    publish();
    board.repack(Plans.packing(1, 3));

    register(1, 2001);
    board.changeTopology(topology -> topology.toBuilder().setState(TopologyState.PAUSED).build());

    PhysicalPlan mended = publish();
    assertThat(mended.getStmgrsList()).extracting(StMgr::getDataPort).containsExactly(2001, 1002);
    assertThat(mended.getTopology().getState()).isEqualTo(TopologyState.PAUSED);
    register(3, 1003);
    assertThat(publish().getTopology().getState())
        .as("a deactivated topology stays so")
        .isEqualTo(TopologyState.PAUSED);
  }

  @Test
  void aContainerThatChangesItsInstancesIsWaitedFor() {
    Peer first = register(1, 1001);
    register(2, 1002);
    publish();
    PackingPlan moved = Plans.packing(new int[][] {{1, 2}, {}});

    board.repack(moved);

    assertThat(board.awaited()).containsExactly("stmgr-1", "stmgr-2");
    assertThat(board.absent()).as("both are connected").isEmpty();
    assertThat(board.heard(first, NOON)).isTrue();
    for (int container : new int[] {1, 2}) {
      assertThat(board.nextPlan()).isEmpty();
      board.register(
          new Stub(),
          Plans.stmgr(container, 1000 + container),
          PlannedInstances.of(moved.getContainerPlans(container - 1)),
          NOON);
    }
    assertThat(publish().getInstancesList())
        .extracting(Instance::getInstanceId)
        .containsExactly("container_1_word_1", "container_1_word_2");
  }

  @Test
  void whoHasNotSeenTheNewPackingPlanYetMayRegisterAsItIs() {
    register(1, 1001);
    register(2, 1002);
    publish();
    board.repack(Plans.packing(new int[][] {{1, 3}, {2}}));

    assertThat(board.register(new Stub(), Plans.stmgr(1, 2001), instances(1), NOON))
        .isInstanceOf(PlanBoard.Registration.Accepted.class);

    assertThat(board.awaited()).containsExactly("stmgr-1");
    assertThat(publish().getStmgrs(0).getDataPort()).isEqualTo(2001);
  }

  @Test
  void aContainerThatLeavesIsToldOnceAndForgotten() {
    register(1, 1001);
    Peer leaving = register(2, 1002);
    publish();
    board.repack(Plans.packing(1));
    assertThat(board.planWithout("stmgr-2")).isEmpty();

    PhysicalPlan without = publish();
    List<Message> told = ((Stub) leaving).told;
    board.broadcast(without);

    assertThat(told).containsExactly(without);
    assertThat(board.planWithout("stmgr-2")).contains(without);
    board.disconnected(leaving);
    assertThat(board.register(new Stub(), Plans.stmgr(2, 1002), instances(2), NOON))
        .isEqualTo(new PlanBoard.Registration.Refused("stmgr-2 is not in the packing plan"));
  }

  @Test
  void thePlansTopologyIsAsLargeAsThePlan() {
    PlanBoard scaled = new PlanBoard(Plans.topology(1, 1), Plans.packing(1));
    register(scaled, 1, 1001);
    assertThat(Plans.size(publish(scaled))).containsExactly(1, 1);

    scaled.repack(Plans.packing(new int[][] {{1, 3}, {2}}));
    scaled.register(
        new Stub(),
        Plans.stmgr(1, 1001),
        PlannedInstances.of(Plans.packing(new int[][] {{1, 3}}).getContainerPlans(0)),
        NOON);
    register(scaled, 2, 1002);

    assertThat(Plans.size(publish(scaled))).containsExactly(2, 3);
  }

  @Test
  void aPlanThatMayNotHaveBeenStoredIsPublishedAgain() {
    register(1, 1001);
    register(2, 1002);
    PhysicalPlan plan = publish();
    assertThat(board.nextPlan()).isEmpty();

    board.doubt();

    assertThat(board.nextPlan()).contains(plan);
    board.inForce(plan);
    assertThat(board.nextPlan()).isEmpty();
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
  void aNewTopologyManagerInTheMiddleOfAnUpdateGoesOnWithThat() {
    PlanBoard other = new PlanBoard(Plans.topology(), Plans.packing(1, 2, 3));
    PhysicalPlan stored = storedPlan(TopologyState.PAUSED);

    other.adopt(stored, NOON);

    assertThat(other.state()).isEqualTo(TopologyState.PAUSED);
    assertThat(other.currentPlan()).contains(stored);
    assertThat(other.nextPlan()).isEmpty();
    register(other, 3, 1003);
    assertThat(publish(other).getStmgrsCount())
        .as("those of the stored plan are taken for alive")
        .isEqualTo(3);
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

  private PhysicalPlan publish() {
    return publish(board);
  }

  private static PhysicalPlan publish(PlanBoard board) {
    PhysicalPlan plan = board.nextPlan().orElseThrow();
    board.inForce(plan);
    return plan;
  }

  private Peer register(int container, int port) {
    return register(board, container, port);
  }

  private static Peer register(PlanBoard board, int container, int port) {
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

  /** A peer that keeps what it is told. */
  private static final class Stub implements Peer {
    private final List<Message> told = new ArrayList<>();

    @Override
    public String remote() {
      return "stub";
    }

    @Override
    public void send(RequestId id, Message message) {
      told.add(message);
    }

    @Override
    public void close() {}
  }
}
