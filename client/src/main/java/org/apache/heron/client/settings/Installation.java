package org.apache.heron.client.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.heron.client.ClientException;

/**
 * An unpacked distribution and the clusters that it knows.
 *
 * @param home directory with bin, lib, conf and dist
 * @param configRoot parent of the clusters' directories
 * @param only the directory of whatever cluster is asked for, if it is not named for the cluster
 * @param releaseFile what is installed
 */
public record Installation(Path home, Path configRoot, Optional<Path> only, Path releaseFile) {

  /**
   * @param configRoot {@code --config-path}, if given
   * @param releaseFile {@code --release-yaml-file}, if given
   * @throws ClientException if there is no release file
   */
  public static Installation of(Path home, Optional<Path> configRoot, Optional<Path> releaseFile) {
    Path absolute = home.toAbsolutePath().normalize();
    Path release = releaseFile.orElse(absolute.resolve("release.yaml")).toAbsolutePath();
    if (!Files.isRegularFile(release)) {
      throw new ClientException("Required file not found: " + release);
    }
    Path root = configRoot.orElse(absolute.resolve("conf")).toAbsolutePath().normalize();
    return new Installation(absolute, root, Optional.empty(), release);
  }

  /** The same installation, in which every cluster's files are in that directory. */
  public Installation withOnly(Path directory) {
    return new Installation(
        home, configRoot, Optional.of(directory.toAbsolutePath().normalize()), releaseFile);
  }

  /**
   * The cluster's directory.
   *
   * @throws ClientException if it does not exist
   */
  public Path clusterDirectory(String cluster) {
    Path directory = only.orElseGet(() -> configRoot.resolve(cluster));
    if (!Files.isDirectory(directory)) {
      throw new ClientException("Cluster config directory '" + directory + "' does not exist");
    }
    return directory;
  }
}
