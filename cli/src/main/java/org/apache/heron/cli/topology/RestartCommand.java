package org.apache.heron.cli.topology;

import java.util.Optional;
import org.apache.heron.client.runtime.RuntimeSession;
import org.apache.heron.client.runtime.TopologyRestart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code heron restart}. */
@Command(
    name = "restart",
    description = "Restart all containers of a topology, or one",
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  heron restart mesos/ada/devel words",
      "  heron restart mesos/ada/devel words 1"
    })
public final class RestartCommand extends TopologyCommand {
  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "container-id",
      defaultValue = "-1",
      description = "the container to restart (default: all)")
  private int container;

  @Override
  Optional<String> run(RuntimeSession session) {
    new TopologyRestart(session).run(container);
    return Optional.empty();
  }

  @Override
  String deed() {
    return container == TopologyRestart.ALL
        ? "restart topology: " + topology()
        : "restart container " + container + " of topology: " + topology();
  }
}
