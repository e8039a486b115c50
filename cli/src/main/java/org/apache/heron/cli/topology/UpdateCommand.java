package org.apache.heron.cli.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.heron.client.runtime.SubmittedTopology;
import org.apache.heron.client.runtime.UpdateRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code heron update}. */
@Command(
    name = "update",
    description = "Change a running topology's parallelism, containers or configuration",
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  heron update mesos/ada/devel words --component-parallelism count:4",
      "  heron update mesos/ada/devel words --container-number 3 --dry-run",
      "  heron update mesos/ada/devel words --runtime-config count:topology.debug:true"
    })
public final class UpdateCommand extends TopologyCommand {
  private static final Pattern PARALLELISM = Pattern.compile("[\\w.-]+:\\d+");
  private static final Pattern RUNTIME = Pattern.compile("([\\w.-]+:){1,2}[\\w.-]+");

  @Option(
      names = "--component-parallelism",
      paramLabel = "NAME:N",
      description = "wanted instances of a component; may be repeated")
  private List<String> parallelism = new ArrayList<>();

  @Option(
      names = "--container-number",
      paramLabel = "N",
      description = "wanted containers, besides container 0")
  private List<Integer> containers = new ArrayList<>();

  @Option(
      names = "--runtime-config",
      paramLabel = "[COMPONENT:]NAME:VALUE",
      description = "configuration value of the topology or a component; may be repeated")
  private List<String> runtimeConfig = new ArrayList<>();

  @Mixin private DryRunOptions dryRun;

  @Override
  public Integer call() {
    require(parallelism, PARALLELISM, "--component-parallelism", "name:number");
    require(runtimeConfig, RUNTIME, "--runtime-config", "[component:]name:value");
    dryRun.format(spec().commandLine());
    if (containers.size() > 1) {
      throw new ParameterException(
          spec().commandLine(), "--container-number is given " + containers.size() + " times");
    }
    return super.call();
  }

  private void require(List<String> values, Pattern form, String option, String wanted) {
    for (String value : values) {
      if (!form.matcher(value).matches()) {
        throw new ParameterException(
            spec().commandLine(),
            "Invalid value '" + value + "' of " + option + ", expected " + wanted);
      }
    }
  }

  @Override
  Optional<String> run(SubmittedTopology submitted) throws InterruptedException {
    UpdateRequest request =
        new UpdateRequest(
            parallelism,
            containers.stream().findFirst(),
            runtimeConfig,
            dryRun.format(spec().commandLine()));
    return submitted.update(request);
  }

  @Override
  String deed() {
    return dryRun.requested()
        ? "update topology in dry-run mode: " + topology()
        : "update topology: " + topology();
  }
}
