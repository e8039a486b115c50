package org.apache.heron.minicluster.master;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.web.HttpError;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** Carries out the calls of a subscribed framework. Used on the master's thread. */
final class SchedulerCalls {
  private final ClusterState state;
  private final Offers offers;
  private final Acceptance acceptance;
  private final FrameworkLife frameworks;
  private final AgentLife agents;
  private final Maintenance maintenance;

  SchedulerCalls(
      ClusterState state,
      Offers offers,
      Reservations reservations,
      FrameworkLife frameworks,
      AgentLife agents,
      Maintenance maintenance) {
    this.state = state;
    this.offers = offers;
    this.acceptance = new Acceptance(state, offers, reservations);
    this.frameworks = frameworks;
    this.agents = agents;
    this.maintenance = maintenance;
  }

  /** The HTTP status to answer: 202, or 200 where Mesos waits for the result. */
  int carryOut(Framework framework, Call call) {
    switch (call.getType()) {
      case TEARDOWN -> frameworks.remove(framework);
      case ACCEPT ->
          acceptance.accept(
              framework,
              call.getAccept().getOfferIdsList(),
              call.getAccept().getOperationsList(),
              call.getAccept().getFilters());
      case DECLINE ->
          acceptance.decline(
              framework, call.getDecline().getOfferIdsList(), call.getDecline().getFilters());
      case ACCEPT_INVERSE_OFFERS ->
          maintenance.answer(
              framework,
              call.getAcceptInverseOffers().getInverseOfferIdsList(),
              call.getAcceptInverseOffers().getFilters(),
              true);
      case DECLINE_INVERSE_OFFERS ->
          maintenance.answer(
              framework,
              call.getDeclineInverseOffers().getInverseOfferIdsList(),
              call.getDeclineInverseOffers().getFilters(),
              false);
      case REVIVE -> revive(framework, call.getRevive().getRolesList());
      case SUPPRESS -> suppress(framework, call.getSuppress().getRolesList());
      case KILL -> kill(framework, call.getKill());
      case SHUTDOWN -> shutdown(framework, call.getShutdown());
      case ACKNOWLEDGE -> agents.acknowledge(framework, call.getAcknowledge());
      case RECONCILE ->
          Reconciliation.answers(state, framework, call.getReconcile().getTasksList())
              .forEach(status -> framework.send(Statuses.event(status)));
      // Command tasks have no executor of the framework's that could read a message; requests are
      // advice to the allocator, which Mesos' own ignores too.
      case MESSAGE, REQUEST, ACKNOWLEDGE_OPERATION_STATUS, RECONCILE_OPERATIONS -> {}
      case UPDATE_FRAMEWORK -> {
        frameworks
            .update(framework, call.getUpdateFramework())
            .ifPresent(
                error -> {
                  throw new HttpError(400, error);
                });
        return 200;
      }
      case SUBSCRIBE, UNKNOWN -> throw new HttpError(501, "");
    }
    return 202;
  }

  private void revive(Framework framework, List<String> roles) {
    Set<String> revived = roles.isEmpty() ? framework.roles() : new HashSet<>(roles);
    framework.suppressedRoles().removeAll(revived);
    offers.filters().clear(framework.id(), revived);
    maintenance.revived(framework.id());
    offers.allocate();
  }

  private static void suppress(Framework framework, List<String> roles) {
    framework.suppressedRoles().addAll(roles.isEmpty() ? framework.roles() : roles);
  }

  private void kill(Framework framework, Call.Kill call) {
    Task task = framework.tasks().get(call.getTaskId());
    if (task == null) {
      Call.Reconcile.Task.Builder unknown =
          Call.Reconcile.Task.newBuilder().setTaskId(call.getTaskId());
      if (call.hasAgentId()) {
        unknown.setAgentId(call.getAgentId());
      }
      Reconciliation.answers(state, framework, List.of(unknown.build()))
          .forEach(status -> framework.send(Statuses.event(status)));
      return;
    }
    if (!call.hasAgentId() || call.getAgentId().equals(task.agent())) {
      Optional<KillPolicy> policy =
          call.hasKillPolicy() ? Optional.of(call.getKillPolicy()) : Optional.empty();
      agents.kill(task, policy);
    }
  }

  /** A command task's executor has the task's id: to shut it down is to kill the task. */
  private void shutdown(Framework framework, Call.Shutdown call) {
    ExecutorID executor = call.getExecutorId();
    Task task = framework.tasks().get(TaskID.newBuilder().setValue(executor.getValue()).build());
    if (task != null && task.agent().equals(call.getAgentId())) {
      agents.kill(task, Optional.empty());
    }
  }
}
