package org.apache.heron.minicluster.master;

import java.util.Optional;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** Whether a scheduler's call is complete; refusals are Mesos' texts (bad-calls.jsonl). */
final class CallValidation {
  private static final int UUID_BYTES = 16;

  private CallValidation() {}

  /**
   * @param principal who has authenticated, if one had to
   * @return the text after {@code Failed to validate scheduler::Call:}
   */
  static Optional<String> refusal(Call call, Optional<String> principal) {
    if (!call.hasType()) {
      return missing("type");
    }
    if (call.getType() == Call.Type.SUBSCRIBE) {
      return subscribeRefusal(call, principal);
    }
    if (!call.hasFrameworkId()) {
      return missing("framework_id");
    }
    return switch (call.getType()) {
      case ACCEPT -> require(call.hasAccept(), "accept");
      case DECLINE -> require(call.hasDecline(), "decline");
      case ACCEPT_INVERSE_OFFERS -> require(call.hasAcceptInverseOffers(), "accept_inverse_offers");
      case DECLINE_INVERSE_OFFERS ->
          require(call.hasDeclineInverseOffers(), "decline_inverse_offers");
      case KILL -> require(call.hasKill(), "kill");
      case SHUTDOWN -> require(call.hasShutdown(), "shutdown");
      case ACKNOWLEDGE -> require(call.hasAcknowledge(), "acknowledge").or(() -> uuid(call));
      case ACKNOWLEDGE_OPERATION_STATUS ->
          require(call.hasAcknowledgeOperationStatus(), "acknowledge_operation_status");
      case RECONCILE -> require(call.hasReconcile(), "reconcile");
      case RECONCILE_OPERATIONS -> require(call.hasReconcileOperations(), "reconcile_operations");
      case MESSAGE -> require(call.hasMessage(), "message");
      case REQUEST -> require(call.hasRequest(), "request");
      case UPDATE_FRAMEWORK ->
          require(call.hasUpdateFramework(), "update_framework").or(() -> updatedId(call));
      case TEARDOWN, REVIVE, SUPPRESS, UNKNOWN, SUBSCRIBE -> Optional.empty();
    };
  }

  private static Optional<String> subscribeRefusal(Call call, Optional<String> principal) {
    if (!call.hasSubscribe()) {
      return missing("subscribe");
    }
    if (!call.getSubscribe().getFrameworkInfo().getId().equals(call.getFrameworkId())) {
      return Optional.of("'framework_id' differs from 'subscribe.framework_info.id'");
    }
    String claimed = call.getSubscribe().getFrameworkInfo().getPrincipal();
    boolean claims = call.getSubscribe().getFrameworkInfo().hasPrincipal();
    return principal
        .filter(name -> claims && !name.equals(claimed))
        .map(
            name ->
                "Authenticated principal '%s' does not match principal '%s' set in `FrameworkInfo`"
                    .formatted(name, claimed));
  }

  private static Optional<String> updatedId(Call call) {
    return call.getUpdateFramework().getFrameworkInfo().getId().equals(call.getFrameworkId())
        ? Optional.empty()
        : Optional.of("'framework_id' differs from 'update_framework.framework_info.id'");
  }

  private static Optional<String> uuid(Call call) {
    return call.getAcknowledge().getUuid().size() == UUID_BYTES
        ? Optional.empty()
        : Optional.of("Not a valid UUID");
  }

  private static Optional<String> require(boolean present, String field) {
    return present ? Optional.empty() : missing(field);
  }

  private static Optional<String> missing(String field) {
    return Optional.of("Expecting '" + field + "' to be present");
  }
}
