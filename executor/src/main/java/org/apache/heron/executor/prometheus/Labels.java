package org.apache.heron.executor.prometheus;

/**
 * What every sample of a container says of where it is from, under upstream's names.
 *
 * @param place cluster/role/environ
 */
public record Labels(String topology, String place) {

  /** As Prometheus' text format has them. */
  String of(String component, String instance, String kind) {
    return of(component, instance, kind, "");
  }

  /** The same, of what a stream manager knows of an instance; empty if it is its own. */
  String of(String component, String instance, String kind, String about) {
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
        + (about.isEmpty() ? "" : ",metric_instance_id=\"" + escaped(about) + "\"")
        + "}";
  }

  static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
