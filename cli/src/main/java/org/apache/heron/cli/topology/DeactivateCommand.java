package org.apache.heron.cli.topology;

import java.util.Optional;
import org.apache.heron.client.runtime.SubmittedTopology;
import picocli.CommandLine.Command;

/** {@code heron deactivate}. */
@Command(
    name = "deactivate",
    description = "Stop a topology's spouts, without ending it",
    sortOptions = false,
    footer = {"", "Example:", "  heron deactivate mesos/ada/devel words"})
public final class DeactivateCommand extends TopologyCommand {
  @Override
  Optional<String> run(SubmittedTopology submitted) throws InterruptedException {
    submitted.deactivate();
    return Optional.empty();
  }

  @Override
  String deed() {
    return "deactivate topology: " + topology();
  }
}
