package org.apache.heron.client;

import com.google.protobuf.ByteString;
import org.apache.heron.proto.api.TopologyAPI.Bolt;
import org.apache.heron.proto.api.TopologyAPI.Component;
import org.apache.heron.proto.api.TopologyAPI.Config;
import org.apache.heron.proto.api.TopologyAPI.Grouping;
import org.apache.heron.proto.api.TopologyAPI.InputStream;
import org.apache.heron.proto.api.TopologyAPI.OutputStream;
import org.apache.heron.proto.api.TopologyAPI.Spout;
import org.apache.heron.proto.api.TopologyAPI.StreamId;
import org.apache.heron.proto.api.TopologyAPI.StreamSchema;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;

/** Definitions of topologies that are never run. */
public final class TestTopologies {
  private TestTopologies() {}

  /** One spout ×2, one bolt ×2. */
  public static Topology words(String name, int containers) {
    StreamId stream = StreamId.newBuilder().setId("default").setComponentName("word").build();
    return Topology.newBuilder()
        .setId(name + "-0001")
        .setName(name)
        .setState(TopologyState.RUNNING)
        .setTopologyConfig(config("topology.stmgrs", containers))
        .addSpouts(
            Spout.newBuilder()
                .setComp(component("word"))
                .addOutputs(
                    OutputStream.newBuilder()
                        .setStream(stream)
                        .setSchema(StreamSchema.getDefaultInstance())))
        .addBolts(
            Bolt.newBuilder()
                .setComp(component("count"))
                .addInputs(InputStream.newBuilder().setStream(stream).setGtype(Grouping.SHUFFLE)))
        .build();
  }

  private static Component component(String name) {
    return Component.newBuilder()
        .setName(name)
        .setSerializedObject(ByteString.copyFromUtf8("object"))
        .setConfig(config("topology.component.parallelism", 2))
        .build();
  }

  private static Config config(String key, int value) {
    return Config.newBuilder()
        .addKvs(Config.KeyValue.newBuilder().setKey(key).setValue(String.valueOf(value)))
        .build();
  }
}
