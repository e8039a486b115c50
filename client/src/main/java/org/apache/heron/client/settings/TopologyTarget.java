package org.apache.heron.client.settings;

import org.apache.heron.client.ClientException;

/**
 * Where a topology runs: {@code cluster/[role]/[env]}.
 *
 * @param cluster names a directory of configuration files
 * @param role for Mesos the user as whom tasks run; may be empty if only the environment was given
 * @param environ may be empty if only the role was given
 * @param user who gives the command
 */
public record TopologyTarget(String cluster, String role, String environ, String user) {

  /**
   * Reads the argument as upstream does: the first three parts between slashes count; with neither
   * role nor environment the role is the user and the environment {@code default}.
   *
   * @throws ClientException if the cluster is missing or a part cannot be a directory's name
   */
  public static TopologyTarget parse(String argument, String user) {
    String[] parts = argument.split("/", -1);
    String cluster = parts[0];
    String role = parts.length > 1 ? parts[1] : "";
    String environ = parts.length > 2 ? parts[2] : "";
    if (cluster.isBlank()) {
      throw new ClientException(
          "Argument cluster/[role]/[env] is not correct: '" + argument + "' names no cluster");
    }
    return of(cluster, role, environ, user);
  }

  /**
   * Of its parts, by the same rules.
   *
   * @throws ClientException if one cannot be a directory's name
   */
  public static TopologyTarget of(String cluster, String role, String environ, String user) {
    for (String part : new String[] {cluster, role, environ, user}) {
      // Each part becomes a directory of the working directory and of the package store.
      boolean unusable =
          part.equals(".")
              || part.equals("..")
              || part.indexOf('/') >= 0
              || part.chars().anyMatch(Character::isISOControl);
      if (unusable) {
        throw new ClientException(
            "Argument cluster/[role]/[env] is not correct: '" + part + "' cannot be a name");
      }
    }
    return role.isEmpty() && environ.isEmpty()
        ? new TopologyTarget(cluster, user, "default", user)
        : new TopologyTarget(cluster, role, environ, user);
  }

  /** {@code cluster/role/environ}, or {@code cluster/role} without an environment. */
  public String path() {
    return path(cluster, role, environ);
  }

  /** The same of a topology's execution state. */
  public static String path(String cluster, String role, String environ) {
    return cluster + "/" + role + (environ.isEmpty() ? "" : "/" + environ);
  }
}
