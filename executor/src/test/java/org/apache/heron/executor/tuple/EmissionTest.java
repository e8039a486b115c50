package org.apache.heron.executor.tuple;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.heron.proto.api.TopologyAPI;
import org.apache.heron.proto.api.TopologyAPI.Component;
import org.apache.heron.proto.api.TopologyAPI.ComponentObjectSpec;
import org.apache.heron.proto.api.TopologyAPI.Config;
import org.apache.heron.proto.api.TopologyAPI.OutputStream;
import org.apache.heron.proto.api.TopologyAPI.Spout;
import org.apache.heron.proto.api.TopologyAPI.StreamId;
import org.apache.heron.proto.api.TopologyAPI.StreamSchema;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.junit.jupiter.api.Test;

class EmissionTest {

  private static final int TASK = 3;

  private final StreamTable streams = new StreamTable(topology());
  private final StreamInfo stream = streams.get(0);
  private final ValueCodec codec = codec(Map.of());
  private final Emission emission = new Emission(streams, codec);
  private final TupleCodec receiver = new TupleCodec(streams, codec(Map.of()));

  private static ValueCodec codec(Map<String, Object> config) {
    return new ValueCodec(
        Serializers.forTopology(config, new UserObjects(EmissionTest.class.getClassLoader())));
  }

  private static Topology topology() {
    StreamSchema.Builder schema = StreamSchema.newBuilder();
    for (String key : List.of("first", "second")) {
      schema.addKeys(
          StreamSchema.KeyType.newBuilder().setKey(key).setType(TopologyAPI.Type.OBJECT));
    }
    return Topology.newBuilder()
        .setId("t-1")
        .setName("t")
        .setState(TopologyState.RUNNING)
        .addSpouts(
            Spout.newBuilder()
                .setComp(
                    Component.newBuilder()
                        .setName("s")
                        .setSpec(ComponentObjectSpec.JAVA_CLASS_NAME)
                        .setConfig(Config.getDefaultInstance()))
                .addOutputs(
                    OutputStream.newBuilder()
                        .setStream(StreamId.newBuilder().setComponentName("s").setId("default"))
                        .setSchema(schema)))
        .build();
  }

  private TupleImpl near() {
    return receiver.open(emission.near(stream, TASK, null));
  }

  @Test
  void whatNobodyCanChangeIsHandedOverAsItIs() {
    for (Object value :
        Arrays.asList(
            null,
            "text",
            1_000_000,
            1L << 40,
            1.5,
            'ß',
            true,
            new BigDecimal("1e400"),
            new UUID(1, 2),
            Instant.EPOCH,
            ZoneId.of("Asia/Tokyo"),
            TimeUnit.DAYS)) {
      emission.begin(Arrays.asList(value, "second"), 0);
      NearTuple tuple = emission.near(stream, TASK, null);
      assertThat(tuple).isInstanceOf(TupleImpl.class);
      assertThat(((TupleImpl) tuple).getValue(0)).isSameAs(value);
      assertThat(emission.nearBytes()).isZero();
    }
  }

  @Test
  void whatCanBeChangedIsWhatItWasAtTheEmitAndEachReceiversOwn() {
    ArrayList<Object> list = new ArrayList<>(List.of("a"));
    emission.begin(List.of(list, "second"), 0);
    NearTuple waiting = emission.near(stream, TASK, null);
    NearTuple other = emission.near(stream, TASK, null);
    assertThat(emission.nearBytes()).isPositive();
    emission.end();
    list.clear();
    emission.begin(List.of(new LinkedHashMap<>(), "third"), 0);
    TupleImpl first = receiver.open(waiting);
    assertThat(first.getValues()).isEqualTo(List.of(List.of("a"), "second"));
    ((List<?>) first.getValue(0)).clear();
    assertThat(receiver.open(other).getValues()).isEqualTo(List.of(List.of("a"), "second"));
    assertThat(first.getSourceTask()).isEqualTo(TASK);
  }

  @Test
  void byteArraysAreCopiedForEachReceiver() {
    byte[] bytes = {1, 2};
    emission.begin(List.of("key", bytes), 0);
    TupleImpl first = near();
    TupleImpl second = near();
    assertThat(emission.nearBytes()).isEqualTo(2);
    bytes[0] = 9;
    first.getBinary(1)[1] = 9;
    assertThat(first.getBinary(1)).containsExactly(1, 9);
    assertThat(second.getBinary(1)).containsExactly(1, 2);
  }

  @Test
  void theListOfValuesIsEachReceiversOwn() {
    List<Object> values = new ArrayList<>(List.of("a", 1));
    emission.begin(values, 0);
    TupleImpl first = near();
    TupleImpl second = near();
    values.clear();
    first.getValues().add("more");
    assertThat(first.getValues()).containsExactly("a", 1, "more");
    assertThat(second.getValues()).containsExactly("a", 1);
  }

  @Test
  void farReceiversGetTheSameBytesHoweverManyThereAre() {
    List<Object> values = List.of(new ArrayList<>(List.of(1, 2)), "second");
    Roots roots = Roots.of(1, 2, 3);
    WireWriter expected = new WireWriter(16);
    new TupleCodec(streams, codec).write(expected, stream, values, roots);
    for (int receivers = 1; receivers <= 3; receivers++) {
      for (List<Object> each : List.of(values, List.<Object>of("plain", 1))) {
        expected.reset(0);
        new TupleCodec(streams, codec).write(expected, stream, each, roots);
        emission.begin(each, receivers);
        WireWriter out = new WireWriter(1);
        emission.write(out, stream, roots);
        assertThat(Arrays.copyOf(out.array(), out.position()))
            .isEqualTo(Arrays.copyOf(expected.array(), expected.position()));
      }
    }
  }

  @Test
  void whatTheSerializerRefusesIsRefusedWhereverReceiversAre() {
    Map<String, Object> strict =
        Map.of(org.apache.heron.api.Config.TOPOLOGY_FALL_BACK_ON_JAVA_SERIALIZATION, false);
    Emission registered = new Emission(streams, codec(strict));
    for (int farReceivers = 0; farReceivers <= 2; farReceivers++) {
      int far = farReceivers;
      // immutable, but another container could not be sent it
      assertThatThrownBy(() -> registered.begin(List.of(new UUID(1, 2), ""), far))
          .hasMessageContaining("java.util.UUID");
      assertThatThrownBy(() -> emission.begin(List.of(new Object(), ""), far))
          .hasMessageContaining("java.lang.Object");
    }
    emission.begin(List.of("next", 1), 0);
    assertThat(near().getValues()).containsExactly("next", 1);
  }

  @Test
  void aLargeTupleDoesNotStayInMemory() {
    ArrayList<Object> large = new ArrayList<>(List.of("x".repeat(1 << 20)));
    emission.begin(List.of(large, ""), 2);
    assertThat(emission.nearBytes()).isGreaterThan(1 << 20);
    emission.end();
    emission.begin(List.of(new ArrayList<>(List.of(1)), ""), 2);
    assertThat(near().getValues()).isEqualTo(List.of(List.of(1), ""));
  }
}
