package org.apache.heron.client.runtime;

import org.apache.heron.client.plugin.Plugins;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.scheduler.SchedulerClients;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.service.call.TunnelRoute;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.topology.TopologyDefinition;

/**
 * A connection to the shared state for the commands of one topology. Not thread-safe.
 *
 * @param settings with the topology's name
 * @param route to the topology's processes
 */
public record RuntimeSession(
    Settings settings,
    String topology,
    Plugins plugins,
    IStateManager state,
    TunnelRoute route,
    Progress progress)
    implements AutoCloseable {

  /**
   * Connects.
   *
   * @throws RuntimeException with a message for the user if the name cannot be one, or shared state
   *     cannot be reached
   */
  public static RuntimeSession open(Settings settings, String topology, Progress progress) {
    TopologyDefinition.validateName(topology);
    Settings named = settings.with(Key.TOPOLOGY_NAME, topology);
    Config local = named.local();
    Plugins plugins = Plugins.standard();
    TunnelRoute route = new TunnelRoute(local);
    IStateManager state = plugins.stateManager(local);
    progress.stage("connecting to shared state");
    try {
      state.initialize(local);
    } catch (RuntimeException e) {
      state.close();
      route.close();
      throw e;
    }
    return new RuntimeSession(named, topology, plugins, state, route, progress);
  }

  /** With this host's paths. */
  Config local() {
    return settings.local();
  }

  /** How its scheduler is spoken to. */
  SchedulerClients schedulers() {
    return new SchedulerClients(settings, topology, plugins, state, route);
  }

  @Override
  public void close() {
    route.close();
    state.close();
  }
}
