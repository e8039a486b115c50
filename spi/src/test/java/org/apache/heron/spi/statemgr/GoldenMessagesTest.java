package org.apache.heron.spi.statemgr;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.heron.proto.api.TopologyAPI;
import org.apache.heron.proto.api.TopologyAPI.Config;
import org.apache.heron.proto.api.TopologyAPI.ConfigValueType;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.ckptmgr.CheckpointManager.StatefulConsistentCheckpoint;
import org.apache.heron.proto.ckptmgr.CheckpointManager.StatefulConsistentCheckpoints;
import org.apache.heron.proto.scheduler.Scheduler;
import org.apache.heron.proto.system.Common;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.proto.system.ExecutionEnvironment.HeronReleaseState;
import org.apache.heron.proto.system.PackingPlans;
import org.apache.heron.proto.system.PhysicalPlans;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.tmanager.TopologyManager.MetricsCacheLocation;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;
import org.apache.heron.proto.update.Updates.PendingUpdate;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.packing.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What shared state and the scheduler's HTTP hold, byte for byte. The files under {@code golden/}
 * were derived from field numbers and types, not written by this serializer.
 */
class GoldenMessagesTest {

  static Stream<Message> messages() {
    return Stream.of(
        topology(),
        PackingPlanProtos.toProto(packingPlan()),
        physicalPlan(),
        executionState(),
        Scheduler.SchedulerLocation.newBuilder()
            .setTopologyName("words")
            .setHttpEndpoint("host.example:31200")
            .addJobPageLink("http://a.example/")
            .addJobPageLink("http://b.example/")
            .build(),
        TManagerLocation.newBuilder()
            .setTopologyName("words")
            .setTopologyId("words-1")
            .setHost("agent.example")
            .setControllerPort(31010)
            .setServerPort(31011)
            .setStatsPort(31012)
            .build(),
        MetricsCacheLocation.newBuilder()
            .setTopologyName("words")
            .setTopologyId("words-1")
            .setHost("agent.example")
            .setControllerPort(-1)
            .setServerPort(31021)
            .setStatsPort(31022)
            .build(),
        StatefulConsistentCheckpoints.newBuilder()
            .addConsistentCheckpoints(checkpoint("1600000000"))
            .addConsistentCheckpoints(checkpoint(""))
            .build(),
        Scheduler.KillTopologyRequest.newBuilder().setTopologyName("words").build(),
        Scheduler.RestartTopologyRequest.newBuilder()
            .setTopologyName("words")
            .setContainerIndex(-1)
            .build(),
        Scheduler.UpdateTopologyRequest.newBuilder()
            .setCurrentPackingPlan(PackingPlanProtos.toProto(oneContainer(1)))
            .setProposedPackingPlan(PackingPlanProtos.toProto(oneContainer(2)))
            .build(),
        PendingUpdate.newBuilder()
            .setFormat(1)
            .setTopologyId("words-1")
            .setProposed(PackingPlanProtos.toProto(oneContainer(2)))
            .setReplacedDigest(ByteString.copyFrom(new byte[] {10, 11}))
            .addRemoved(PackingPlanProtos.toProto(oneContainer(1)).getContainerPlans(0))
            .setReactivate(true)
            .setStartedMillis(5)
            .setUndoing(true)
            .build(),
        Scheduler.SchedulerResponse.newBuilder()
            .setStatus(
                Common.Status.newBuilder()
                    .setStatus(Common.StatusCode.NOTOK)
                    .setMessage("no such container"))
            .build());
  }

  @ParameterizedTest
  @MethodSource("messages")
  void ourBytesAreTheFormatsBytes(Message message) throws IOException {
    byte[] golden = golden(message);
    assertThat(HexFormat.of().formatHex(message.toByteArray()))
        .isEqualTo(HexFormat.of().formatHex(golden));
    assertThat(message.getParserForType().parseFrom(golden)).isEqualTo(message);
  }

  @Test
  void everyKindOfStateHasAGoldenFile() throws IOException {
    List<Message> golden = messages().toList();
    for (StateKind<?> kind : StateKind.all()) {
      long parsed = 0;
      for (Message message : golden) {
        if (message.getParserForType() == kind.parser()) {
          assertThat(kind.parser().parseFrom(golden(message))).isEqualTo(message);
          parsed++;
        }
      }
      assertThat(parsed).as(kind.directory()).isEqualTo(1);
    }
  }

  @Test
  void theGoldenPackingPlanIsThePlan() throws IOException {
    byte[] golden = golden(PackingPlanProtos.toProto(packingPlan()));
    assertThat(PackingPlanProtos.fromProto(PackingPlans.PackingPlan.parseFrom(golden)))
        .isEqualTo(packingPlan());
  }

  private static byte[] golden(Message message) throws IOException {
    String name = "/golden/" + message.getDescriptorForType().getName() + ".hex";
    try (InputStream in = GoldenMessagesTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return HexFormat.of()
          .parseHex(
              new String(in.readAllBytes(), StandardCharsets.UTF_8)
                  .lines()
                  .map(line -> line.replaceFirst("#.*", "").replaceAll("\\s", ""))
                  .collect(Collectors.joining()));
    }
  }

