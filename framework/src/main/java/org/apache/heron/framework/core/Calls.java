package org.apache.heron.framework.core;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.OfferId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.Filters;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer.Operation;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.OfferConstraints;

/** Writes the calls of the v1 scheduler API. */
final class Calls {
  private Calls() {}

  static Call subscribe(
      FrameworkInfo info, Optional<OfferConstraints> constraints, Optional<String> frameworkId) {
    FrameworkInfo.Builder framework = info.toBuilder();
    Call.Builder call = Call.newBuilder().setType(Call.Type.SUBSCRIBE);
    frameworkId.ifPresent(
        id -> {
          framework.setId(id(id));
          call.setFrameworkId(id(id));
        });
    Call.Subscribe.Builder subscribe = Call.Subscribe.newBuilder().setFrameworkInfo(framework);
    constraints.ifPresent(subscribe::setOfferConstraints);
    return call.setSubscribe(subscribe).build();
  }

  /**
   * Describes the framework anew; with its id, as SUBSCRIBE has it.
   *
   * @param suppressed roles that want no offers; all others do from now on
   */
  static Call updateFramework(
      FrameworkInfo info,
      Optional<OfferConstraints> constraints,
      List<String> suppressed,
      String frameworkId) {
    Call.UpdateFramework.Builder update =
        Call.UpdateFramework.newBuilder()
            .setFrameworkInfo(info.toBuilder().setId(id(frameworkId)))
            .addAllSuppressedRoles(suppressed);
    constraints.ifPresent(update::setOfferConstraints);
    return call(frameworkId, Call.Type.UPDATE_FRAMEWORK).setUpdateFramework(update).build();
  }

  static Call acceptInverse(String frameworkId, List<OfferId> offers, Duration refuse) {
    Call.AcceptInverseOffers.Builder accept =
        Call.AcceptInverseOffers.newBuilder().setFilters(filters(refuse));
    offers.forEach(offer -> accept.addInverseOfferIds(id(offer)));
    return call(frameworkId, Call.Type.ACCEPT_INVERSE_OFFERS)
        .setAcceptInverseOffers(accept)
        .build();
  }

  static Call declineInverse(String frameworkId, List<OfferId> offers, Duration refuse) {
    Call.DeclineInverseOffers.Builder decline =
        Call.DeclineInverseOffers.newBuilder().setFilters(filters(refuse));
    offers.forEach(offer -> decline.addInverseOfferIds(id(offer)));
    return call(frameworkId, Call.Type.DECLINE_INVERSE_OFFERS)
        .setDeclineInverseOffers(decline)
        .build();
  }

  static Call accept(
      String frameworkId, List<OfferId> offers, List<TaskInfo> tasks, Duration refuse) {
    Call.Accept.Builder accept = Call.Accept.newBuilder().setFilters(filters(refuse));
    offers.forEach(offer -> accept.addOfferIds(id(offer)));
    accept.addOperations(
        Operation.newBuilder()
            .setType(Operation.Type.LAUNCH)
            .setLaunch(Operation.Launch.newBuilder().addAllTaskInfos(tasks)));
    return call(frameworkId, Call.Type.ACCEPT).setAccept(accept).build();
  }

  static Call decline(String frameworkId, Collection<OfferId> offers, Duration refuse) {
    Call.Decline.Builder decline = Call.Decline.newBuilder().setFilters(filters(refuse));
    offers.forEach(offer -> decline.addOfferIds(id(offer)));
    return call(frameworkId, Call.Type.DECLINE).setDecline(decline).build();
  }

  static Call suppress(String frameworkId) {
    return call(frameworkId, Call.Type.SUPPRESS).build();
  }

  static Call revive(String frameworkId) {
    return call(frameworkId, Call.Type.REVIVE).build();
  }

  static Call teardown(String frameworkId) {
    return call(frameworkId, Call.Type.TEARDOWN).build();
  }

  static Call kill(String frameworkId, TaskId task, Optional<AgentId> agent) {
    Call.Kill.Builder kill = Call.Kill.newBuilder().setTaskId(id(task));
    agent.ifPresent(value -> kill.setAgentId(id(value)));
    return call(frameworkId, Call.Type.KILL).setKill(kill).build();
  }

  static Call acknowledge(String frameworkId, TaskId task, AgentId agent, ByteString uuid) {
    return call(frameworkId, Call.Type.ACKNOWLEDGE)
        .setAcknowledge(
            Call.Acknowledge.newBuilder().setTaskId(id(task)).setAgentId(id(agent)).setUuid(uuid))
        .build();
  }

  /** Asks for these tasks; for all that Mesos knows of us if there are none. */
  static Call reconcile(String frameworkId, List<Task> tasks) {
    Call.Reconcile.Builder reconcile = Call.Reconcile.newBuilder();
    tasks.forEach(
        task ->
            reconcile.addTasks(
                Call.Reconcile.Task.newBuilder()
                    .setTaskId(id(task.id()))
                    .setAgentId(id(task.agent()))));
    return call(frameworkId, Call.Type.RECONCILE).setReconcile(reconcile).build();
  }

  private static Call.Builder call(String frameworkId, Call.Type type) {
    return Call.newBuilder().setFrameworkId(id(frameworkId)).setType(type);
  }

  private static Filters filters(Duration refuse) {
    return Filters.newBuilder().setRefuseSeconds(refuse.toMillis() / 1000.0).build();
  }

  private static FrameworkID id(String frameworkId) {
    return FrameworkID.newBuilder().setValue(frameworkId).build();
  }

  private static OfferID id(OfferId offer) {
    return OfferID.newBuilder().setValue(offer.value()).build();
  }

  private static TaskID id(TaskId task) {
    return TaskID.newBuilder().setValue(task.value()).build();
  }

  private static AgentID id(AgentId agent) {
    return AgentID.newBuilder().setValue(agent.value()).build();
  }
}
