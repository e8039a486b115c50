package org.apache.heron.cli.topology;

import java.util.Optional;
import org.apache.heron.client.runtime.RuntimeSession;
import org.apache.heron.client.runtime.TopologyKill;
import picocli.CommandLine.Command;

/** {@code heron kill}. */
@Command(
    name = "kill",
    description = "End a topology and remove every trace of it",
    sortOptions = false,
    footer = {"", "Example:", "  heron kill mesos/ada/devel words"})
public final class KillCommand extends TopologyCommand {
  @Override
  Optional<String> run(RuntimeSession session) throws InterruptedException {
    new TopologyKill(session).run();
    return Optional.empty();
  }

  @Override
  String deed() {
    return "kill topology: " + topology();
  }
}
