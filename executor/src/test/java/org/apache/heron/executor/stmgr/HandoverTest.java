package org.apache.heron.executor.stmgr;

import static org.apache.heron.executor.stmgr.Containers.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.heron.api.Config;
import org.apache.heron.api.spout.BaseRichSpout;
import org.apache.heron.api.spout.SpoutOutputCollector;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.api.tuple.Values;
import org.apache.heron.streamlet.Builder;
import org.apache.heron.streamlet.impl.BuilderImpl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A receiver gets what the values were when they were emitted, as its own, near or far. */
class HandoverTest {

  private static final int TUPLES = 300;
  private static final Fields FIELDS = new Fields("value", "number");

  @BeforeEach
  void forget() {
    Recorder.clear();
  }

  /** Uses the same list, map, array and list of values for all of its tuples. */
  private static final class Reusing extends BaseRichSpout {

    private static final long serialVersionUID = 1L;
    private final String kind;
    private final List<Object> list = new ArrayList<>();
    private final Map<Object, Object> map = new HashMap<>();
    private final byte[] array = new byte[2];
    private final List<Object> values = new ArrayList<>();
    private SpoutOutputCollector collector;
    private int next;

    Reusing(String kind) {
      this.kind = kind;
    }

    @Override
    public void open(
        Map<String, Object> config, TopologyContext context, SpoutOutputCollector out) {
      collector = out;
    }

    @Override
    public void nextTuple() {
      if (next == TUPLES) {
        return;
      }
      list.add(next);
      map.put("key", next);
      array[0] = (byte) next;
      array[1] = (byte) (next >> 8);
      values.add(
          switch (kind) {
            case "list" -> list;
            case "map" -> map;
            case "array" -> array;
            case "nested" -> Map.of("inner", list);
            // some tuples go by their bytes, others do not
            case "mixed" -> next % 3 == 0 ? list : String.valueOf(next);
            default -> throw new IllegalArgumentException(kind);
          });
      values.add(next);
      collector.emit(values);
      values.clear();
      list.clear();
      map.clear();
      array[0] = -1;
      array[1] = -1;
      next++;
    }

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {
      declarer.declare(FIELDS);
    }
  }

  private static Object expected(String kind, int number) {
    return switch (kind) {
      case "list" -> List.of(number);
      case "map" -> Map.of("key", number);
      case "array" -> List.of((byte) number, (byte) (number >> 8));
      case "nested" -> Map.of("inner", List.of(number));
      case "mixed" -> number % 3 == 0 ? List.of(number) : String.valueOf(number);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /** Records values, changes them, and adds to the tuple's list. */
  private static final class Changing extends Seen {

    private static final long serialVersionUID = 1L;

    Changing(String name) {
      super(name);
    }

    @Override
    @SuppressWarnings("unchecked") // whatever came
    public void execute(Tuple tuple) {
      Object value = tuple.getValue(0);
      Recorder.add(name + " sizes", tuple.size());
      if (value instanceof byte[] bytes) {
        Recorder.add(name, List.of(bytes[0], bytes[1]));
        Arrays.fill(bytes, (byte) 7);
      } else if (value instanceof List<?> list) {
        Recorder.add(name, List.copyOf(list));
        ((List<Object>) list).add("changed");
      } else if (value instanceof HashMap<?, ?> map) {
        Recorder.add(name, Map.copyOf(map));
        ((Map<Object, Object>) map).put("changed", "changed");
      } else {
        Recorder.add(name, Objects.requireNonNullElse(value, "null"));
      }
      tuple.getValues().set(0, "other");
      tuple.getValues().add("more");
      collector.ack(tuple);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "map", "array", "nested", "mixed"})
  void receiversInTheSameContainerSeeNeitherTheEmittersChangesNorEachOthers(String kind) {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Reusing(kind), 1);
    builder.setBolt("first", new Changing("first"), 1).shuffleGrouping("words");
    builder.setBolt("second", new Changing("second"), 1).shuffleGrouping("words");
    try (Containers containers = Containers.of(builder, new Config(), 1).start()) {
      await()
          .atMost(PATIENCE)
          .until(() -> Recorder.count("first") + Recorder.count("second") == 2 * TUPLES);
      List<Object> all =
          IntStream.range(0, TUPLES).mapToObj(number -> expected(kind, number)).toList();
      for (String bolt : List.of("first", "second")) {
        // in the order in which they were emitted
        assertThat(Recorder.get(bolt)).isEqualTo(all);
        assertThat(Recorder.get(bolt + " sizes")).containsOnly(2);
        assertThat(containers.counters(bolt).get(0).exceptionCount()).isZero();
      }
    }
  }

  /** Emits in a way that is to be tried, once; records what is thrown. */
  private static class Once extends BaseRichSpout {

    private static final long serialVersionUID = 1L;
    private final Kind kind;
    private SpoutOutputCollector collector;
    private boolean done;

    /** Lists of values, and values. */
    enum Kind {
      LIST_OF,
      UNMODIFIABLE_WITH_NULL,
      UNSERIALIZABLE
    }

    Once(Kind kind) {
      this.kind = kind;
    }

    @Override
    public void open(
        Map<String, Object> config, TopologyContext context, SpoutOutputCollector out) {
      collector = out;
    }

    @Override
    public void nextTuple() {
      if (done) {
        return;
      }
      done = true;
      try {
        collector.emit(
            switch (kind) {
              case LIST_OF -> List.of("word", 1);
              case UNMODIFIABLE_WITH_NULL ->
                  Collections.unmodifiableList(Arrays.asList((Object) null, 1));
              case UNSERIALIZABLE -> new Values(new Object(), 1);
            },
            "id");
      } catch (IllegalArgumentException e) {
        Recorder.add("thrown", e.getMessage());
      }
      collector.emit(new Values("last", 2), "last");
    }

    @Override
    public void ack(Object messageId) {
      Recorder.add("acked", messageId);
    }

    @Override
    public void fail(Object messageId) {
      Recorder.add("failed", messageId);
    }

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {
      declarer.declare(FIELDS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"LIST_OF", "UNMODIFIABLE_WITH_NULL"})
  void aListThatCannotBeChangedArrivesAsOneThatCan(String kind) {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Once(Once.Kind.valueOf(kind)), 1);
    builder.setBolt("bolt", new Changing("seen"), 1).shuffleGrouping("words");
    try (Containers containers = Containers.of(builder, new Config(), 1).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("acked") == 2);
      containers.awaitCounted("words", 2, "bolt", 2);
      assertThat(Recorder.get("seen sizes")).containsExactly(2, 2);
      assertThat(containers.counters("bolt").get(0).exceptionCount()).isZero();
    }
  }

