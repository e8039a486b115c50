package org.apache.heron.executor.tmanager;

import com.google.protobuf.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.heron.executor.rpc.Peer;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.system.PackingPlans.PackingPlan;
import org.apache.heron.proto.system.PhysicalPlans.Instance;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.system.PhysicalPlans.StMgr;

/**
 * Decides who belongs to the topology and what the physical plan is. No I/O, no threads, no clock;
 * one thread uses it.
 *
 * <p>A container that is gone stays in the plan with its last address until it registers again or
 * leaves the packing plan, so that the others go on and reconnect when they get the new plan.
 */
final class PlanBoard {
  /** A container that has registered; without a peer while it is not connected. */
  record Member(StMgr stmgr, List<Instance> instances, Optional<Peer> peer, Instant lastHeard) {
    Member withPeer(Optional<Peer> newPeer) {
      return new Member(stmgr, instances, newPeer, lastHeard);
    }

    Member heardAt(Instant now) {
      return new Member(stmgr, instances, peer, now);
    }
  }

  /** What became of a registration. */
  sealed interface Registration {
    /**
     * The container is a member now.
     *
     * @param displaced the connected other one that had its place, if there was one
     */
    record Accepted(Optional<Member> displaced) implements Registration {}

    /** The container is none of ours, or its view of the packing plan is not ours. */
    record Refused(String reason) implements Registration {}
  }

  private final TreeMap<String, List<Instance>> expected = new TreeMap<>(STMGR_ORDER);
  private final Map<String, Member> members = new HashMap<>();
  private final Map<Peer, String> idsByPeer = new HashMap<>();
  private Topology topology;
  private PhysicalPlan current;

  /** {@code stmgr-2} before {@code stmgr-10}. */
  private static final Comparator<String> STMGR_ORDER =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  /**
   * @param topology as stored; its state is the initial one
   */
  PlanBoard(Topology topology, PackingPlan packing) {
    this.topology = topology;
    expected.putAll(PlannedInstances.byStmgr(packing));
  }

  /** Goes on with a plan of an earlier topology manager, as far as it fits the packing plan. */
  void adopt(PhysicalPlan stored, Instant now) {
    topology = topology.toBuilder().setState(stored.getTopology().getState()).build();
    Map<String, List<Instance>> planned = new TreeMap<>(STMGR_ORDER);
    stored
        .getInstancesList()
        .forEach(i -> planned.computeIfAbsent(i.getStmgrId(), id -> new ArrayList<>()).add(i));
    for (StMgr stmgr : stored.getStmgrsList()) {
      List<Instance> instances = planned.getOrDefault(stmgr.getId(), List.of());
      List<Instance> wanted = expected.get(stmgr.getId());
      if (wanted != null && PlannedInstances.same(wanted, instances)) {
        members.put(stmgr.getId(), new Member(stmgr, instances, Optional.empty(), now));
      }
    }
    if (members.size() == expected.size() && stored.getStmgrsCount() == expected.size()) {
      topology = stored.getTopology();
      current = stored;
    }
  }

  /** Takes over a new packing plan; true if it says something else than the old one. */
  boolean repack(PackingPlan packing) {
    Map<String, List<Instance>> wanted = PlannedInstances.byStmgr(packing);
    boolean same =
        wanted.keySet().equals(expected.keySet())
            && wanted.entrySet().stream()
                .allMatch(e -> PlannedInstances.same(e.getValue(), expected.get(e.getKey())));
    if (same) {
      return false;
    }
    expected.clear();
    expected.putAll(wanted);
    members.entrySet().removeIf(e -> !fits(e.getValue(), wanted.get(e.getKey())));
    idsByPeer.values().removeIf(id -> !members.containsKey(id));
    current = null;
    return true;
  }

  private static boolean fits(Member member, List<Instance> wanted) {
    return wanted != null && PlannedInstances.same(wanted, member.instances());
  }

