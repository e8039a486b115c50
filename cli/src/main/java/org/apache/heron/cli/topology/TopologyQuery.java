package org.apache.heron.cli.topology;

import java.util.Optional;
import org.apache.heron.client.runtime.SubmittedTopology;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** A command whose result is an answer, about all containers or one. */
abstract class TopologyQuery extends TopologyCommand {
  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "container-id",
      description = "only this container (default: all)")
  private Integer container;

  /** Asks, and gives the answer as a page or, if that is wanted, as JSON. */
  abstract String answer(SubmittedTopology submitted, Optional<Integer> only)
      throws InterruptedException;

  @Override
  public Integer call() {
    if (container != null && container < 0) {
      throw new ParameterException(
          spec().commandLine(), "There is no container " + container + "; ids begin at 0");
    }
    return super.call();
  }

  @Override
  final Optional<String> run(SubmittedTopology submitted) throws InterruptedException {
    return Optional.of(answer(submitted, Optional.ofNullable(container)));
  }

  @Override
  final boolean isQuestion() {
    return true;
  }
}
