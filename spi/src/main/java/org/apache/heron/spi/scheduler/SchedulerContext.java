package org.apache.heron.spi.scheduler;

import java.nio.file.Path;
import java.util.Map;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.statemgr.IStateManager;

/**
 * What a scheduler knows.
 *
 * @param config configuration with paths relative to a container's sandbox (cluster mode)
 * @param local the same with paths of the host that this runs on; in a scheduler process, which has
 *     no other paths than those of its working directory, the same
 * @param topology the full definition; for commands to a topology that was submitted before, the
 *     trimmed one of shared state
 * @param state shared state, open
 * @param workingDirectory the scheduler's own directory; for a library scheduler that of the
 *     command
 * @param properties the {@code -P} properties of the command line, for example {@code
 *     heron.package.topology.uri}, which a library scheduler is given at launch only
 * @param standby true if this process is to wait for the end of another that schedules the topology
 */
public record SchedulerContext(
    Config config,
    Config local,
    Topology topology,
    IStateManager state,
    Path workingDirectory,
    Map<String, String> properties,
    boolean standby) {
  /** Where the topology package was uploaded to. */
  public static final String PACKAGE_URI = "heron.package.topology.uri";

  public SchedulerContext {
    properties = Map.copyOf(properties);
  }

  /** For a scheduler process. */
  public SchedulerContext(
      Config config,
      Topology topology,
      IStateManager state,
      Path workingDirectory,
      Map<String, String> properties,
      boolean standby) {
    this(config, config, topology, state, workingDirectory, properties, standby);
  }

  /** For a library scheduler, which serves one command. */
  public static SchedulerContext ofLibrary(
      Config cluster,
      Config local,
      Topology topology,
      IStateManager state,
      Map<String, String> properties) {
    return new SchedulerContext(cluster, local, topology, state, Path.of(""), properties, false);
  }
}
