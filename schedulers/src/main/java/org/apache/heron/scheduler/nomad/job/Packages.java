package org.apache.heron.scheduler.nomad.job;

import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;

/**
 * What a container is filled with.
 *
 * @param topology URI of the topology package
 * @param binary name of the user's file in it
 * @param binaryType jar, tar, pex, …
 * @param core URI of the core package
 */
public record Packages(String topology, String binary, String binaryType, String core) {

  /** Of a topology that is being submitted. */
  public static Packages submitted(Config local, String topologyUri) {
    String binary = local.string(Key.TOPOLOGY_BINARY_FILE);
    return new Packages(
        topologyUri,
        binary.substring(binary.lastIndexOf('/') + 1),
        local.optionalString(Key.TOPOLOGY_PACKAGE_TYPE).orElse(""),
        // Only where it is submitted do tokens stand for that host's directories.
        local.string(Key.CORE_PACKAGE_URI));
  }
}
