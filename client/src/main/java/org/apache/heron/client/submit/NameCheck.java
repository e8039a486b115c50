package org.apache.heron.client.submit;

import java.time.Instant;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;

/** Sees to it that nothing of a topology's name exists. */
final class NameCheck {
  private NameCheck() {}

  /**
   * @throws ClientException if there is something; says whether it runs, and what to do
   */
  static void requireFree(IStateManager state, String topology, TopologyTarget target) {
    Optional<ExecutionState> execution = state.get(StateKind.EXECUTION_STATE, topology);
    boolean defined = state.exists(StateKind.TOPOLOGY, topology);
    Optional<SchedulerLocation> scheduler = state.get(StateKind.SCHEDULER_LOCATION, topology);
    boolean scheduled = scheduler.isPresent();
    if (!defined && execution.isEmpty() && !scheduled) {
      return;
    }
    if (!defined && execution.isEmpty()) {
      throw new ClientException(
          "Nothing of topology '"
              + topology
              + "' is in shared state but a scheduler's location, "
              + scheduler.get().getHttpEndpoint()
              + ": one of an earlier submission that still runs ends within a minute, so submit"
              + " again then; one that has ended is removed with: heron kill "
              + target.path()
              + " "
              + topology);
    }
    throw new ClientException(
        "Topology '"
            + topology
            + "' already exists"
            + execution.map(found -> describe(found)).orElse("")
            + (scheduled ? "" : abandoned(topology, execution, target)));
  }

  private static String describe(ExecutionState found) {
    return " at "
        + found.getCluster()
        + "/"
        + found.getRole()
        + "/"
        + found.getEnviron()
        + ", submitted by "
        + (found.getSubmissionUser().isEmpty() ? "an unknown user" : found.getSubmissionUser())
        + " at "
        + Instant.ofEpochSecond(found.getSubmissionTime());
  }

  private static String abandoned(
      String topology, Optional<ExecutionState> execution, TopologyTarget target) {
    String where =
        execution
            .map(
                found ->
                    TopologyTarget.path(found.getCluster(), found.getRole(), found.getEnviron()))
            .orElse(target.path());
    return ", but no scheduler runs for it: a submit was cut off, or the scheduler has ended."
        + " Remove it with: heron kill "
        + where
        + " "
        + topology;
  }
}
