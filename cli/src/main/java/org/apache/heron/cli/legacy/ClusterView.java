package org.apache.heron.cli.legacy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.heron.client.ClientException;

/** Makes a cluster's directory known by another name. */
final class ClusterView {
  private ClusterView() {}

  static Path make(Path directory, String cluster) {
    if (cluster.isBlank() || cluster.startsWith(".")) {
      throw new OldUsageException("'" + cluster + "' cannot be a cluster's name");
    }
    if (!Files.isDirectory(directory)) {
      throw new ClientException("Cluster config directory '" + directory + "' does not exist");
    }
    try {
      Path root = Files.createTempDirectory("heron-cli-clusters");
      Path link = Files.createSymbolicLink(root.resolve(cluster), directory.toRealPath());
      // Also when the command is cut off; in the opposite order.
      root.toFile().deleteOnExit();
      link.toFile().deleteOnExit();
      return root;
    } catch (IOException e) {
      throw new ClientException("Cannot write a temporary directory: " + e.getMessage(), e);
    }
  }

  static void remove(Path root) {
    try (var links = Files.list(root)) {
      for (Path link : links.toList()) {
        Files.delete(link);
      }
      Files.delete(root);
    } catch (IOException e) {
      throw new ClientException("Cannot remove '" + root + "': " + e.getMessage(), e);
    }
  }
}
