package org.apache.heron.scheduler.mesos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.proto.api.TopologyAPI.Component;
import org.apache.heron.proto.api.TopologyAPI.ComponentObjectSpec;
import org.apache.heron.proto.api.TopologyAPI.Spout;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigLoader;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;

/** A topology of the tests, its plan and its configuration. */
final class Words {
  static final String NAME = "words";

  private Words() {}

  static Topology topology(String id) {
    return topology(NAME, id);
  }

  static Topology topology(String name, String id) {
    return Topology.newBuilder()
        .setName(name)
        .setId(id)
        .setState(TopologyState.RUNNING)
        .addSpouts(
            Spout.newBuilder()
                .setComp(
                    Component.newBuilder()
                        .setName("word")
                        .setConfig(org.apache.heron.proto.api.TopologyAPI.Config.newBuilder())
                        .setSpec(ComponentObjectSpec.JAVA_CLASS_NAME)
                        .setClassName("Spout")))
        .build();
  }

  static PackingPlan plan(int containers, double cpus) {
    Resource instance = new Resource(cpus, ByteAmount.ofMegabytes(64), ByteAmount.ofMegabytes(64));
    List<ContainerPlan> plans = new ArrayList<>();
    for (int i = 1; i <= containers; i++) {
      plans.add(
          new ContainerPlan(i, List.of(new InstancePlan("word", i, i - 1, instance)), instance));
    }
    return new PackingPlan("words-id", plans);
  }

  /** A configuration as a scheduler process reads it, with those values. */
  static Config config(Map<String, ?> values) {
    Map<String, Object> all = new HashMap<>();
    all.put("heron.config.cluster", "mesos");
    all.put("heron.config.role", System.getProperty("user.name"));
    all.put("heron.config.environ", "default");
    all.put("heron.topology.name", NAME);
    all.put("heron.topology.definition.file", NAME + ".defn");
    all.put("heron.topology.binary.file", "words.jar");
    all.put("heron.directory.sandbox.java.home", System.getProperty("java.home"));
    all.put("heron.statemgr.root.path", "/heron");
    all.put("heron.mesos.tmanager.cpu", 0.1);
    all.put("heron.mesos.tmanager.ram", 64L << 20);
    all.put("heron.mesos.tmanager.disk", 64L << 20);
    all.put("heron.mesos.backoff.min.ms", 200);
    all.putAll(values);
    Config raw = Config.of(all);
    return ConfigLoader.cluster(
        raw.with("heron.directory.home", "./heron-core")
            .with("heron.directory.conf", "./heron-conf"));
  }
}
