package org.apache.heron.spi.packing;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.proto.system.PackingPlans;

/** Packing plans as the message that shared state holds, and back; nothing is lost either way. */
public final class PackingPlanProtos {
  private PackingPlanProtos() {}

  /** The message of a plan, containers and instances in the plan's order. */
  public static PackingPlans.PackingPlan toProto(PackingPlan plan) {
    PackingPlans.PackingPlan.Builder message =
        PackingPlans.PackingPlan.newBuilder().setId(plan.id());
    plan.containers().forEach(container -> message.addContainerPlans(toProto(container)));
    return message.build();
  }

  /**
   * The plan of a message; the order of containers in it does not matter.
   *
   * @throws PackingException if it lacks a required field or two containers have one id
   */
  public static PackingPlan fromProto(PackingPlans.PackingPlan message) {
    if (!message.isInitialized()) {
      throw new PackingException(
          "the packing plan lacks " + String.join(", ", message.findInitializationErrors()));
    }
    Set<Integer> ids = new HashSet<>();
    for (PackingPlans.ContainerPlan container : message.getContainerPlansList()) {
      if (!ids.add(container.getId())) {
        throw new PackingException(
            "packing plan " + message.getId() + " has two containers " + container.getId());
      }
    }
    return new PackingPlan(
        message.getId(),
        message.getContainerPlansList().stream().map(PackingPlanProtos::fromProto).toList());
  }

  private static PackingPlans.ContainerPlan toProto(ContainerPlan container) {
    PackingPlans.ContainerPlan.Builder message =
        PackingPlans.ContainerPlan.newBuilder()
            .setId(container.id())
            .setRequiredResource(toProto(container.required()));
    container.scheduled().map(PackingPlanProtos::toProto).ifPresent(message::setScheduledResource);
    container.instances().forEach(instance -> message.addInstancePlans(toProto(instance)));
    return message.build();
  }

  private static PackingPlans.InstancePlan toProto(InstancePlan instance) {
    return PackingPlans.InstancePlan.newBuilder()
        .setComponentName(instance.componentName())
        .setTaskId(instance.taskId())
        .setComponentIndex(instance.componentIndex())
        .setResource(toProto(instance.resource()))
        .build();
  }

  private static PackingPlans.Resource toProto(Resource resource) {
    return PackingPlans.Resource.newBuilder()
        .setCpu(resource.cpu())
        .setRam(resource.ram().bytes())
        .setDisk(resource.disk().bytes())
        .build();
  }

  private static ContainerPlan fromProto(PackingPlans.ContainerPlan message) {
    List<InstancePlan> instances =
        message.getInstancePlansList().stream().map(PackingPlanProtos::fromProto).toList();
    Optional<Resource> scheduled =
        message.hasScheduledResource()
            ? Optional.of(fromProto(message.getScheduledResource()))
            : Optional.empty();
    return new ContainerPlan(
        message.getId(), instances, fromProto(message.getRequiredResource()), scheduled);
  }

  private static InstancePlan fromProto(PackingPlans.InstancePlan message) {
    return new InstancePlan(
        message.getComponentName(),
        message.getTaskId(),
        message.getComponentIndex(),
        fromProto(message.getResource()));
  }

  private static Resource fromProto(PackingPlans.Resource message) {
    return new Resource(
        message.getCpu(),
        ByteAmount.ofBytes(message.getRam()),
        ByteAmount.ofBytes(message.getDisk()));
  }
}
