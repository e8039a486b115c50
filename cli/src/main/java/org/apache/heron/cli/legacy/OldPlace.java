package org.apache.heron.cli.legacy;

import java.util.Optional;

/**
 * Where an old command line wants its topology.
 *
 * @param cluster its name; empty if nothing names it
 * @param role empty if nothing names it
 * @param environ empty if nothing names it
 */
record OldPlace(String cluster, String role, String environ) {

  /** The place of an argument, with what it leaves open from the configuration. */
  static OldPlace of(Optional<String> argument, OldConfig config) {
    String[] parts = argument.orElse("").split("/", -1);
    return new OldPlace(
        part(parts, 0).or(() -> config.get("cluster")).or(() -> config.get("dc")).orElse(""),
        part(parts, 1).or(() -> config.get("role")).orElse(""),
        part(parts, 2).or(() -> config.get("environ")).orElse(""));
  }

  private static Optional<String> part(String[] parts, int index) {
    return parts.length > index
        ? Optional.of(parts[index]).filter(text -> !text.isEmpty())
        : Optional.empty();
  }

  OldPlace in(String otherCluster) {
    return new OldPlace(otherCluster, role, environ);
  }

  /** Today's argument. */
  String argument() {
    if (environ.isEmpty()) {
      return role.isEmpty() ? cluster : cluster + "/" + role;
    }
    return cluster + "/" + role + "/" + environ;
  }
}
