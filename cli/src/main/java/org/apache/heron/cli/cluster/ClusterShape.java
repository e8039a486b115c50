package org.apache.heron.cli.cluster;

import picocli.CommandLine.Option;

/** Options that say how big an embedded cluster is. */
final class ClusterShape {
  /** The options' names. */
  static final java.util.List<String> NAMES =
      java.util.List.of("--agents", "--agent-cpus", "--agent-mem", "--agent-disk");

  @Option(
      names = "--agents",
      paramLabel = "N",
      defaultValue = "3",
      description = "how many agents (default: ${DEFAULT-VALUE})")
  int agents;

  @Option(
      names = "--agent-cpus",
      paramLabel = "CPUS",
      defaultValue = "8",
      description = "what each agent offers; it is not enforced (default: ${DEFAULT-VALUE})")
  double cpus;

  @Option(
      names = "--agent-mem",
      paramLabel = "MB",
      defaultValue = "16384",
      description = "what each agent offers; it is not enforced (default: ${DEFAULT-VALUE})")
  int memMb;

  @Option(
      names = "--agent-disk",
      paramLabel = "MB",
      defaultValue = "65536",
      description = "what each agent offers; it is not enforced (default: ${DEFAULT-VALUE})")
  int diskMb;

  /** What is wrong with the options as one line; empty if nothing is. */
  String problem() {
    if (agents < 1 || agents > 50) {
      return "--agents is " + agents + ", but must be 1 to 50";
    }
    if (cpus <= 0 || memMb < 1 || diskMb < 1) {
      return "--agent-cpus, --agent-mem and --agent-disk must be above 0";
    }
    return "";
  }

  /** The words that give another process the same shape. */
  java.util.List<String> words() {
    return java.util.List.of(
        "--agents=" + agents,
        "--agent-cpus=" + cpus,
        "--agent-mem=" + memMb,
        "--agent-disk=" + diskMb);
  }
}
