package org.apache.heron.minicluster.resources;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;

/** Resources as the pages of master and agent sum them up. */
public final class PageResources {
  private PageResources() {}

  /** {@code {"disk":…,"mem":…,"gpus":…,"cpus":…,"ports":"[1-2]"}}: four always, others if any. */
  public static ObjectNode model(Resources resources) {
    ObjectNode node = MesosJson.object();
    for (String name : new String[] {"disk", "mem", "gpus", "cpus"}) {
      node.set(name, MesosJson.number(resources.scalar(name)));
    }
    resources
        .filter(resource -> resource.getType() == Value.Type.SCALAR)
        .textByName()
        .keySet()
        .forEach(name -> node.set(name, MesosJson.number(resources.scalar(name))));
    resources
        .filter(resource -> resource.getType() != Value.Type.SCALAR)
        .textByName()
        .forEach(node::put);
    return node;
  }

  /** What is reserved, by role. */
  public static Map<String, Resources> reserved(Resources resources) {
    Map<String, Resources> byRole = new TreeMap<>();
    for (Resource resource : resources.list()) {
      String role = ResourceFormat.reservedRole(resource);
      if (!role.equals("*")) {
        byRole.merge(role, Resources.of(java.util.List.of(resource)), Resources::plus);
      }
    }
    return byRole;
  }

  /** What is reserved for nobody. */
  public static Resources unreserved(Resources resources) {
    return resources.filter(resource -> ResourceFormat.reservedRole(resource).equals("*"));
  }
}
