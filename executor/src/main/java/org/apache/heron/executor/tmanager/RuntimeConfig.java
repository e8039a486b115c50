package org.apache.heron.executor.tmanager;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.heron.executor.plan.ComponentConfig;
import org.apache.heron.proto.api.TopologyAPI.Config;
import org.apache.heron.proto.api.TopologyAPI.Config.KeyValue;
import org.apache.heron.proto.api.TopologyAPI.ConfigValueType;
import org.apache.heron.proto.api.TopologyAPI.Topology;

/**
 * Settings changed while the topology runs, by component; under the empty name those of the whole
 * topology.
 */
record RuntimeConfig(Map<String, Map<String, String>> byComponent) {
  private static final String POSTFIX = ComponentConfig.RUNTIME_POSTFIX;

  private static final String OUTPUT_BPS =
      org.apache.heron.api.Config.TOPOLOGY_COMPONENT_OUTPUT_BPS;

  private static final String WHOLE_TOPOLOGY = "";

  /** Reads {@code [COMPONENT:]KEY:VALUE} texts; empty if one of them is malformed. */
  static Optional<RuntimeConfig> parse(List<String> texts) {
    Map<String, Map<String, String>> configs = new TreeMap<>();
    for (String text : texts) {
      String[] parts = text.split(":", -1);
      if (parts.length < 2 || parts.length > 3 || List.of(parts).contains("")) {
        return Optional.empty();
      }
      String component = parts.length == 3 ? parts[0] : WHOLE_TOPOLOGY;
      configs
          .computeIfAbsent(component, name -> new TreeMap<>())
          .put(parts[parts.length - 2], parts[parts.length - 1]);
    }
    return Optional.of(new RuntimeConfig(configs));
  }

  /** The first component that the topology has not. */
  Optional<String> unknownComponent(Topology topology) {
    Set<String> known = new java.util.TreeSet<>(Set.of(WHOLE_TOPOLOGY));
    topology.getSpoutsList().forEach(spout -> known.add(spout.getComp().getName()));
    topology.getBoltsList().forEach(bolt -> known.add(bolt.getComp().getName()));
    return byComponent.keySet().stream().filter(name -> !known.contains(name)).findFirst();
  }

  /** What is wrong with a value that containers themselves heed, as one line. */
  Optional<String> badValue() {
    return byComponent.values().stream()
        .map(values -> values.get(OUTPUT_BPS))
        .filter(value -> value != null && ComponentConfig.wholeNumber(value).isEmpty())
        .map(value -> OUTPUT_BPS + " is '" + value + "', which is no whole number")
        .findFirst();
  }

  /** The topology with these values set. */
  Topology applyTo(Topology topology) {
    Topology.Builder changed = topology.toBuilder();
    changed.setTopologyConfig(apply(topology.getTopologyConfig(), WHOLE_TOPOLOGY));
    changed
        .getSpoutsBuilderList()
        .forEach(
            spout ->
                spout
                    .getCompBuilder()
                    .setConfig(apply(spout.getComp().getConfig(), spout.getComp().getName())));
    changed
        .getBoltsBuilderList()
        .forEach(
            bolt ->
                bolt.getCompBuilder()
                    .setConfig(apply(bolt.getComp().getConfig(), bolt.getComp().getName())));
    return changed.build();
  }

  private Config apply(Config config, String component) {
    Map<String, String> values = byComponent.getOrDefault(component, Map.of());
    if (values.isEmpty()) {
      return config;
    }
    Config.Builder changed = Config.newBuilder();
    config.getKvsList().stream()
        .filter(
            setting ->
                !setting.getKey().endsWith(POSTFIX)
                    || !values.containsKey(
                        setting
                            .getKey()
                            .substring(0, setting.getKey().length() - POSTFIX.length())))
        .forEach(changed::addKvs);
    values.forEach(
        (key, value) ->
            changed.addKvs(
                KeyValue.newBuilder()
                    .setKey(key + POSTFIX)
                    .setValue(value)
                    .setType(ConfigValueType.STRING_VALUE)));
    return changed.build();
  }
}
