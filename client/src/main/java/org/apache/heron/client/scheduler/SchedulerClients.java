package org.apache.heron.client.scheduler;

import java.util.Map;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.plugin.Plugins;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
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
   * For the scheduler that is published; nothing is asked of it yet.
   *
   * @throws ClientException if the topology was launched without a scheduler process, but the
   *     configuration is of one that has a process
   * @throws RuntimeException with a message for the user if a library cannot be initialized
   */
  public SchedulerClient of(SchedulerLocation location) {
    if (isProcess(location)) {
      return new HttpSchedulerClient(location, route);
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
