package org.apache.heron.scheduler.aurora;

import java.util.List;
import java.util.Optional;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;

/**
 * What Aurora can do with a plan: all instances of a job are alike, and numbered without gaps.
 * Pure.
 */
final class PlanSize {
  private PlanSize() {}

  /** Why a new job cannot be made of the plan; empty if it can. */
  static Optional<String> objection(PackingPlan plan) {
    if (plan.containers().isEmpty()) {
      return Optional.of("the packing plan has no container");
    }
    int expected = 1;
    for (ContainerPlan container : plan.containers()) {
      if (container.id() != expected) {
        return Optional.of(
            "the packing plan has a container "
                + container.id()
                + " where Aurora, which numbers instances without gaps, has "
                + expected);
      }
      expected++;
    }
    return Optional.empty();
  }

  /** The largest need of any container in each dimension. */
  static Resource largest(PackingPlan plan) {
    double cpu = 0;
    ByteAmount ram = ByteAmount.ZERO;
    ByteAmount disk = ByteAmount.ZERO;
    for (ContainerPlan container : plan.containers()) {
      Resource required = container.required();
      cpu = Math.max(cpu, required.cpu());
      ram = required.ram().compareTo(ram) > 0 ? required.ram() : ram;
      disk = required.disk().compareTo(disk) > 0 ? required.disk() : disk;
    }
    return new Resource(cpu, ram, disk);
  }

  /** The plan with that size noted at every container, as tools read it. */
  static PackingPlan scheduled(PackingPlan plan, Resource size) {
    List<ContainerPlan> containers =
        plan.containers().stream()
            .map(c -> new ContainerPlan(c.id(), c.instances(), c.required(), Optional.of(size)))
            .toList();
    return new PackingPlan(plan.id(), containers);
  }
}
