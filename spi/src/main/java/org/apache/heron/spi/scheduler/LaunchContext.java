package org.apache.heron.spi.scheduler;

import java.net.URI;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.statemgr.IStateManager;

/**
 * What a launcher knows.
 *
 * @param local configuration with the submitting host's paths
 * @param cluster configuration with paths relative to a container's sandbox
 * @param topology the full definition
 * @param packageUri where the topology package was uploaded to
 * @param state shared state, open
 */
public record LaunchContext(
    Config local, Config cluster, Topology topology, URI packageUri, IStateManager state) {

  /** Stands for the package's URI where a scheduler is resumed. */
  public static final URI UNKNOWN_PACKAGE = URI.create("");
}
