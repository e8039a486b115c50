package org.apache.heron.framework.simulation;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.Timer;
import org.apache.heron.framework.storage.ContainerRecord;
import org.apache.heron.framework.storage.FrameworkRecord;
import org.apache.heron.framework.storage.SimulatedZooKeeper;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** Events, calls and times as a timeline shows them: short. */
final class Words {
  private Words() {}

  static String of(long millis) {
    return millis < 1_000 ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
  }

  static String of(Event event) {
    if (event instanceof Event.TaskUpdated updated) {
      String reason = updated.update().reason();
      return updated.update().task()
          + " "
          + updated.update().state()
          + (reason.isEmpty() ? "" : " (" + reason + ")")
          + (updated.update().uuid().isPresent() ? "" : ", not to be acknowledged");
    }
    if (event instanceof Event.Offers offers) {
      return "offers "
          + offers.offers().stream()
              .map(offer -> offer.getId().getValue() + " of " + offer.getHostname())
              .collect(Collectors.joining(", "));
    }
    return event.toString();
  }

  static String of(Timer timer) {
    return "alarm " + timer;
  }

  static String of(Call call) {
    return switch (call.getType()) {
      case ACCEPT ->
          "ACCEPT "
              + ids(call.getAccept().getOfferIdsList())
              + " launch "
              + call.getAccept().getOperationsList().stream()
                  .flatMap(operation -> operation.getLaunch().getTaskInfosList().stream())
                  .map(task -> task.getTaskId().getValue())
                  .collect(Collectors.joining(", "));
      case DECLINE ->
          "DECLINE "
              + ids(call.getDecline().getOfferIdsList())
              + " for "
              + of((long) (call.getDecline().getFilters().getRefuseSeconds() * 1_000));
      case KILL -> "KILL " + call.getKill().getTaskId().getValue();
      case ACKNOWLEDGE -> "ACKNOWLEDGE " + call.getAcknowledge().getUuid().toStringUtf8();
      case RECONCILE ->
          "RECONCILE "
              + (call.getReconcile().getTasksCount() == 0
                  ? "all"
                  : call.getReconcile().getTasksList().stream()
                      .map(task -> task.getTaskId().getValue())
                      .collect(Collectors.joining(", ")));
      case SUBSCRIBE ->
          "SUBSCRIBE "
              + (call.getFrameworkId().getValue().isEmpty()
                  ? "as a new framework"
                  : call.getFrameworkId().getValue());
      default -> call.getType().toString();
    };
  }

  static String of(SimulatedZooKeeper.Written change, SimulatedZooKeeper tree) {
    if (change.takesOver()) {
      return "lets " + change.client() + " take over";
    }
    if (!tree.hasNodes()) {
      return "removes all for " + change.client();
    }
    String containers =
        change.containers().keySet().stream()
            .map(id -> id + " " + record(tree.containers().get(id)))
            .collect(Collectors.joining(", "));
    return "writes for "
        + change.client()
        + ": "
        + (containers.isEmpty() ? tree.framework().map(Words::of).orElse("nothing") : containers);
  }

  private static String of(FrameworkRecord framework) {
    return framework.frameworkId().orElse("no framework") + " shall " + framework.goal();
  }

  private static String record(ContainerRecord container) {
    return container == null
        ? "removed"
        : container.task().map(task -> task.phase() + " " + task.taskId()).orElse("no task");
  }

  private static String ids(List<OfferID> ids) {
    return ids.stream().map(OfferID::getValue).collect(Collectors.joining(", "));
  }
}
