package org.apache.heron.client.dryrun;

import java.util.stream.Collectors;
import org.apache.heron.spi.packing.PackingPlan;

/**
 * What a submit would deploy.
 *
 * @param packingClass name of the algorithm
 * @param topology name
 */
public record SubmitDryRun(String packingClass, String topology, PackingPlan plan) {

  /** The text for standard output, without a newline at its end. */
  public String render(DryRunFormat format) {
    return switch (format) {
      case RAW ->
          String.join(
              "\n",
              "Packing class: " + packingClass,
              "Topology: " + topology,
              "Packing plan:",
              plan.toString());
      case TABLE -> table(Style.PLAIN);
      case COLORED_TABLE -> table(Style.COLORED);
      case JSON -> PlanJson.render(packingClass, topology, plan);
    };
  }

  private String table(Style style) {
    String containers =
        plan.containers().stream()
            .map(
                container ->
                    style.bold("Container " + container.id())
                        + "\n"
                        + PlanTable.resources(container.required())
                        + "\n"
                        + PlanTable.of(container.instances()).render())
            .collect(Collectors.joining("\n"));
    return "Total number of containers: "
        + plan.containers().size()
        + "\nUsing packing class: "
        + packingClass
        + "\n"
        + containers.stripTrailing();
  }
}
