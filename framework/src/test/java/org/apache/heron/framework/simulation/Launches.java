package org.apache.heron.framework.simulation;

import java.util.List;
import java.util.stream.Stream;
import org.apache.heron.framework.core.Decision;
import org.apache.heron.framework.core.Effect;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** What a call, or a decision, launches. */
final class Launches {
  private Launches() {}

  /** The ids of the tasks. */
  static List<String> of(Call call) {
    return tasks(call).toList();
  }

  /** The containers. */
  static List<ContainerId> of(Decision decision) {
    return decision.effects().stream()
        .filter(Effect.Send.class::isInstance)
        .flatMap(effect -> tasks(((Effect.Send) effect).call()))
        .map(task -> new TaskId(task).container().orElseThrow())
        .toList();
  }

  private static Stream<String> tasks(Call call) {
    return call.getType() != Call.Type.ACCEPT
        ? Stream.empty()
        : call.getAccept().getOperationsList().stream()
            .flatMap(operation -> operation.getLaunch().getTaskInfosList().stream())
            .map(task -> task.getTaskId().getValue());
  }
}
