package org.apache.heron.client.runtime;

import java.util.List;
import java.util.Optional;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;

/**
 * Which containers have less than an update's plan wants for them, and what to do about it.
 * Containers that both plans have run on with what they were launched with. Pure.
 *
 * @param resizes whether a restart gives a container the size that its plan has by then
 */
record SizeAdvice(PackingPlan current, PackingPlan proposed, boolean resizes) {

  /**
   * One line for the user; empty if all have what they need.
   *
   * @param restart the command that restarts a container, without the container
   */
  Optional<String> line(String restart) {
    List<Integer> small =
        proposed.containers().stream().filter(this::hasLess).map(ContainerPlan::id).toList();
    if (small.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "By the new plan these containers need more than they have: "
            + small
            + (resizes
                ? ". They get it when they are restarted, for example by: "
                    + restart
                    + " "
                    + small.get(0)
                : ". On this cluster all containers keep the size that their topology was submitted"
                    + " with, also when they are restarted: if that is too little, kill the"
                    + " topology and submit it anew"));
  }

  private boolean hasLess(ContainerPlan next) {
    Optional<Resource> has = current.container(next.id()).map(SizeAdvice::given);
    if (has.isEmpty() && !resizes) {
      // A new one is as large as the others there.
      has = Optional.of(largest());
    }
    return has.filter(now -> isBelow(now, next.required())).isPresent();
  }

  private static Resource given(ContainerPlan container) {
    return container.scheduled().orElse(container.required());
  }

  private Resource largest() {
    double cpu = 0;
    ByteAmount ram = ByteAmount.ZERO;
    ByteAmount disk = ByteAmount.ZERO;
    for (ContainerPlan container : current.containers()) {
      Resource given = given(container);
      cpu = Math.max(cpu, given.cpu());
      ram = given.ram().compareTo(ram) > 0 ? given.ram() : ram;
      disk = given.disk().compareTo(disk) > 0 ? given.disk() : disk;
    }
    return new Resource(cpu, ram, disk);
  }

  private static boolean isBelow(Resource now, Resource next) {
    return next.cpu() > now.cpu()
        || next.ram().compareTo(now.ram()) > 0
        || next.disk().compareTo(now.disk()) > 0;
  }
}
