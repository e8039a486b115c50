package org.apache.heron.executor.tmanager;

import com.google.protobuf.Message;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.heron.executor.plan.PlannedScale;
import org.apache.heron.executor.rpc.Peer;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.system.PackingPlans.PackingPlan;
import org.apache.heron.proto.system.PhysicalPlans.Instance;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlanOrBuilder;
import org.apache.heron.proto.system.PhysicalPlans.StMgr;

/**
 * Decides who belongs to the topology and what the physical plan is. No I/O, no threads, no clock;
 * one thread uses it.
 *
 * <p>The plan in force stays in force until every container of the newest packing plan has
 * registered with its instances; meanwhile it is mended where a container has moved. A container
 * that is gone stays in the plan with its last address until it registers again or leaves the
 * packing plan, so that the others go on and reconnect when they get the new plan.
 */
final class PlanBoard {
  /**
   * A container that has registered, be it one that is about to leave; without a peer while it is
   * not connected.
   */
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
  private boolean doubtful;

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

  /** Goes on with the plan of an earlier topology manager, and waits for what it lacks. */
  void adopt(PhysicalPlan stored, Instant now) {
    topology = stored.getTopology();
    current = stored;
    for (StMgr stmgr : stored.getStmgrsList()) {
      members.put(
          stmgr.getId(),
          new Member(stmgr, instancesOf(stored, stmgr.getId()), Optional.empty(), now));
    }
    forgetStrangers();
  }

  private static List<Instance> instancesOf(PhysicalPlan plan, String id) {
    return plan.getInstancesList().stream().filter(i -> i.getStmgrId().equals(id)).toList();
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
    forgetStrangers();
    return true;
  }

  /** Members that are not there to be told that no plan names them. */
  private void forgetStrangers() {
    members.entrySet().removeIf(e -> e.getValue().peer().isEmpty() && isStranger(e.getKey()));
  }

  private boolean isStranger(String id) {
    return !expected.containsKey(id) && !isInForce(id);
  }

  private boolean isInForce(String id) {
    return current != null
        && current.getStmgrsList().stream().anyMatch(stmgr -> stmgr.getId().equals(id));
  }

  Registration register(Peer peer, StMgr stmgr, List<Instance> instances, Instant now) {
    List<Instance> wanted = expected.get(stmgr.getId());
    if (!fits(wanted, instances) && !followsPlanInForce(stmgr.getId(), instances)) {
      return new Registration.Refused(
          wanted == null
              ? stmgr.getId() + " is not in the packing plan"
              : stmgr.getId()
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

  private static boolean fits(List<Instance> wanted, List<Instance> instances) {
    return wanted != null && PlannedInstances.same(wanted, instances);
  }

  /** It has not seen the newest packing plan yet, or it leaves with that. */
  private boolean followsPlanInForce(String id, List<Instance> instances) {
    return isInForce(id) && PlannedInstances.same(sorted(instancesOf(current, id)), instances);
  }

  private static List<Instance> sorted(List<Instance> instances) {
    return instances.stream()
        .sorted(Comparator.comparingInt(instance -> instance.getInfo().getTaskId()))
        .toList();
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
    member.map(m -> m.stmgr().getId()).filter(this::isStranger).ifPresent(members::remove);
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
   * The plan to publish if it is other than the one in force: that of the packing plan once
   * everybody is there, until then the one in force with the state and addresses of now.
   */
  Optional<PhysicalPlan> nextPlan() {
    Optional<PhysicalPlan> next =
        awaited().isEmpty() ? Optional.of(complete()) : currentPlan().map(this::mended);
    return next.filter(plan -> doubtful || !plan.equals(current));
  }

  private PhysicalPlan complete() {
    PhysicalPlan.Builder plan = PhysicalPlan.newBuilder();
    for (String id : expected.keySet()) {
      plan.addStmgrs(members.get(id).stmgr());
      plan.addAllInstances(members.get(id).instances());
    }
    return plan.setTopology(scaled(plan)).build();
  }

  private PhysicalPlan mended(PhysicalPlan plan) {
    PhysicalPlan.Builder mended = plan.toBuilder();
    for (StMgr.Builder stmgr : mended.getStmgrsBuilderList()) {
      Member member = members.get(stmgr.getId());
      if (member != null) {
        stmgr.clear().mergeFrom(member.stmgr());
      }
    }
    return mended.setTopology(scaled(mended)).build();
  }

  private Topology scaled(PhysicalPlanOrBuilder plan) {
    return PlannedScale.of(topology, plan.getInstancesList(), plan.getStmgrsCount());
  }

  /** The plan was published. */
  void inForce(PhysicalPlan plan) {
    current = plan;
    doubtful = false;
    forgetStrangers();
  }

  /** Another plan may be stored instead of the one in force: that is to be published again. */
  void doubt() {
    doubtful = true;
  }

  Optional<PhysicalPlan> currentPlan() {
    return Optional.ofNullable(current);
  }

  /** The current plan, if that container has no place in it any more. */
  Optional<PhysicalPlan> planWithout(String id) {
    return currentPlan().filter(plan -> !isInForce(id));
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

  /** Containers of the packing plan that have yet to register with their instances, in order. */
  List<String> awaited() {
    return expected.entrySet().stream()
        .filter(
            e ->
                !members.containsKey(e.getKey())
                    || !fits(e.getValue(), members.get(e.getKey()).instances()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private boolean isPresent(String id) {
    return members.containsKey(id) && members.get(id).peer().isPresent();
  }

  /** Tells everybody who is connected, those who leave included. */
  void broadcast(Message message) {
    members.values().forEach(member -> member.peer().ifPresent(peer -> peer.send(message)));
  }
}