  /** In two containers one receiver is near and the other far. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whatCannotBeSerializedIsRefusedAtTheEmitNearAndFarAndReachesNobody(int containerCount) {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Once(Once.Kind.UNSERIALIZABLE), 1);
    builder.setBolt("bolt", new Changing("seen"), 2).allGrouping("words");
    Config config = new Config();
    config.setTopologyReliabilityMode(Config.TopologyReliabilityMode.ATLEAST_ONCE);
    config.setMessageTimeoutSecs(1);
    try (Containers containers = Containers.of(builder, config, containerCount).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("seen") == 2);
      await().atMost(PATIENCE).until(() -> Recorder.get("acked").contains("last"));
      assertThat(Recorder.get("thrown")).hasSize(1);
      assertThat(Recorder.get("thrown").get(0).toString()).contains("java.lang.Object");
      assertThat(Recorder.get("seen")).containsExactly("last", "last");
      assertThat(containers.emitted("words")).isEqualTo(1);
      // the spout knows by the exception; there is no tree that could time out
      assertThat(containers.counters("words").get(0).pending()).isZero();
      assertThat(Recorder.count("failed")).isZero();
    }
  }

  /** Keeps a map of counts and emits it for every tuple. */
  private static final class Counting extends Seen {

    private static final long serialVersionUID = 1L;
    private final Map<Object, Integer> counts = new HashMap<>();

    Counting() {
      super("counting");
    }

    @Override
    public void execute(Tuple tuple) {
      counts.merge("words", 1, Integer::sum);
      collector.emit(tuple, new Values(counts, tuple.getValue(1)));
      collector.ack(tuple);
    }
  }

  @Test
  void aBoltMayGoOnWithTheMapThatItHasEmitted() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Sequence(TUPLES, false), 1);
    builder.setBolt("counting", new Counting(), 1).shuffleGrouping("words");
    builder.setBolt("last", new Changing("last"), 1).shuffleGrouping("counting");
    try (Containers containers = Containers.of(builder, new Config(), 1).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("last") == TUPLES);
      assertThat(Recorder.get("last"))
          .isEqualTo(
              IntStream.rangeClosed(1, TUPLES).mapToObj(count -> Map.of("words", count)).toList());
      assertThat(containers.counters("last").get(0).exceptionCount()).isZero();
    }
  }

  /** heron-api's operator keeps what it has emitted, and reduces into it. */
  @Test
  void aStreamletMayReduceIntoAList() {
    Builder streamlets = Builder.newBuilder();
    streamlets
        .newSource(() -> "a")
        .reduceByKey(
            word -> word,
            new ArrayList<String>(),
            (list, word) -> {
              list.add(word);
              return list;
            })
        .consume(
            result -> {
              if (Recorder.count("sizes") < TUPLES) {
                Recorder.add("sizes", result.getValue().size());
              }
            });
    try (Containers containers =
        Containers.of(((BuilderImpl) streamlets).build().createTopology(), new Config(), 1)
            .start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("sizes") == TUPLES);
      assertThat(Recorder.get("sizes"))
          .isEqualTo(IntStream.rangeClosed(1, TUPLES).boxed().toList());
      assertThat(containers.fatal).isEmpty();
    }
  }
}
