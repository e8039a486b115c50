package org.apache.heron.minicluster.master;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.minicluster.resources.ResourceFormat;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Resource.ReservationInfo;
import org.apache.mesos.v1.Protos.Value;

/**
 * Decides who is offered what: dominant resource fairness between roles, then between the
 * frameworks of a role. What one agent has free goes to one framework at a time, reserved resources
 * only to their role and the roles below it. It only reads; one instance is one round.
 */
final class Allocator {
  private static final double MIN_CPUS = 0.01;
  private static final double MIN_MEM = 32;
  private static final List<String> SHARED_BY = List.of("cpus", "mem", "disk", "gpus");

  private final ClusterState state;
  private final OfferFilters filters;
  private final Instant now;
  private final Resources clusterTotal;
  private final Map<String, Resources> byRole = new HashMap<>();
  private final Map<Candidate, Resources> byCandidate = new HashMap<>();

  /** What a framework is to be offered of an agent, in one of its roles. */
  record Allocation(Framework framework, String role, Agent agent, Resources resources) {}

  private record Candidate(FrameworkID framework, String role) {}

  Allocator(ClusterState state, OfferFilters filters, Instant now) {
    this.state = state;
    this.filters = filters;
    this.now = now;
    Resources total = Resources.NONE;
    for (Agent agent : state.agents.values()) {
      total = total.plus(agent.total());
    }
    clusterTotal = total;
    for (Framework framework : state.frameworks.values()) {
      framework.tasks().values().stream()
          .filter(Task::holdsResources)
          .forEach(task -> count(framework.id(), task.resources()));
    }
    for (Offer offer : state.offers.values()) {
      count(offer.getFrameworkId(), Resources.of(offer.getResourcesList()));
    }
  }

  private void count(FrameworkID framework, Resources resources) {
    for (Resource resource : resources.list()) {
      String role = resource.getAllocationInfo().getRole();
      Resources one = Resources.of(List.of(resource));
      byRole.merge(role, one, Resources::plus);
      byCandidate.merge(new Candidate(framework, role), one, Resources::plus);
    }
  }

  List<Allocation> decide() {
    List<Allocation> allocations = new ArrayList<>();
    for (Agent agent : state.agents.values()) {
      if (agent.isActive()) {
        Resources free = state.available(agent);
        Optional<Allocation> next = next(agent, free);
        while (next.isPresent()) {
          Allocation allocation = next.get();
          allocations.add(allocation);
          count(allocation.framework().id(), allocation.resources());
          free = free.minus(allocation.resources().unallocated());
          next = next(agent, free);
        }
      }
    }
    return allocations;
  }

  private Optional<Allocation> next(Agent agent, Resources free) {
    List<Candidate> candidates = new ArrayList<>();
    for (Framework framework : state.frameworks.values()) {
      if (framework.isConnected()) {
        for (String role : framework.roles()) {
          if (!framework.suppressedRoles().contains(role)) {
            candidates.add(new Candidate(framework.id(), role));
          }
        }
      }
    }
    candidates.sort(
        Comparator.<Candidate>comparingDouble(c -> share(byRole.get(c.role())))
            .thenComparingDouble(c -> share(byCandidate.get(c)))
            .thenComparing(c -> c.framework().getValue()));
    return candidates.stream()
        .map(candidate -> offerTo(candidate, agent, free))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private double share(Resources resources) {
    if (resources == null) {
      return 0;
    }
    double dominant = 0;
    for (String name : SHARED_BY) {
      double all = clusterTotal.scalar(name);
      if (all > 0) {
        dominant = Math.max(dominant, resources.scalar(name) / all);
      }
    }
    return dominant;
  }

  private Optional<Allocation> offerTo(Candidate candidate, Agent agent, Resources free) {
    Framework framework = state.frameworks.get(candidate.framework());
    if (!accepts(framework, candidate.role(), agent)) {
      return Optional.empty();
    }
    boolean refinement = framework.has(Capability.Type.RESERVATION_REFINEMENT);
    Resources usable =
        ordered(
            free.filter(
                resource ->
                    isFor(candidate.role(), resource)
                        && (refinement || resource.getReservationsCount() <= 1)));
    boolean enough = usable.scalar("cpus") >= MIN_CPUS || usable.scalar("mem") >= MIN_MEM;
    if (!enough || filters.refuses(framework.id(), candidate.role(), agent.id(), usable, now)) {
      return Optional.empty();
    }
    return Optional.of(
        new Allocation(framework, candidate.role(), agent, usable.allocatedTo(candidate.role())));
  }

  private boolean accepts(Framework framework, String role, Agent agent) {
    // Mesos' --filter_gpu_resources: agents with gpus are kept for those who know of gpus.
    if (agent.hasGpus() && !framework.has(Capability.Type.GPU_RESOURCES)) {
      return false;
    }
    boolean remote =
        agent.info().hasDomain()
            && state.master.hasDomain()
            && !agent
                .info()
                .getDomain()
                .getFaultDomain()
                .getRegion()
                .equals(state.master.getDomain().getFaultDomain().getRegion());
    if (remote && !framework.has(Capability.Type.REGION_AWARE)) {
      return false;
    }
    return OfferConstraintCheck.admits(framework.constraints(), role, agent.info());
  }

  private static boolean isFor(String role, Resource resource) {
    String reserved = ResourceFormat.reservedRole(resource);
    return reserved.equals("*") || role.equals(reserved) || role.startsWith(reserved + "/");
  }

  /**
   * Statically reserved first, then what is no scalar, then dynamically reserved, then the rest:
   * the order of the recorded offers (reserved-roles.jsonl).
   */
  private static Resources ordered(Resources resources) {
    Resources fixed = resources.filter(r -> reservation(r) == ReservationInfo.Type.STATIC);
    Resources dynamic = resources.filter(r -> reservation(r) == ReservationInfo.Type.DYNAMIC);
    Resources open = resources.filter(r -> reservation(r) == ReservationInfo.Type.UNKNOWN);
    return fixed
        .plus(open.filter(r -> r.getType() != Value.Type.SCALAR))
        .plus(dynamic)
        .plus(open.filter(r -> r.getType() == Value.Type.SCALAR));
  }

  private static ReservationInfo.Type reservation(Resource resource) {
    int count = resource.getReservationsCount();
    return count == 0
        ? ReservationInfo.Type.UNKNOWN
        : resource.getReservations(count - 1).getType();
  }

  static Map<String, Double> shares(ClusterState state, OfferFilters filters) {
    Allocator round = new Allocator(state, filters, state.now());
    Map<String, Double> shares = new HashMap<>();
    round.byRole.forEach((role, resources) -> shares.put(role, round.share(resources)));
    return shares;
  }
}
