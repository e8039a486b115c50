package org.apache.heron.service.update;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;
import org.apache.heron.service.call.Route;
import org.apache.heron.service.call.TManagerClient;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;

/** A topology's spouts, which its topology manager stops and lets emit. */
final class Spouts {
  private final IStateManager state;
  private final String topology;
  private final Waiting waiting;
  private final Route route;

  Spouts(IStateManager state, String topology, Waiting waiting, Route route) {
    this.route = route;
    this.state = state;
    this.topology = topology;
    this.waiting = waiting;
  }

  /** Empty until all containers have found each other. */
  Optional<TopologyState> now() {
    return physicalPlan().map(plan -> plan.getTopology().getState());
  }

  Optional<PhysicalPlan> physicalPlan() {
    return state.get(StateKind.PHYSICAL_PLAN, topology);
  }

  /** Stops them; nothing is done if they do not emit. */
  void stop(Duration limit, String limitKey) throws UpdateFailedException, InterruptedException {
    reach(TopologyState.PAUSED, TManagerClient::deactivate, limit, limitKey);
  }

  /** Lets them emit; nothing is done if they do. */
  void start(Duration limit, String limitKey) throws UpdateFailedException, InterruptedException {
    reach(TopologyState.RUNNING, TManagerClient::activate, limit, limitKey);
  }

  // Asked again until the plan says so: the topology manager may be starting anew just now.
  private void reach(
      TopologyState wanted, Consumer<TManagerClient> command, Duration limit, String limitKey)
      throws UpdateFailedException, InterruptedException {
    waiting.until(
        limit,
        limitKey,
        () -> {
          if (now().filter(wanted::equals).isPresent()) {
            return Optional.empty();
          }
          Optional<TManagerLocation> manager = state.get(StateKind.TMANAGER_LOCATION, topology);
          if (manager.isEmpty()) {
            return Optional.of("the topology manager is not there: container 0 does not run");
          }
          try {
            command.accept(new TManagerClient(manager.get(), route));
            return now().filter(wanted::equals).isPresent()
                ? Optional.empty()
                : Optional.of("the topology manager has not published the state " + wanted);
          } catch (SchedulerException e) {
            return Optional.of(e.getMessage());
          }
        });
  }
}
