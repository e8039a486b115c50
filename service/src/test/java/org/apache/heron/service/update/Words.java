package org.apache.heron.service.update;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.heron.proto.api.TopologyAPI.Bolt;
import org.apache.heron.proto.api.TopologyAPI.Component;
import org.apache.heron.proto.api.TopologyAPI.Config;
import org.apache.heron.proto.api.TopologyAPI.Spout;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;

/** A topology of words and their counts. */
final class Words {
  private Words() {}

  /** Containers 1…n, instances of both components dealt in turn. */
  static PackingPlan plan(int containers, int words, int counts) {
    List<List<InstancePlan>> dealt = new ArrayList<>();
    for (int i = 0; i < containers; i++) {
      dealt.add(new ArrayList<>());
    }
    Resource one = new Resource(1, ByteAmount.ofMegabytes(512), ByteAmount.ZERO);
    for (int i = 0; i < words + counts; i++) {
      boolean word = i < words;
      dealt
          .get(i % containers)
          .add(new InstancePlan(word ? "word" : "count", i + 1, word ? i : i - words, one));
    }
    List<ContainerPlan> plans = new ArrayList<>();
    for (int i = 0; i < containers; i++) {
      plans.add(new ContainerPlan(i + 1, dealt.get(i), one));
    }
    return new PackingPlan(World.ID, plans);
  }

  static Topology definition(PackingPlan plan) {
    Map<String, Integer> counts = plan.componentCounts();
    return Topology.newBuilder()
        .setId(World.ID)
        .setName(World.TOPOLOGY)
        .setState(TopologyState.RUNNING)
        .setTopologyConfig(config("topology.stmgrs", plan.containers().size()))
        .addSpouts(Spout.newBuilder().setComp(component("word", counts.get("word"))))
        .addBolts(Bolt.newBuilder().setComp(component("count", counts.get("count"))))
        .build();
  }

  private static Component component(String name, int parallelism) {
    return Component.newBuilder()
        .setName(name)
        .setConfig(config("topology.component.parallelism", parallelism))
        .build();
  }

  private static Config config(String key, int value) {
    return Config.newBuilder()
        .addKvs(Config.KeyValue.newBuilder().setKey(key).setValue(String.valueOf(value)))
        .build();
  }
}
