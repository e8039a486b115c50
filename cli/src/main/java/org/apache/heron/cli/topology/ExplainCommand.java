package org.apache.heron.cli.topology;

import java.util.Optional;
import org.apache.heron.client.runtime.SubmittedTopology;
import org.apache.heron.spi.scheduler.Explanation;
import picocli.CommandLine.Command;

/** {@code heron explain}. */
@Command(
    name = "explain",
    description = "Say what a topology's containers wait for, why, and what would help",
    sortOptions = false,
    footer = {
      "",
      "For each container that waits: what it needs, what each agent's last offers lacked, which",
      "constraint shut agents out, when filters lapse, what is left of a back-off and its cause.",
      "",
      "Examples:",
      "  heron explain mesos/ada/devel words",
      "  heron explain mesos/ada/devel words 3",
      "  heron explain mesos/ada/devel words --json"
    })
public final class ExplainCommand extends TopologyQuery {
  @Override
  String answer(SubmittedTopology submitted, Optional<Integer> only) throws InterruptedException {
    Explanation explanation = submitted.explain(only);
    return json() ? Json.of(explanation) : ExplanationText.of(explanation);
  }

  @Override
  String deed() {
    return "explain topology: " + topology();
  }
}
