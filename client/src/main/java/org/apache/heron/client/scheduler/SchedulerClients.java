package org.apache.heron.client.scheduler;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.plugin.Plugins;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.service.call.Route;
import org.apache.heron.service.inprocess.LibraryLaunch;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;

/**
 * How the scheduler of one topology is spoken to.
 *
 * @param settings with the topology's name
 * @param state open
 * @param route to the topology's processes
 */
public record SchedulerClients(
    Settings settings, String topology, Plugins plugins, IStateManager state, Route route) {

  /** True if topologies of this cluster are scheduled without a process of their own. */
  public boolean isLibrary() {
    return !settings.local().bool(Key.SCHEDULER_IS_SERVICE);
  }

  /** True if that is a process which listens. */
  public static boolean isProcess(SchedulerLocation location) {
    return !LibraryLaunch.isLibrary(location);
  }

  /**
   * What listens where a topology's scheduler is published to be, if that says that it is
   * another's. Ports are given anew, and a location may outlive its process.
   *
   * @return a few words for people; empty if it is the topology's own, or does not say
   */
  public static Optional<String> stranger(
      SchedulerLocation location, IStateManager state, Duration limit) {
    String submission = submission(state, location.getTopologyName());
    return new HttpSchedulerClient(location, submission, Route.DIRECT).stranger(limit);
  }

  private static String submission(IStateManager state, String topology) {
    return state
        .get(StateKind.EXECUTION_STATE, topology)
        .map(ExecutionState::getTopologyId)
        .orElse("");
  }

  /**
   * For the scheduler that is published; nothing is asked of it yet.
   *
   * @throws ClientException if the topology was launched without a scheduler process, but the
   *     configuration is of one that has a process
   * @throws RuntimeException with a message for the user if a library cannot be initialized
   */
  public SchedulerClient of(SchedulerLocation location) {
    if (isProcess(location)) {
      return new HttpSchedulerClient(location, submission(state, topology), route);
    }
    if (!isLibrary()) {
      Config local = settings.local();
      throw new ClientException(
          "Topology '"
              + topology
              + "' was launched without a scheduler process, but "
              + Key.SCHEDULER_IS_SERVICE.text()
              + " is true now (from "
              + local.sourceOf(Key.SCHEDULER_IS_SERVICE)
              + "): use the configuration that it was submitted with");
    }
    return inProcess();
  }

  /**
   * For a scheduler in this process.
   *
   * @throws RuntimeException with a message for the user if it cannot be initialized
   */
  public SchedulerClient inProcess() {
    return new LibrarySchedulerClient(
        plugins.scheduler(settings.local()),
        SchedulerContext.ofLibrary(
            settings.cluster(), settings.local(), definition(), state, Map.of()),
        route);
  }

  /** What is left of it, for a topology whose submit or kill was cut off. */
  private Topology definition() {
    return state
        .get(StateKind.TOPOLOGY, topology)
        .orElseGet(() -> Topology.newBuilder().setName(topology).buildPartial());
  }
}
