package org.apache.heron.client.runtime;

import org.apache.heron.client.ClientException;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;
import org.apache.heron.service.call.TManagerClient;
import org.apache.heron.service.update.Journal;
import org.apache.heron.spi.statemgr.StateKind;

/** Lets a topology's spouts emit, or stops them. */
public final class TopologyActivation {
  private final RuntimeSession session;

  public TopologyActivation(RuntimeSession session) {
    this.session = session;
  }

  /**
   * From paused to running.
   *
   * @throws ClientException if it is neither, or its topology manager does not answer
   */
  public void activate() {
    if (moves(TopologyState.PAUSED, TopologyState.RUNNING)) {
      manager().activate();
    }
  }

  /** From running to paused; an update that is under way leaves it so. */
  public void deactivate() {
    if (moves(TopologyState.RUNNING, TopologyState.PAUSED)) {
      manager().deactivate();
    }
    boolean stopped =
        session
            .state()
            .get(StateKind.TOPOLOGY, session.topology())
            .map(found -> new Journal(session.state(), session.topology(), found.getId()))
            .filter(Journal::staySilent)
            .isPresent();
    if (stopped) {
      session.progress().info("An update is under way; it will not activate the topology again");
    }
  }

  private boolean moves(TopologyState from, TopologyState to) {
    Presence.require(session);
    String topology = session.topology();
    PhysicalPlan plan =
        session
            .state()
            .get(StateKind.PHYSICAL_PLAN, topology)
            .orElseThrow(
                () ->
                    new ClientException(
                        "Failed to get physical plan for topology '"
                            + topology
                            + "': not all of its containers have reported yet"));
    TopologyState now = plan.getTopology().getState();
    if (now == to) {
      session.progress().warn("Topology '" + topology + "' is already in state '" + to + "'");
      return false;
    }
    if (now != from) {
      throw new ClientException("Topology '" + topology + "' is not in state '" + from + "'");
    }
    return true;
  }

  private TManagerClient manager() {
    return managerOf(session);
  }

  static TManagerClient managerOf(RuntimeSession session) {
    TManagerLocation location =
        session
            .state()
            .get(StateKind.TMANAGER_LOCATION, session.topology())
            .orElseThrow(
                () ->
                    new ClientException(
                        "The topology manager of topology '"
                            + session.topology()
                            + "' is not there: container 0 does not run, or restarts"));
    return new TManagerClient(location, session.route());
  }
}
