package org.apache.heron.cli.cluster;

import picocli.CommandLine.Command;

/** {@code heron cluster}: an embedded ZooKeeper and Mesos in the background. */
@Command(
    name = "cluster",
    description = "An embedded ZooKeeper and Mesos in the background, for this machine",
    subcommands = {ClusterStart.class, ClusterStop.class, ClusterStatus.class},
    synopsisSubcommandLabel = "(start | stop | status)",
    footer = {
      "",
      "Examples:",
      "  heron cluster start --agents 3",
      "  heron cluster status",
      "  heron cluster stop"
    })
public final class ClusterCommand {}
