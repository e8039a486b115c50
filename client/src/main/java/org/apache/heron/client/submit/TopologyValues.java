package org.apache.heron.client.submit;

import java.nio.file.Path;
import org.apache.heron.client.definition.TopologyFile;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.topology.TopologyDefinition;

/** Adds to a command's settings what is known of the topology, so that tokens can stand for it. */
final class TopologyValues {
  private TopologyValues() {}

  static Settings add(
      Settings settings,
      TopologyDefinition definition,
      Path definitionFile,
      Path packageFile,
      TopologyFile file) {
    return settings
        .with(Key.TOPOLOGY_ID, definition.topology().getId())
        .with(Key.TOPOLOGY_NAME, definition.topology().getName())
        .with(Key.TOPOLOGY_DEFINITION_FILE, definitionFile.toString())
        .with(Key.TOPOLOGY_PACKAGE_FILE, packageFile.toString())
        .with(Key.TOPOLOGY_BINARY_FILE, file.name())
        .with(Key.TOPOLOGY_PACKAGE_TYPE, file.type().text());
  }
}
