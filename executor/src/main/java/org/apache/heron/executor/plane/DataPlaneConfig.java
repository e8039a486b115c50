package org.apache.heron.executor.plane;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import org.apache.heron.proto.api.TopologyAPI.Topology;

/**
 * What a data plane needs to know before the first physical plan.
 *
 * @param containerId from 1
 * @param stmgrId the container's name in physical plans, {@code stmgr-N}
 * @param bind address and port to listen on for other containers; port 0 takes a free one
 * @param topology the whole definition, serialized components included; plans need not repeat them
 * @param userClassLoader the loader of the topology's classes; heron-api's types and kryo's must be
 *     the same classes in it as here
 * @param workingDirectory the container's directory
 * @param systemConfig values of heron_internals.yaml, overridden by override.yaml
 * @param listener told of events, on the data plane's threads; must not block
 */
public record DataPlaneConfig(
    int containerId,
    String stmgrId,
    InetSocketAddress bind,
    Topology topology,
    ClassLoader userClassLoader,
    Path workingDirectory,
    Map<String, Object> systemConfig,
    DataPlaneListener listener) {

  public DataPlaneConfig {
    systemConfig = Map.copyOf(systemConfig);
  }
}
