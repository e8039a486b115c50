package org.apache.heron.framework.simulation;

import java.util.List;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** What a call launches. */
final class Launches {
  private Launches() {}

  /** The ids of the tasks. */
  static List<String> of(Call call) {
    if (call.getType() != Call.Type.ACCEPT) {
      return List.of();
    }
    return call.getAccept().getOperationsList().stream()
        .flatMap(operation -> operation.getLaunch().getTaskInfosList().stream())
        .map(task -> task.getTaskId().getValue())
        .toList();
  }
}
