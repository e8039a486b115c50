package org.apache.heron.cli.cluster;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Option that says where a background cluster keeps its files. */
final class ClusterHome {
  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description = "where the cluster keeps its files (default: ~/.herondata/cluster)")
  private Path directory;

  Path directory() {
    Path chosen =
        directory == null
            ? Path.of(System.getProperty("user.home"), ".herondata", "cluster")
            : directory;
    return chosen.toAbsolutePath().normalize();
  }
}
