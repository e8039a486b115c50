package org.apache.heron.executor.tuple;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.heron.proto.api.TopologyAPI;
import org.apache.heron.proto.api.TopologyAPI.Component;
import org.apache.heron.proto.api.TopologyAPI.OutputStream;
import org.apache.heron.proto.api.TopologyAPI.Spout;
import org.apache.heron.proto.api.TopologyAPI.StreamId;
import org.apache.heron.proto.api.TopologyAPI.StreamSchema;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RootsTest {
  private static final Topology WORDS =
      Topology.newBuilder()
          .setId("words-1")
          .setName("words")
          .setState(TopologyState.RUNNING)
          .addSpouts(
              Spout.newBuilder()
                  .setComp(
                      Component.newBuilder()
                          .setName("word")
                          .setSpec(TopologyAPI.ComponentObjectSpec.JAVA_SERIALIZED_OBJECT)
                          .setConfig(TopologyAPI.Config.getDefaultInstance()))
                  .addOutputs(
                      OutputStream.newBuilder()
                          .setStream(
                              StreamId.newBuilder().setId("default").setComponentName("word"))
                          .setSchema(
                              StreamSchema.newBuilder()
                                  .addKeys(
                                      StreamSchema.KeyType.newBuilder()
                                          .setKey("word")
                                          .setType(TopologyAPI.Type.OBJECT)))))
          .build();

  private record Root(int task, long id) {}

  /** Few tasks and ids, so that many roots come again. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 8, 9, 10, 11, 31, 32, 33, 64, 65, 500, 5_000})
  void rootsThatComeAgainAreJoinedHoweverManyThereAre(int additions) {
    Random random = new Random(additions);
    Roots.Builder builder = new Roots.Builder();
    for (int round = 0; round < 5; round++) {
      Map<Root, Long> expected = new LinkedHashMap<>();
      for (int i = 0; i < additions; i++) {
        Root root = new Root(random.nextInt(3), random.nextLong(1 + additions / 2));
        long key = random.nextLong();
        builder.add(root.task(), root.id(), key);
        expected.merge(root, key, (a, b) -> a ^ b);
      }
      assertThat(read(builder.build())).containsExactlyEntriesOf(expected);
    }
  }

  private static Map<Root, Long> read(Roots roots) {
    Map<Root, Long> read = new LinkedHashMap<>();
    for (int i = 0; roots != null && i < roots.count(); i++) {
      assertThat(read.put(new Root(roots.spoutTask(i), roots.rootId(i)), roots.key(i))).isNull();
    }
    return read;
  }

  @Test
  void whatWasForgottenIsInNothingThatIsBuiltAfterwards() {
    Roots.Builder builder = new Roots.Builder();
    builder.add(1, 2, 3);
    builder.clear();
    assertThat(builder.build()).isNull();
    builder.add(4, 5, 6);
    assertThat(read(builder.build())).containsExactlyEntriesOf(Map.of(new Root(4, 5), 6L));
  }

  /** A result of a large window, on its way to another container. Squared, it would take hours. */
  @Test
  void aTupleStemsFromAllTuplesOfALargeWindow() {
    int window = 500_000;
    Roots.Builder builder = new Roots.Builder();
    for (int i = 0; i < window; i++) {
      builder.add(i % 7, i * 31L, i);
    }
    Roots roots = builder.build();
    assertThat(roots.count()).isEqualTo(window);
    StreamTable streams = new StreamTable(WORDS);
    ValueCodec values =
        new ValueCodec(
            Serializers.forTopology(Map.of(), new UserObjects(getClass().getClassLoader())));
    WireWriter out = new WireWriter(1024);
    new TupleCodec(streams, values).write(out, streams.get(0), List.of("word"), roots);
    TupleImpl tuple =
        new TupleCodec(streams, values).read(new WireReader(out.array(), 0, out.position()), 3);
    assertThat(tuple.roots().count()).isEqualTo(window);
    assertThat(tuple.roots().rootId(window - 1)).isEqualTo((window - 1) * 31L);
    assertThat(tuple.roots().key(window - 1)).isEqualTo(window - 1);
  }
}
