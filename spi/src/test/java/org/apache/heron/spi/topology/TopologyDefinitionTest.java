package org.apache.heron.spi.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.heron.proto.api.TopologyAPI.Bolt;
import org.apache.heron.proto.api.TopologyAPI.Component;
import org.apache.heron.proto.api.TopologyAPI.ComponentObjectSpec;
import org.apache.heron.proto.api.TopologyAPI.Config;
import org.apache.heron.proto.api.TopologyAPI.ConfigValueType;
import org.apache.heron.proto.api.TopologyAPI.Grouping;
import org.apache.heron.proto.api.TopologyAPI.InputStream;
import org.apache.heron.proto.api.TopologyAPI.OutputStream;
import org.apache.heron.proto.api.TopologyAPI.Spout;
import org.apache.heron.proto.api.TopologyAPI.StreamId;
import org.apache.heron.proto.api.TopologyAPI.StreamSchema;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.spi.packing.ByteAmount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyDefinitionTest {
  @Test
  void aWholeDefinitionIsRead(@TempDir Path directory) throws IOException {
    Path file = Files.write(directory.resolve("words.defn"), words().build().toByteArray());

    TopologyDefinition definition = TopologyDefinition.read(file);

    definition.validate();
    assertThat(definition.config().parallelism())
        .containsExactly(Map.entry("word", 2), Map.entry("count", 3));
    assertThat(definition.config().instanceCount()).isEqualTo(5);
    assertThat(definition.config().stmgrs()).isEqualTo(2);
  }

  @Test
  void aFileThatIsNoDefinitionIsNamed(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("words.defn"), "certainly not protobuf");
    assertThatThrownBy(() -> TopologyDefinition.read(file))
        .isInstanceOf(TopologyException.class)
        .hasMessageStartingWith("Cannot load topology definition '" + file + "': ");
    assertThatThrownBy(() -> TopologyDefinition.read(directory.resolve("none.defn")))
        .hasMessageEndingWith("none.defn': no such file");
    Files.write(file, new byte[0]);
    assertThatThrownBy(() -> TopologyDefinition.read(file)).isInstanceOf(TopologyException.class);
  }

  @Test
  void aBoltThatReadsAnUndeclaredStreamIsRefused() {
    Topology.Builder topology = words();
    topology.getBoltsBuilder(0).getInputsBuilder(0).getStreamBuilder().setId("errors");
    assertInvalid(topology, "Bolt 'count' reads stream 'errors' of component 'word'");
  }

  @Test
  void namesThatCannotBeNodesAreRefused() {
    assertInvalid(words().setName("a/b"), "must not contain a dot, a slash");
    assertInvalid(words().setName("a.b"), "must not contain a dot, a slash");
    assertInvalid(words().setName(" "), "name is empty");
    assertInvalid(words().setName("a\u0000"), "control characters");
  }

  @Test
  void settingsThatAreNoNumbersAreNamed() {
    assertInvalid(with("topology.stmgrs", "two"), "topology.stmgrs of topology 'words' is 'two'");
    assertInvalid(
        with("topology.component.rammap", "word:x"),
        "topology.component.rammap gives component word 'x'");
    assertInvalid(with("topology.component.rammap", "word"), "Malformed component config");
    assertInvalid(
        with("topology.component.cpumap", "other:1"), "Invalid component. other not found");
    assertInvalid(with("topology.reliability.mode", "SOMETIMES"), "is 'SOMETIMES'");
    Topology.Builder idle = words();
    idle.getSpoutsBuilder(0).getCompBuilder().getConfigBuilder().getKvsBuilder(0).setValue("0");
    assertInvalid(idle, "topology.component.parallelism of component 'word' is '0'");
    Topology.Builder silent = words();
    silent.getSpoutsBuilder(0).getCompBuilder().getConfigBuilder().clearKvs();
    assertInvalid(silent, "Component 'word' does not set topology.component.parallelism");
  }

  @Test
  void twoComponentsOfOneNameAreRefused() {
    Topology.Builder topology = words();
    topology.getBoltsBuilder(0).getCompBuilder().setName("word");
    assertInvalid(topology, "Component name 'word'");
  }

  @Test
  void theTrimmedCopyLosesOnlyTheSerializedObjects() {
    Topology full = words().build();
    Topology trimmed = new TopologyDefinition(full).trimmed();

    assertThat(trimmed.getSpouts(0).getComp().hasSerializedObject()).isFalse();
    assertThat(trimmed.getBolts(0).getComp().hasSerializedObject()).isFalse();
    assertThat(full.getSpouts(0).getComp().hasSerializedObject()).isTrue();
    assertThat(trimmed.getTopologyConfig()).isEqualTo(full.getTopologyConfig());
    assertThat(trimmed.getBolts(0).getInputsList()).isEqualTo(full.getBolts(0).getInputsList());
  }

  @Test
  void theNumberOfContainersIsReplacedOrAdded() {
    TopologyDefinition definition = new TopologyDefinition(words().build());
    assertThat(definition.withContainers(7).config().stmgrs()).isEqualTo(7);
    TopologyDefinition unset =
        new TopologyDefinition(words().clearTopologyConfig().build()).withContainers(4);
    assertThat(unset.config().stmgrs()).isEqualTo(4);
    assertThat(definition.withParallelism(Map.of("count", 9)).config().parallelism())
        .containsExactly(Map.entry("word", 2), Map.entry("count", 9));
  }

  @Test
  void serializedValuesAreNotReadAsText() {
    Topology.Builder topology = words();
    topology
        .getTopologyConfigBuilder()
        .addKvsBuilder()
        .setKey("topology.worker.childopts")
        .setType(ConfigValueType.JAVA_SERIALIZED_VALUE)
        .setSerializedValue(ByteString.copyFromUtf8("bytes"));
    assertThat(TopologyConfig.of(topology.build()).workerChildOpts()).isEmpty();
  }

  @Test
  void resourceMapsAreRead() {
    TopologyConfig config =
        TopologyConfig.of(with("topology.component.rammap", "word:1024, ,count:2048,").build());
    assertThat(config.componentRam())
        .containsExactly(
            Map.entry("word", ByteAmount.ofBytes(1024)),
            Map.entry("count", ByteAmount.ofBytes(2048)));
    assertThat(config.componentCpu()).isEmpty();
    assertThat(config.reliabilityMode()).isEqualTo(ReliabilityMode.ATMOST_ONCE);
  }

  private static void assertInvalid(Topology.Builder topology, String message) {
    assertThatThrownBy(() -> new TopologyDefinition(topology.build()).validate())
        .isInstanceOf(TopologyException.class)
        .hasMessageContaining(message);
  }

  private static Topology.Builder with(String key, String value) {
    Topology.Builder topology = words();
    Config.Builder config = topology.getTopologyConfigBuilder();
    config.clearKvs().addKvsBuilder().setKey(key).setValue(value);
    return topology;
  }

  private static Topology.Builder words() {
    StreamId stream = StreamId.newBuilder().setId("default").setComponentName("word").build();
    OutputStream output =
        OutputStream.newBuilder()
            .setStream(stream)
            .setSchema(StreamSchema.getDefaultInstance())
            .build();
    return Topology.newBuilder()
        .setId("words0001")
        .setName("words")
        .setState(TopologyState.RUNNING)
        .setTopologyConfig(values("topology.stmgrs", "2"))
        .addSpouts(Spout.newBuilder().setComp(component("word", 2)).addOutputs(output))
        .addBolts(
            Bolt.newBuilder()
                .setComp(component("count", 3))
                .addInputs(InputStream.newBuilder().setStream(stream).setGtype(Grouping.SHUFFLE)));
  }

  private static Component component(String name, int parallelism) {
    return Component.newBuilder()
        .setName(name)
        .setSpec(ComponentObjectSpec.JAVA_SERIALIZED_OBJECT)
        .setSerializedObject(ByteString.copyFromUtf8("object of " + name))
        .setConfig(values("topology.component.parallelism", String.valueOf(parallelism)))
        .build();
  }

  private static Config values(String key, String value) {
    return Config.newBuilder()
        .addKvs(
            Config.KeyValue.newBuilder()
                .setKey(key)
                .setValue(value)
                .setType(ConfigValueType.STRING_VALUE))
        .build();
  }
}
