package org.apache.heron.minicluster.master;

/**
 * What {@code /version} says.
 *
 * @param version of the Mesos whose manners are kept
 * @param date of the build, {@code yyyy-mm-dd}
 * @param time of the build in seconds since 1970
 */
record Build(String version, String date, double time, String user, String gitSha) {
  /** The recorded master is 1.12.0, so that is what clients are told. */
  static Build current() {
    return new Build("1.12.0", "2026-11-21", 1795222800.0, "heron", "0".repeat(40));
  }
}
