package org.apache.heron.cli.topology;

import java.util.Optional;
import org.apache.heron.client.runtime.SubmittedTopology;
import picocli.CommandLine.Command;

/** {@code heron kill}. */
@Command(
    name = "kill",
    description = "End a topology and remove every trace of it",
    sortOptions = false,
    footer = {"", "Example:", "  heron kill mesos/ada/devel words"})
public final class KillCommand extends TopologyCommand {
  @Override
  Optional<String> run(SubmittedTopology submitted) throws InterruptedException {
    submitted.kill();
    return Optional.empty();
  }

  @Override
  String deed() {
    return "kill topology: " + topology();
  }
}
