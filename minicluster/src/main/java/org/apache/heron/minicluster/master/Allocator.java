package org.apache.heron.minicluster.master;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.heron.minicluster.resources.Reserved;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferFilters.ResourceQuantities;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Resource.ReservationInfo;
import org.apache.mesos.v1.Protos.Value;

/**
 * Decides who is offered what, in the order of {@link Fairness}. What one agent has free goes to
 * one framework at a time, reserved resources only to their role and the roles below it, revocable
 * ones only to those who know of them. One instance is one round.
 */
final class Allocator {
  private static final double MIN_CPUS = 0.01;
  private static final double MIN_MEM = 32;

  private final ClusterState state;
  private final OfferFilters filters;
  private final Fairness fairness;
  private final Instant now;
  private final Resources clusterTotal;
  private final Map<Fairness.Client, Resources> held = new HashMap<>();
  private final TreeSet<String> roles = new TreeSet<>();

  /** What a framework is to be offered of an agent, in one of its roles. */
  record Allocation(Framework framework, String role, Agent agent, Resources resources) {
    Fairness.Client client() {
      return new Fairness.Client(framework.id(), role);
    }
  }

  Allocator(ClusterState state, OfferFilters filters, Fairness fairness, Instant now) {
    this.state = state;
    this.filters = filters;
    this.fairness = fairness;
    this.now = now;
    Resources total = Resources.NONE;
    for (Agent agent : state.agents.values()) {
      total = total.plus(agent.total());
    }
    clusterTotal = total;
    for (Framework framework : state.frameworks.values()) {
      roles.addAll(framework.roles());
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
      roles.add(role);
      held.merge(
          new Fairness.Client(framework, role), Resources.of(List.of(resource)), Resources::plus);
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
          fairness.offered(allocation.client());
          count(allocation.framework().id(), allocation.resources());
          free = free.minus(allocation.resources().unallocated());
          next = next(agent, free);
        }
      }
    }
    return allocations;
  }

  private Optional<Allocation> next(Agent agent, Resources free) {
    if (free.isEmpty()) {
      return Optional.empty();
    }
    List<Fairness.Client> clients = new ArrayList<>();
    for (Framework framework : state.frameworks.values()) {
      if (framework.isConnected()) {
        for (String role : framework.roles()) {
          if (!framework.suppressedRoles().contains(role)) {
            clients.add(new Fairness.Client(framework.id(), role));
          }
        }
      }
    }
    Comparator<Fairness.Client> order = fairness.order(roles, clusterTotal, held);
    return clients.stream()
        .sorted(order)
        .map(client -> offerTo(client, agent, free))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<Allocation> offerTo(Fairness.Client client, Agent agent, Resources free) {
    Framework framework = state.frameworks.get(client.framework());
    String role = client.role();
    if (!accepts(framework, role, agent)) {
      return Optional.empty();
    }
    Resources usable = ordered(free.filter(resource -> mayUse(framework, role, resource)));
    if (usable.isEmpty()
        || !isEnough(framework, role, usable)
        || filters.refuses(framework.id(), role, agent.id(), usable, now)) {
      return Optional.empty();
    }
    return Optional.of(new Allocation(framework, role, agent, usable.allocatedTo(role)));
  }

  private static boolean mayUse(Framework framework, String role, Resource resource) {
    return Reserved.isFor(role, resource)
        && (resource.getReservationsCount() <= 1
            || framework.has(Capability.Type.RESERVATION_REFINEMENT))
        && (!resource.hasRevocable() || framework.has(Capability.Type.REVOCABLE_RESOURCES));
  }

  /**
   * What is too little to be worth an offer: the framework's own {@code offer_filters} for the role
   * say, where it has some; else Mesos' {@code --min_allocatable_resources}.
   */
  private static boolean isEnough(Framework framework, String role, Resources usable) {
    var wanted = framework.info().getOfferFiltersMap().get(role);
    if (wanted == null || !wanted.hasMinAllocatableResources()) {
      return usable.scalar("cpus") >= MIN_CPUS || usable.scalar("mem") >= MIN_MEM;
    }
    List<ResourceQuantities> any = wanted.getMinAllocatableResources().getQuantitiesList();
    return any.isEmpty() || any.stream().anyMatch(all -> has(usable, all));
  }

  private static boolean has(Resources usable, ResourceQuantities wanted) {
    return wanted.getQuantitiesMap().entrySet().stream()
        .allMatch(each -> usable.amount(each.getKey()) >= each.getValue().getValue());
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

  /** Each role's dominant share. */
  static Map<String, Double> shares(ClusterState state, OfferFilters filters, Fairness fairness) {
    Allocator round = new Allocator(state, filters, fairness, state.now());
    Map<String, Resources> byRole = new HashMap<>();
    round.held.forEach(
        (client, resources) -> byRole.merge(client.role(), resources, Resources::plus));
    Map<String, Double> shares = new HashMap<>();
    byRole.forEach(
        (role, resources) ->
            shares.put(role, Fairness.dominantShare(resources, round.clusterTotal)));
    return shares;
  }
}
