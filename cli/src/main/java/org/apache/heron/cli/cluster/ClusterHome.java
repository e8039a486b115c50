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

  /** The command that does something with the same cluster, to be typed in a shell. */
  String command(String name) {
    String command = "heron cluster " + name;
    if (directory == null) {
      return command;
    }
    String path = directory().toString();
    boolean plain = path.matches("[-\\w./]+");
    return command + " --directory " + (plain ? path : "'" + path.replace("'", "'\\''") + "'");
  }
}