  Registration register(Peer peer, StMgr stmgr, List<Instance> instances, Instant now) {
    List<Instance> wanted = expected.get(stmgr.getId());
    if (wanted == null) {
      return new Registration.Refused(stmgr.getId() + " is not in the packing plan");
    }
    if (!PlannedInstances.same(wanted, instances)) {
      return new Registration.Refused(
          stmgr.getId()
              + " has instances "
              + PlannedInstances.names(instances)
              + ", but the packing plan gives it "
              + PlannedInstances.names(wanted));
    }
    disconnected(peer);
    Optional<Member> displaced =
        Optional.ofNullable(members.get(stmgr.getId())).filter(old -> old.peer().isPresent());
    displaced.flatMap(Member::peer).ifPresent(idsByPeer::remove);
    members.put(stmgr.getId(), new Member(stmgr, instances, Optional.of(peer), now));
    idsByPeer.put(peer, stmgr.getId());
    return new Registration.Accepted(displaced);
  }

  /** A container is alive; false if it has not registered on this connection. */
  boolean heard(Peer peer, Instant now) {
    Optional<Member> member = memberOf(peer);
    member.ifPresent(known -> members.put(known.stmgr().getId(), known.heardAt(now)));
    return member.isPresent();
  }

  /** A connection is over; the member that it belonged to. */
  Optional<Member> disconnected(Peer peer) {
    Optional<Member> member = memberOf(peer);
    member.ifPresent(m -> members.put(m.stmgr().getId(), m.withPeer(Optional.empty())));
    idsByPeer.remove(peer);
    return member;
  }

  private Optional<Member> memberOf(Peer peer) {
    return Optional.ofNullable(idsByPeer.get(peer)).map(members::get);
  }

  /** Connected members that have not been heard since that time. */
  List<Member> silentSince(Instant limit) {
    return members.values().stream()
        .filter(member -> member.peer().isPresent() && member.lastHeard().isBefore(limit))
        .toList();
  }

  /**
   * The plan to publish: complete, and other than the last one. Calling this makes it the current
   * one.
   */
  Optional<PhysicalPlan> nextPlan() {
    if (expected.isEmpty() || !members.keySet().containsAll(expected.keySet())) {
      return Optional.empty();
    }
    PhysicalPlan.Builder plan = PhysicalPlan.newBuilder().setTopology(topology);
    for (String id : expected.keySet()) {
      plan.addStmgrs(members.get(id).stmgr());
      plan.addAllInstances(members.get(id).instances());
    }
    PhysicalPlan next = plan.build();
    if (next.equals(current)) {
      return Optional.empty();
    }
    current = next;
    return Optional.of(next);
  }

  Optional<PhysicalPlan> currentPlan() {
    return Optional.ofNullable(current);
  }

  /** The last plan was not published: the next one counts as new. */
  void forgetCurrent() {
    current = null;
  }

  /** The current plan, if it has that container at that address. */
  Optional<PhysicalPlan> planFor(StMgr stmgr) {
    return currentPlan().filter(plan -> plan.getStmgrsList().contains(stmgr));
  }

  TopologyState state() {
    return topology.getState();
  }

  /** Changes the topology that the next plan holds. */
  void changeTopology(UnaryOperator<Topology> change) {
    topology = change.apply(topology);
  }

  Topology topology() {
    return topology;
  }

  /** Containers that are connected, in order. */
  List<String> present() {
    return expected.keySet().stream().filter(this::isPresent).toList();
  }

  /** Containers of the packing plan that are not connected, in order. */
  List<String> absent() {
    return expected.keySet().stream().filter(id -> !isPresent(id)).toList();
  }

  private boolean isPresent(String id) {
    return members.containsKey(id) && members.get(id).peer().isPresent();
  }

  /** Tells every connected member. */
  void broadcast(Message message) {
    members.values().forEach(member -> member.peer().ifPresent(peer -> peer.send(message)));
  }
}