  private static Topology topology() {
    return Topology.newBuilder()
        .setId("words-1")
        .setName("words")
        .addSpouts(
            TopologyAPI.Spout.newBuilder()
                .setComp(
                    TopologyAPI.Component.newBuilder()
                        .setName("word")
                        .setConfig(config("topology.component.parallelism", "2"))
                        .setSerializedObject(ByteString.copyFrom(new byte[] {0, 1, (byte) 255}))
                        .setSpec(TopologyAPI.ComponentObjectSpec.JAVA_SERIALIZED_OBJECT))
                .addOutputs(
                    TopologyAPI.OutputStream.newBuilder().setStream(stream()).setSchema(schema())))
        .addBolts(
            TopologyAPI.Bolt.newBuilder()
                .setComp(
                    TopologyAPI.Component.newBuilder()
                        .setName("count")
                        .setClassName("a.B")
                        .setConfig(config("topology.component.parallelism", "1"))
                        .setSpec(TopologyAPI.ComponentObjectSpec.JAVA_CLASS_NAME))
                .addInputs(
                    TopologyAPI.InputStream.newBuilder()
                        .setStream(stream())
                        .setGtype(TopologyAPI.Grouping.FIELDS)
                        .setGroupingFields(schema())))
        .setState(TopologyAPI.TopologyState.PAUSED)
        .setTopologyConfig(
            config("topology.stmgrs", "1")
                .addKvs(
                    Config.KeyValue.newBuilder()
                        .setKey("my.key")
                        .setSerializedValue(
                            ByteString.copyFrom(new byte[] {(byte) 0xac, (byte) 0xed}))
                        .setType(ConfigValueType.JAVA_SERIALIZED_VALUE)))
        .build();
  }

  private static Config.Builder config(String key, String value) {
    return Config.newBuilder()
        .addKvs(
            Config.KeyValue.newBuilder()
                .setKey(key)
                .setValue(value)
                .setType(ConfigValueType.STRING_VALUE));
  }

  private static TopologyAPI.StreamId stream() {
    return TopologyAPI.StreamId.newBuilder().setId("default").setComponentName("word").build();
  }

  private static TopologyAPI.StreamSchema schema() {
    return TopologyAPI.StreamSchema.newBuilder()
        .addKeys(
            TopologyAPI.StreamSchema.KeyType.newBuilder()
                .setKey("word")
                .setType(TopologyAPI.Type.OBJECT))
        .build();
  }

  private static PackingPlan packingPlan() {
    Resource word = new Resource(1, ByteAmount.ofGigabytes(1), ByteAmount.ZERO);
    Resource count = new Resource(0.5, ByteAmount.ofMegabytes(512), ByteAmount.ofGigabytes(1));
    ContainerPlan first =
        new ContainerPlan(
            1,
            List.of(new InstancePlan("word", 1, 0, word), new InstancePlan("count", 300, 0, count)),
            new Resource(2.5, ByteAmount.ofGigabytes(3), ByteAmount.ofGigabytes(1)));
    ContainerPlan second =
        new ContainerPlan(
            2,
            List.of(),
            new Resource(1, ByteAmount.ofBytes(1), ByteAmount.ofBytes(1)),
            Optional.of(new Resource(4, ByteAmount.ofGigabytes(5), ByteAmount.ofGigabytes(6))));
    return new PackingPlan("words-1", List.of(first, second));
  }

  private static PackingPlan oneContainer(int id) {
    Resource resource = new Resource(1, ByteAmount.ofBytes(1), ByteAmount.ofBytes(2));
    return new PackingPlan("words-1", List.of(new ContainerPlan(id, List.of(), resource)));
  }

  private static PhysicalPlan physicalPlan() {
    return PhysicalPlan.newBuilder()
        .setTopology(
            Topology.newBuilder()
                .setId("words-1")
                .setName("words")
                .setState(TopologyAPI.TopologyState.RUNNING))
        .addStmgrs(
            PhysicalPlans.StMgr.newBuilder()
                .setId("stmgr-1")
                .setHostName("agent.example")
                .setDataPort(31000)
                .setLocalEndpoint("/unused")
                .setCwd("/sandbox")
                .setPid(4711)
                .setShellPort(31001)
                .setLocalDataPort(31002))
        .addInstances(
            PhysicalPlans.Instance.newBuilder()
                .setInstanceId("container_1_word_1")
                .setStmgrId("stmgr-1")
                .setInfo(
                    PhysicalPlans.InstanceInfo.newBuilder()
                        .setTaskId(1)
                        .setComponentIndex(0)
                        .setComponentName("word")
                        .addParams("p")
                        .setRemoteDebuggerPort(31003)))
        .build();
  }

  private static ExecutionState executionState() {
    return ExecutionState.newBuilder()
        .setTopologyName("words")
        .setTopologyId("words-1")
        .setSubmissionTime(1600000000)
        .setSubmissionUser("ada")
        .setCluster("mesos")
        .setEnviron("default")
        .setRole("ads")
        .setReleaseState(
            HeronReleaseState.newBuilder()
                .setReleaseUsername("builder")
                .setReleaseTag("")
                .setReleaseVersion("1.0.0"))
        .build();
  }

  private static StatefulConsistentCheckpoint checkpoint(String id) {
    return StatefulConsistentCheckpoint.newBuilder()
        .setCheckpointId(id)
        .setPackingPlanId("words-1")
        .build();
  }
}
