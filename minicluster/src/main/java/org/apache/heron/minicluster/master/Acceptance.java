package org.apache.heron.minicluster.master;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.Filters;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out ACCEPT and DECLINE. Used on the master's thread. */
final class Acceptance {
  private static final Logger LOG = LoggerFactory.getLogger(Acceptance.class);

  private final ClusterState state;
  private final Offers offers;
  private final Reservations reservations;

  Acceptance(ClusterState state, Offers offers, Reservations reservations) {
    this.state = state;
    this.offers = offers;
    this.reservations = reservations;
  }

  void decline(Framework framework, List<OfferID> ids, Filters filters) {
    for (OfferID id : ids) {
      if (isOffered(framework, id)) {
        offers
            .take(id)
            .ifPresent(
                offer ->
                    offers.refuse(
                        framework.id(), offer, Resources.of(offer.getResourcesList()), filters));
      }
    }
  }

  private boolean isOffered(Framework framework, OfferID id) {
    Offer offer = state.offers.get(id);
    return offer != null && offer.getFrameworkId().equals(framework.id());
  }

  void accept(
      Framework framework, List<OfferID> ids, List<Offer.Operation> operations, Filters filters) {
    Optional<String> refusal = refusal(framework, ids);
    if (refusal.isPresent()) {
      drop(framework, operations, refusal.get());
      // Those that were good are taken back, as if they had been declined.
      decline(framework, ids, Filters.newBuilder().setRefuseSeconds(0).build());
      return;
    }
    List<Offer> taken = new ArrayList<>();
    ids.forEach(id -> offers.take(id).ifPresent(taken::add));
    if (taken.isEmpty()) {
      return;
    }
    Resources rest = Resources.NONE;
    for (Offer offer : taken) {
      rest = rest.plus(Resources.of(offer.getResourcesList()));
    }
    Agent agent = state.agents.get(taken.get(0).getAgentId());
    for (Offer.Operation operation : operations) {
      rest = carryOut(framework, agent, taken.get(0), operation, rest);
    }
    offers.refuse(framework.id(), taken.get(0), rest, filters);
  }

  private Optional<String> refusal(Framework framework, List<OfferID> ids) {
    if (ids.isEmpty()) {
      return Optional.of("No offers specified");
    }
    Set<OfferID> seen = new HashSet<>();
    Offer first = null;
    for (OfferID id : ids) {
      String name = id.getValue();
      if (!seen.add(id)) {
        return Optional.of("Duplicate offer " + name + " in offer list");
      }
      Offer offer = state.offers.get(id);
      if (offer == null) {
        return Optional.of("Offer " + name + " is no longer valid");
      }
      if (!offer.getFrameworkId().equals(framework.id())) {
        return Optional.of(
            "Offer %s has invalid framework %s while framework %s is expected"
                .formatted(name, offer.getFrameworkId().getValue(), framework.id().getValue()));
      }
      if (first == null) {
        first = offer;
      } else if (!offer.getAgentId().equals(first.getAgentId())) {
        return Optional.of(
            "Aggregated offers must belong to one single agent. Offer %s uses agent %s and agent %s"
                .formatted(name, offer.getAgentId().getValue(), first.getAgentId().getValue()));
      } else if (!offer.getAllocationInfo().equals(first.getAllocationInfo())) {
        return Optional.of(
            "Aggregated offers must be allocated to the same role. Offer %s uses role %s but another is using role %s"
                .formatted(
                    name,
                    offer.getAllocationInfo().getRole(),
                    first.getAllocationInfo().getRole()));
      }
    }
    return Optional.empty();
  }

  private void drop(Framework framework, List<Offer.Operation> operations, String why) {
    for (Offer.Operation operation : operations) {
      for (TaskInfo task : tasks(operation)) {
        framework.send(
            Statuses.event(
                Statuses.of(
                        task.getTaskId(),
                        task.getAgentId(),
                        Statuses.forFramework(framework, TaskState.TASK_DROPPED),
                        TaskStatus.Reason.REASON_INVALID_OFFERS,
                        "Task launched with invalid offers: " + why,
                        state.now())
                    .build()));
      }
    }
  }

  private static List<TaskInfo> tasks(Offer.Operation operation) {
    List<TaskInfo> tasks = new ArrayList<>(operation.getLaunch().getTaskInfosList());
    tasks.addAll(operation.getLaunchGroup().getTaskGroup().getTasksList());
    return tasks;
  }

  /** What is left of the offers after the operation. */
  private Resources carryOut(
      Framework framework, Agent agent, Offer offer, Offer.Operation operation, Resources rest) {
    String role = offer.getAllocationInfo().getRole();
    return switch (operation.getType()) {
      case LAUNCH -> {
        Resources left = rest;
        for (TaskInfo task : operation.getLaunch().getTaskInfosList()) {
          left = launch(framework, agent, offer, task, left);
        }
        yield left;
      }
      case LAUNCH_GROUP -> {
        for (TaskInfo task : tasks(operation)) {
          refuse(
              framework,
              task,
              TaskStatus.Reason.REASON_TASK_GROUP_INVALID,
              "Task groups need an executor of their own, which this cluster does not run");
        }
        yield rest;
      }
      case RESERVE -> reservations.reserve(agent, role, operation.getReserve(), rest);
      case UNRESERVE -> reservations.unreserve(agent, role, operation.getUnreserve(), rest);
      case UNKNOWN, CREATE, DESTROY, GROW_VOLUME, SHRINK_VOLUME, CREATE_DISK, DESTROY_DISK -> {
        LOG.warn("operation {} is not carried out by this cluster", operation.getType());
        yield rest;
      }
    };
  }

  private Resources launch(
      Framework framework, Agent agent, Offer offer, TaskInfo task, Resources rest) {
    String role = offer.getAllocationInfo().getRole();
    Optional<String> refusal =
        LaunchValidation.refusal(
            task, offer.getAgentId(), role, rest, id -> framework.tasks().containsKey(id));
    if (refusal.isPresent()) {
      refuse(framework, task, TaskStatus.Reason.REASON_TASK_INVALID, refusal.get());
      return rest;
    }
    Resources wanted = Resources.of(task.getResourcesList()).allocatedByDefaultTo(role);
    TaskInfo launched = task.toBuilder().clearResources().addAllResources(wanted.list()).build();
    Task added = new Task(framework.id(), launched, TaskState.TASK_STAGING);
    framework.tasks().put(added.id(), added);
    agent.link().runTask(framework.info(), launched);
    return rest.minus(wanted);
  }

  private void refuse(
      Framework framework, TaskInfo task, TaskStatus.Reason reason, String message) {
    framework.send(
        Statuses.event(
            Statuses.of(
                    task.getTaskId(),
                    task.getAgentId(),
                    TaskState.TASK_ERROR,
                    reason,
                    message,
                    state.now())
                .build()));
  }
}
