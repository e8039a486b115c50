package org.apache.heron.cli.topology;

import java.util.Optional;
import org.apache.heron.client.runtime.SubmittedTopology;
import picocli.CommandLine.Command;

/** {@code heron activate}. */
@Command(
    name = "activate",
    description = "Let a paused topology's spouts emit again",
    sortOptions = false,
    footer = {"", "Example:", "  heron activate mesos/ada/devel words"})
public final class ActivateCommand extends TopologyCommand {
  @Override
  Optional<String> run(SubmittedTopology submitted) throws InterruptedException {
    submitted.activate();
    return Optional.empty();
  }

  @Override
  String deed() {
    return "activate topology: " + topology();
  }
}
