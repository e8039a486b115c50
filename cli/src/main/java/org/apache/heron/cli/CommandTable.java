package org.apache.heron.cli;

import java.util.List;
import java.util.Optional;

/**
 * Every command, with its one line in the overview. Only the class of the command that runs is
 * loaded: reading the annotations of all of them would take longer than most commands.
 */
final class CommandTable {
  private static final String TOPOLOGY = "org.apache.heron.cli.topology.";
  private static final String INSTALLATION = "org.apache.heron.cli.installation.";
  private static final String CLUSTER = "org.apache.heron.cli.cluster.";

  /**
   * A command.
   *
   * @param className loaded when it is used
   * @param needs names of the commands that it calls
   */
  record Entry(String name, String summary, String className, List<String> needs) {}

  static final List<Entry> ENTRIES =
      List.of(
          entry("submit", "Submit a topology", TOPOLOGY + "SubmitCommand"),
          entry("kill", "End a topology and remove every trace of it", TOPOLOGY + "KillCommand"),
          entry("activate", "Let a paused topology's spouts emit", TOPOLOGY + "ActivateCommand"),
          entry("deactivate", "Stop a topology's spouts", TOPOLOGY + "DeactivateCommand"),
          entry("restart", "Restart a topology's containers", TOPOLOGY + "RestartCommand"),
          entry("update", "Change a running topology", TOPOLOGY + "UpdateCommand"),
          entry(
              "plan", "Say whether a topology would fit on the cluster", TOPOLOGY + "PlanCommand"),
          entry(
              "explain", "Say what a topology's containers wait for", TOPOLOGY + "ExplainCommand"),
          entry("history", "Show what happened to a topology", TOPOLOGY + "HistoryCommand"),
          entry(
              "scheduler",
              "Start a topology's scheduler again, or a standby",
              TOPOLOGY + "SchedulerCommand"),
          entry(
              "doctor",
              "Say what a cluster lacks, and remove what dead topologies left",
              TOPOLOGY + "DoctorCommand"),
          entry("config", "Your own settings for a cluster", INSTALLATION + "ConfigCommand"),
          entry("version", "Show what is installed", INSTALLATION + "VersionCommand"),
          entry("cluster", "An embedded Mesos cluster on this host", CLUSTER + "ClusterCommand"),
          new Entry(
              "demo",
              "A cluster and a topology, to look at",
              CLUSTER + "DemoCommand",
              List.of("submit", "kill")));

  private CommandTable() {}

  private static Entry entry(String name, String summary, String className) {
    return new Entry(name, summary, className, List.of());
  }

  static Optional<Entry> find(String name) {
    for (Entry entry : ENTRIES) {
      if (entry.name().equals(name)) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  /** The commands that are in this build: a part of the product may have been left out. */
  static boolean present(Entry entry) {
    String resource = "/" + entry.className().replace('.', '/') + ".class";
    return CommandTable.class.getResource(resource) != null;
  }
}
