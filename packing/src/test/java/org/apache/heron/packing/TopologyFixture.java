package org.apache.heron.packing;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.heron.proto.api.TopologyAPI.Bolt;
import org.apache.heron.proto.api.TopologyAPI.Component;
import org.apache.heron.proto.api.TopologyAPI.Config;
import org.apache.heron.proto.api.TopologyAPI.Spout;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;

/** Builds definitions of topologies that are only packed, never run. */
public final class TopologyFixture {
  private final Map<String, Integer> spouts = new LinkedHashMap<>();
  private final Map<String, Integer> bolts = new LinkedHashMap<>();
  private final Map<String, String> settings = new LinkedHashMap<>();

  /** The topology of packing's worked examples: spout ×4, bolt ×3. */
  public static TopologyFixture example(int containers) {
    return new TopologyFixture()
        .spout("spout", 4)
        .bolt("bolt", 3)
        .set("topology.stmgrs", containers)
        .set("topology.container.max.instances", 4);
  }

  public TopologyFixture spout(String name, int parallelism) {
    spouts.put(name, parallelism);
    return this;
  }

  public TopologyFixture bolt(String name, int parallelism) {
    bolts.put(name, parallelism);
    return this;
  }

  public TopologyFixture set(String key, Object value) {
    settings.put(key, String.valueOf(value));
    return this;
  }

  public Topology build() {
    Topology.Builder topology =
        Topology.newBuilder().setId("id").setName("name").setState(TopologyState.RUNNING);
    settings.forEach(
        (key, value) ->
            topology.getTopologyConfigBuilder().addKvsBuilder().setKey(key).setValue(value));
    spouts.forEach(
        (name, count) -> topology.addSpouts(Spout.newBuilder().setComp(component(name, count))));
    bolts.forEach(
        (name, count) -> topology.addBolts(Bolt.newBuilder().setComp(component(name, count))));
    return topology.build();
  }

  private static Component component(String name, int parallelism) {
    return Component.newBuilder()
        .setName(name)
        .setConfig(
            Config.newBuilder()
                .addKvs(
                    Config.KeyValue.newBuilder()
                        .setKey("topology.component.parallelism")
                        .setValue(String.valueOf(parallelism))))
        .build();
  }
}
