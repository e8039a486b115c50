package org.apache.heron.cli.topology;

import java.util.Optional;
import org.apache.heron.client.runtime.RuntimeSession;
import org.apache.heron.client.runtime.TopologyActivation;
import picocli.CommandLine.Command;

/** {@code heron deactivate}. */
@Command(
    name = "deactivate",
    description = "Stop a topology's spouts, without ending it",
    sortOptions = false,
    footer = {"", "Example:", "  heron deactivate mesos/ada/devel words"})
public final class DeactivateCommand extends TopologyCommand {
  @Override
  Optional<String> run(RuntimeSession session) {
    new TopologyActivation(session).deactivate();
    return Optional.empty();
  }

  @Override
  String deed() {
    return "deactivate topology: " + topology();
  }
}
