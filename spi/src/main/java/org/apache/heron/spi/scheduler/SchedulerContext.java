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
 * @param topology the full definition
 * @param state shared state, open
 * @param workingDirectory the scheduler's own directory
 * @param properties the {@code -P} properties of the command line, for example {@code
 *     heron.package.topology.uri}
 * @param standby true if this process is to wait for the end of another that schedules the topology
 */
public record SchedulerContext(
    Config config,
    Topology topology,
    IStateManager state,
    Path workingDirectory,
    Map<String, String> properties,
    boolean standby) {}
