package org.apache.heron.packing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;

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

  /** A plan written as {@link #placement} does; each instance takes a core, and 1 GiB of each. */
  public static PackingPlan plan(String placement) {
    List<ContainerPlan> containers = new ArrayList<>();
    for (String container : placement.split("; ")) {
      String[] parts = container.split(": ");
      List<InstancePlan> instances =
          Arrays.stream(parts[1].split(" ")).map(PlanText::instance).toList();
      containers.add(
          new ContainerPlan(Integer.parseInt(parts[0]), instances, of(instances.size() + 1)));
    }
    return new PackingPlan("id", containers);
  }

  private static InstancePlan instance(String text) {
    String[] parts = text.split("[#()]");
    return new InstancePlan(
        parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), of(1));
  }

  private static Resource of(int amount) {
    return new Resource(amount, ByteAmount.ofGigabytes(amount), ByteAmount.ofGigabytes(amount));
  }

  /** {@code 1: 4 4 4; 2: …}: cores, GiB of RAM and of disk of each container. */
  public static String sizes(PackingPlan plan) {
    return plan.containers().stream()
        .map(
            container ->
                String.format(
                    Locale.ROOT,
                    "%d: %.0f %d %d",
                    container.id(),
                    container.required().cpu(),
                    container.required().ram().megabytes() >> 10,
                    container.required().disk().megabytes() >> 10))
        .collect(Collectors.joining("; "));
  }
}
