package org.apache.heron.client.runtime;

import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.spi.statemgr.StateKind;

/** Looks whether a topology is there, and is the one that the user means. */
final class Presence {
  private Presence() {}

  /**
   * For every command but kill.
   *
   * @throws ClientException if it is not there, or runs elsewhere
   */
  static ExecutionState require(RuntimeSession session) {
    if (!session.state().exists(StateKind.TOPOLOGY, session.topology())) {
      throw new ClientException("Topology '" + session.topology() + "' does not exist");
    }
    ExecutionState execution =
        session
            .state()
            .get(StateKind.EXECUTION_STATE, session.topology())
            .orElseThrow(
                () ->
                    new ClientException(
                        "Failed to get execution state for topology "
                            + session.topology()
                            + ": its submit was cut off; heron kill removes the rest"));
    requireSamePlace(session, execution);
    return execution;
  }

  /**
   * For kill, which also removes what a cut off submit left.
   *
   * @return false if there is no trace of the topology
   * @throws ClientException if it runs elsewhere
   */
  static boolean anything(RuntimeSession session) {
    String topology = session.topology();
    Optional<ExecutionState> execution = session.state().get(StateKind.EXECUTION_STATE, topology);
    execution.ifPresent(found -> requireSamePlace(session, found));
    boolean defined = session.state().exists(StateKind.TOPOLOGY, topology);
    boolean any = StateKind.all().stream().anyMatch(kind -> session.state().exists(kind, topology));
    if (any && !defined) {
      session.progress().warn("Topology '" + topology + "' is not defined any more");
    }
    if (any && execution.isEmpty()) {
      session.progress().warn("Topology '" + topology + "' has no execution state");
    }
    return any;
  }

  private static void requireSamePlace(RuntimeSession session, ExecutionState running) {
    TopologyTarget target = session.settings().target();
    String at = TopologyTarget.path(running.getCluster(), running.getRole(), running.getEnviron());
    if (!at.equals(target.path())) {
      throw new ClientException(
          "cluster/role/environ does not match. Topology '"
              + session.topology()
              + "' is running at "
              + at
              + ", not "
              + target.path());
    }
  }
}
