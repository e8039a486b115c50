package org.apache.heron.cli.topology;

import java.util.Optional;
import org.apache.heron.client.runtime.SubmittedTopology;
import org.apache.heron.spi.scheduler.TopologyHistory;
import picocli.CommandLine.Command;

/** {@code heron history}. */
@Command(
    name = "history",
    description = "Show what happened to a topology's containers since it was submitted",
    sortOptions = false,
    footer = {
      "",
      "The scheduler tells it or, when none runs, the records in ZooKeeper. Of many happenings the",
      "latest are kept.",
      "",
      "Examples:",
      "  heron history mesos/ada/devel words",
      "  heron history mesos/ada/devel words 0",
      "  heron history mesos/ada/devel words --json"
    })
public final class HistoryCommand extends TopologyQuery {
  @Override
  String answer(SubmittedTopology submitted, Optional<Integer> only) throws InterruptedException {
    TopologyHistory history = submitted.history(only);
    return json() ? Json.of(history) : HistoryText.of(history);
  }

  @Override
  String deed() {
    return "show the history of topology: " + topology();
  }
}
