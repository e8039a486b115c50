package org.apache.heron.client.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.plugin.Plugins;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.runtime.PackageRemoval;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.scheduler.LaunchContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.spi.topology.TopologyDefinition;
import org.apache.heron.spi.topology.TopologyException;

/**
 * What a dead topology has left besides shared state: its package in the store, and on this host
 * its scheduler's working directory. Both are named for the role, which only the execution state
 * tells.
 */
final class Remnants {
  private final Settings settings;
  private final Plugins plugins;
  private final IStateManager state;

  Remnants(Settings settings, Plugins plugins, IStateManager state) {
    this.settings = settings;
    this.plugins = plugins;
    this.state = state;
  }

  /** Removes them as a kill does; returns what stays, and why. */
  List<String> remove(String topology) {
    Optional<ExecutionState> execution = state.get(StateKind.EXECUTION_STATE, topology);
    if (execution.isEmpty()) {
      return List.of();
    }
    Notes notes = new Notes(new ArrayList<>());
    try {
      Settings its = settings(topology, execution.get());
      PackageRemoval.run(plugins, its.local(), execution, notes);
      directory(its, topology, execution.get());
    } catch (ClientException | ConfigException | SchedulerException | TopologyException e) {
      notes.warn(e.getMessage());
    }
    return notes.lines();
  }

  /** What shared state says becomes part of paths: anybody may have written it. */
  private Settings settings(String topology, ExecutionState execution) {
    TopologyDefinition.validateName(topology);
    TopologyTarget place =
        TopologyTarget.of(
            settings.target().cluster(),
            execution.getRole(),
            execution.getEnviron(),
            settings.target().user());
    return settings
        .with(Key.ROLE, place.role())
        .with(Key.ENVIRON, place.environ())
        .with(Key.TOPOLOGY_NAME, topology);
  }

  private void directory(Settings its, String name, ExecutionState execution) {
    Topology topology =
        state
            .get(StateKind.TOPOLOGY, name)
            .orElseGet(
                () ->
                    Topology.newBuilder()
                        .setName(name)
                        .setId(execution.getTopologyId())
                        .buildPartial());
    try (ILauncher launcher = plugins.launcher(its.local())) {
      launcher.initialize(
          new LaunchContext(
              its.local(), its.cluster(), topology, LaunchContext.UNKNOWN_PACKAGE, state));
      launcher.cleanUp();
    }
  }

  /** Keeps warnings. */
  private record Notes(List<String> lines) implements Progress.Quiet {
    @Override
    public void warn(String line) {
      lines.add(line);
    }
  }
}
