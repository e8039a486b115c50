package org.apache.heron.cli.topology;

import java.util.Optional;
import org.apache.heron.client.runtime.SubmittedTopology;
import org.apache.heron.client.runtime.TopologyRestart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code heron restart}. */
@Command(
    name = "restart",
    description =
        "Restart all containers of a topology, some at a time, or one; wait until they run",
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  heron restart mesos/ada/devel words",
      "  heron restart mesos/ada/devel words --parallel 4",
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

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description =
          "restart N containers at a time (default: as many as the configuration lets be disrupted);"
              + " container 0 comes last")
  private Integer parallel;

  @Override
  public Integer call() {
    if (parallel != null && parallel < 1) {
      throw new ParameterException(
          spec().commandLine(), "Invalid value '" + parallel + "' of --parallel: at least 1");
    }
    if (parallel != null && container != TopologyRestart.ALL) {
      throw new ParameterException(
          spec().commandLine(), "--parallel goes with the restart of all containers, not of one");
    }
    return super.call();
  }

  @Override
  Optional<String> run(SubmittedTopology submitted) throws InterruptedException {
    submitted.restart(container, parallel == null ? 0 : parallel);
    return Optional.empty();
  }

  @Override
  String deed() {
    return container == TopologyRestart.ALL
        ? "restart topology: " + topology()
        : "restart container " + container + " of topology: " + topology();
  }
}
