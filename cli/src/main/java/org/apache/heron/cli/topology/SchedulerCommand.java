package org.apache.heron.cli.topology;

import java.util.Optional;
import org.apache.heron.client.runtime.RuntimeSession;
import org.apache.heron.client.runtime.SchedulerResume;
import picocli.CommandLine.Command;

/** {@code heron scheduler}. */
@Command(
    name = "scheduler",
    description = "The process that schedules a topology",
    subcommands = SchedulerCommand.Resume.class,
    synopsisSubcommandLabel = "resume",
    footer = {"", "Example:", "  heron scheduler resume mesos/ada/devel words"})
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
    Optional<String> run(RuntimeSession session) {
      endpoint = new SchedulerResume(session).run();
      return Optional.empty();
    }

    @Override
    String deed() {
      return "resume scheduler of topology: "
          + topology()
          + (endpoint.isEmpty() ? "" : " at " + endpoint);
    }
  }
}
