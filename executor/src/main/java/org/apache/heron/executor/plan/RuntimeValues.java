package org.apache.heron.executor.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.proto.api.TopologyAPI.Bolt;
import org.apache.heron.proto.api.TopologyAPI.Config;
import org.apache.heron.proto.api.TopologyAPI.Config.KeyValue;
import org.apache.heron.proto.api.TopologyAPI.Spout;
import org.apache.heron.proto.api.TopologyAPI.Topology;

/**
 * Values that were set while the topology runs ({@code heron update --runtime-config}). They are in
 * the physical plan's topology, which lacks the components' objects; a container's own definition
 * has those.
 */
final class RuntimeValues {
  private RuntimeValues() {}

  /** The definition with the values that the plan's topology has. */
  static Topology of(Topology definition, Topology planned) {
    Map<String, List<KeyValue>> byComponent = new HashMap<>();
    for (Spout spout : planned.getSpoutsList()) {
      byComponent.put(spout.getComp().getName(), in(spout.getComp().getConfig()));
    }
    for (Bolt bolt : planned.getBoltsList()) {
      byComponent.put(bolt.getComp().getName(), in(bolt.getComp().getConfig()));
    }
    List<KeyValue> ofAll = in(planned.getTopologyConfig());
    if (ofAll.isEmpty() && byComponent.values().stream().allMatch(List::isEmpty)) {
      return definition;
    }
    Topology.Builder changed = definition.toBuilder();
    changed.getTopologyConfigBuilder().addAllKvs(ofAll);
    for (Spout.Builder spout : changed.getSpoutsBuilderList()) {
      List<KeyValue> values = byComponent.getOrDefault(spout.getComp().getName(), List.of());
      spout.getCompBuilder().getConfigBuilder().addAllKvs(values);
    }
    for (Bolt.Builder bolt : changed.getBoltsBuilderList()) {
      List<KeyValue> values = byComponent.getOrDefault(bolt.getComp().getName(), List.of());
      bolt.getCompBuilder().getConfigBuilder().addAllKvs(values);
    }
    return changed.build();
  }

  private static List<KeyValue> in(Config config) {
    return config.getKvsList().stream()
        .filter(pair -> pair.getKey().endsWith(ComponentConfig.RUNTIME_POSTFIX))
        .toList();
  }
}
