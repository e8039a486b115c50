package org.apache.heron.client.runtime;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.dryrun.DryRunFormat;
import org.apache.heron.client.limits.PlanLimits;

/**
 * What an update is to change: parallelism and containers, or configuration, never both.
 *
 * @param parallelism each {@code component:instances}
 * @param containers wanted number, besides container 0
 * @param runtimeConfig each {@code [component:]key:value}
 * @param dryRun only show the plans, in this format
 */
public record UpdateRequest(
    List<String> parallelism,
    Optional<Integer> containers,
    List<String> runtimeConfig,
    Optional<DryRunFormat> dryRun) {
  private static final Pattern PARALLELISM = Pattern.compile("[\\w.-]+:\\d+");
  private static final Pattern RUNTIME = Pattern.compile("([\\w.-]+:){1,2}[\\w.-]+");

  /**
   * @throws ClientException if the options do not go together, or one is malformed
   */
  public UpdateRequest {
    parallelism = List.copyOf(parallelism);
    runtimeConfig = List.copyOf(runtimeConfig);
    boolean plan = !parallelism.isEmpty() || containers.isPresent();
    if (plan && !runtimeConfig.isEmpty()) {
      throw new ClientException(
          "(component-parallelism or container_num) and runtime-config can't be updated at the same"
              + " time");
    }
    if (!plan && runtimeConfig.isEmpty()) {
      throw new ClientException(
          "Missing arguments --component-parallelism or --runtime-config or --container-number");
    }
    require(parallelism, PARALLELISM, "component-parallelism", "component:number");
    require(runtimeConfig, RUNTIME, "runtime-config", "[component:]name:value");
    if (containers.isPresent()
        && (containers.get() < 1 || containers.get() > PlanLimits.MOST_INSTANCES)) {
      throw new ClientException(
          "--container-number must be at least 1 and at most "
              + PlanLimits.MOST_INSTANCES
              + ", but is "
              + containers.get());
    }
  }

  private static void require(List<String> values, Pattern pattern, String option, String form) {
    for (String value : values) {
      if (!pattern.matcher(value).matches()) {
        throw new ClientException(
            "Invalid value '" + value + "' of --" + option + ", expected " + form);
      }
    }
  }
}
