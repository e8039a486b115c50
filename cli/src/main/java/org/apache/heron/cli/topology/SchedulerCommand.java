package org.apache.heron.cli.topology;

import java.util.Optional;
import org.apache.heron.client.runtime.SubmittedTopology;
import picocli.CommandLine.Command;

/** {@code heron scheduler}. */
@Command(
    name = "scheduler",
    description = "The processes that schedule a topology",
    subcommands = {SchedulerCommand.Resume.class, SchedulerCommand.Standby.class},
    synopsisSubcommandLabel = "(resume | standby)",
    footer = {
      "",
      "Examples:",
      "  heron scheduler resume mesos/ada/devel words",
      "  heron scheduler standby mesos/ada/devel words"
    })
public final class SchedulerCommand {

  /** {@code heron scheduler resume}. */
  @Command(
      name = "resume",
      description = "Start the scheduler of a running topology again, after its process has ended",
      sortOptions = false,
      footer = {"", "Example:", "  heron scheduler resume mesos/ada/devel words"})
  static final class Resume extends TopologyCommand {
    private String endpoint = "";

    @Override
    Optional<String> run(SubmittedTopology submitted) throws InterruptedException {
      endpoint = submitted.resumeScheduler();
      return Optional.empty();
    }

    @Override
    String deed() {
      return "resume scheduler of topology: "
          + topology()
          + (endpoint.isEmpty() ? "" : " at " + endpoint);
    }
  }

  /** {@code heron scheduler standby}. */
  @Command(
      name = "standby",
      // In one piece: a list of commands shows only the first.
      description =
          "Start one more scheduler of a running topology, which waits in the background and takes"
              + " over, with the same containers, when the one that leads has ended",
      sortOptions = false,
      footer = {"", "Example:", "  heron scheduler standby mesos/ada/devel words"})
  static final class Standby extends TopologyCommand {
    private String which = "";

    @Override
    Optional<String> run(SubmittedTopology submitted) throws InterruptedException {
      which = submitted.standBy();
      return Optional.empty();
    }

    @Override
    String deed() {
      return which.isEmpty()
          ? "start a standby scheduler of topology: " + topology()
          : "started a standby scheduler of topology: " + topology() + ": " + which;
    }
  }
}
