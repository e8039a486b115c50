package org.apache.heron.packing;

import java.util.stream.Collectors;
import org.apache.heron.spi.packing.PackingPlan;

/** Short forms of plans, as the worked examples write them. */
public final class PlanText {
  private PlanText() {}

  /** {@code 1: spout#1(0) bolt#5(0); 2: …}. */
  public static String placement(PackingPlan plan) {
    return plan.containers().stream()
        .map(
            container ->
                container.id()
                    + ": "
                    + container.instances().stream()
                        .map(
                            instance ->
                                instance.componentName()
                                    + "#"
                                    + instance.taskId()
                                    + "("
                                    + instance.componentIndex()
                                    + ")")
                        .collect(Collectors.joining(" ")))
        .collect(Collectors.joining("; "));
  }
}
