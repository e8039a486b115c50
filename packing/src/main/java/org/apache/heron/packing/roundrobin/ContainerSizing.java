package org.apache.heron.packing.roundrobin;

import java.util.List;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingException;
import org.apache.heron.spi.packing.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the instances of a container, and the container, their resources. */
final class ContainerSizing {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerSizing.class);

  private final Sizes sizes;
  private final Unsized unsized;
  private final int largest;
  private final ByteAmount minimumInstanceRam;
  private boolean warned;

  /**
   * @param largest instances in the fullest container
   */
  ContainerSizing(Sizes sizes, Unsized unsized, int largest, ByteAmount minimumInstanceRam) {
    this.sizes = sizes;
    this.unsized = unsized;
    this.largest = largest;
    this.minimumInstanceRam = minimumInstanceRam;
  }

  /** The container with these instances, whose own resources are not looked at. */
  ContainerPlan size(int container, List<InstancePlan> instances) {
    ByteAmount ramOfUnsized = ramOfUnsized(container, instances);
    double cpuOfUnsized = cpuOfUnsized(container, instances);
    Resource sum = Resource.EMPTY;
    List<InstancePlan> sized = new java.util.ArrayList<>(instances.size());
    for (InstancePlan instance : instances) {
      String component = instance.componentName();
      Resource resource =
          new Resource(
              sizes.cpuMap().getOrDefault(component, cpuOfUnsized),
              sizes.ramMap().getOrDefault(component, ramOfUnsized),
              sizes.instance().disk());
      requireEnoughRam(component, container, resource.ram());
      sum = sum.plus(resource);
      sized.add(
          new InstancePlan(component, instance.taskId(), instance.componentIndex(), resource));
    }
    return new ContainerPlan(container, sized, containerResource(sum));
  }

  private Resource containerResource(Resource sum) {
    ByteAmount ram = sum.ram().plus(sizes.ramPadding());
    if (sizes.containerRam().isPresent() && ram.compareTo(sizes.containerRam().get()) > 0) {
      ram = sizes.containerRam().get();
    }
    double cpu = sizes.containerCpu().orElse(sum.cpu() + Sizes.CPU_PADDING);
    return new Resource(cpu, ram, sizes.containerDisk(largest));
  }

  private ByteAmount ramOfUnsized(int container, List<InstancePlan> instances) {
    ByteAmount used = ByteAmount.ZERO;
    int count = 0;
    for (InstancePlan instance : instances) {
      ByteAmount ram = sizes.ramMap().get(instance.componentName());
      if (ram == null) {
        count++;
      } else {
        used = used.plus(ram);
      }
    }
    boolean throttled =
        sizes.containerRam().isPresent()
            && throttled(
                "RAM",
                container,
                (double) used.bytes(),
                (double) sizes.containerRam().get().bytes(),
                (double) sizes.ramPadding().bytes());
    if (unsized == Unsized.DEFAULT || count == 0) {
      return sizes.instance().ram();
    }
    ByteAmount amount = sizes.containerRam().orElseGet(() -> sizes.defaultContainerRam(largest));
    ByteAmount left = amount.minus(used).minus(throttled ? ByteAmount.ZERO : sizes.ramPadding());
    if (left.compareTo(ByteAmount.ZERO) <= 0) {
      throw nothingLeft("RAM", container, amount, used, count);
    }
    return left.dividedBy(count);
  }

  private double cpuOfUnsized(int container, List<InstancePlan> instances) {
    double used = 0;
    int count = 0;
    for (InstancePlan instance : instances) {
      Double cpu = sizes.cpuMap().get(instance.componentName());
      if (cpu == null) {
        count++;
      } else {
        used += cpu;
      }
    }
    boolean throttled =
        sizes.containerCpu().isPresent()
            && throttled("CPU", container, used, sizes.containerCpu().get(), Sizes.CPU_PADDING);
    if (unsized == Unsized.DEFAULT || count == 0) {
      return sizes.instance().cpu();
    }
    double amount = sizes.containerCpu().orElseGet(() -> sizes.defaultContainerCpu(largest));
    double left = amount - used - (throttled ? 0 : Sizes.CPU_PADDING);
    if (left <= 0) {
      throw nothingLeft("CPU", container, amount, used, count);
    }
    return left / count;
  }

  /** True if the instances leave less than the padding; then it is not taken off. */
  private boolean throttled(
      String what, int container, double used, double wanted, double padding) {
    if (used <= wanted - padding) {
      return false;
    }
    if (used > wanted) {
      throw new PackingException(
          String.format(
              "The %s of the instances in container %d, %s, exceeded the container-level"
                  + " constraint of %s; raise topology.container.%s or lower the component map",
              what, container, text(used), text(wanted), what.toLowerCase(java.util.Locale.ROOT)));
    }
    if (!warned) {
      warned = true;
      LOG.warn(
          "The {} of the instances in container {} leaves less than the padding of {}; the"
              + " stream manager may be throttled",
          what,
          container,
          text(padding));
    }
    return true;
  }

  private static String text(double amount) {
    return amount == Math.rint(amount) ? String.valueOf((long) amount) : String.valueOf(amount);
  }

  private static PackingException nothingLeft(
      String what, int container, Object amount, Object used, int count) {
    return new PackingException(
        String.format(
            "Container %d: No enough %s to allocate for unspecified instances: of %s, the component"
                + " map and the padding leave nothing for %d instances (the map takes %s); raise"
                + " topology.container.%s",
            container, what, amount, count, used, what.toLowerCase(java.util.Locale.ROOT)));
  }

  private void requireEnoughRam(String component, int container, ByteAmount ram) {
    if (ram.compareTo(minimumInstanceRam) < 0) {
      throw new PackingException(
          String.format(
              "An instance of component '%s' in container %d would have %s of RAM; the least is %s."
                  + " Raise topology.component.rammap or topology.container.ram",
              component, container, ram, minimumInstanceRam));
    }
  }
}
