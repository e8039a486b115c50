package org.apache.heron.executor.prometheus;

/**
 * What every sample of a container says of where it is from, under upstream's names.
 *
 * @param place cluster/role/environ
 */
public record Labels(String topology, String place) {

  /** As Prometheus' text format has them. */
  String of(String component, String instance, String kind) {
    return "{topology=\""
        + escaped(topology)
        + "\",component=\""
        + escaped(component)
        + "\",instance_id=\""
        + escaped(instance)
        + "\",cluster_role_env=\""
        + escaped(place)
        + "\""
        + (kind.isEmpty() ? "" : ",component_type=\"" + kind + "\"")
        + "}";
  }

  static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
