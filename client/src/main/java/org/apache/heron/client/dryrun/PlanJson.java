package org.apache.heron.client.dryrun;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;

/** A plan as one line of JSON, in upstream's member names and order. */
final class PlanJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private PlanJson() {}

  static String render(String packingClass, String topology, PackingPlan plan) {
    ObjectNode root = NODES.objectNode();
    root.put("packingClass", packingClass);
    root.put("topology", topology);
    ArrayNode containers = root.putArray("containers");
    for (ContainerPlan container : plan.containers()) {
      ObjectNode node = containers.addObject();
      node.put("id", container.id());
      node.set("resources", resources(container.required()));
      ArrayNode components = node.putArray("components");
      for (InstancePlan instance : container.instances()) {
        ObjectNode component = components.addObject();
        component.put("component", instance.componentName());
        component.put("id", instance.taskId());
        component.put("index", instance.componentIndex());
        component.set("resources", resources(instance.resource()));
      }
    }
    return root.toString();
  }

  private static ObjectNode resources(Resource resource) {
    ObjectNode node = NODES.objectNode();
    node.put("cpu", resource.cpu());
    node.put("ram", resource.ram().bytes());
    node.put("disk", resource.disk().bytes());
    return node;
  }
}
