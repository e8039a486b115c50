package org.apache.heron.executor.stmgr;

import static org.apache.heron.executor.stmgr.Containers.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.heron.api.Config;
import org.apache.heron.api.bolt.BaseWindowedBolt;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.grouping.CustomStreamGrouping;
import org.apache.heron.api.spout.BaseRichSpout;
import org.apache.heron.api.spout.SpoutOutputCollector;
import org.apache.heron.api.state.State;
import org.apache.heron.api.topology.IStatefulComponent;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.api.tuple.Values;
import org.apache.heron.api.windowing.TupleWindow;
import org.apache.heron.executor.stmgr.Seen.Sighting;
import org.apache.heron.streamlet.Builder;
import org.apache.heron.streamlet.JoinType;
import org.apache.heron.streamlet.WindowConfig;
import org.apache.heron.streamlet.impl.BuilderImpl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The less common parts of the API, over two containers. */
class SpecialTopologiesTest {

  @BeforeEach
  void forget() {
    Recorder.clear();
  }

  /** Everything to the last task. */
  private static final class ToTheLast implements CustomStreamGrouping {

    private static final long serialVersionUID = 1L;
    private List<Integer> tasks;

    @Override
    public void prepare(
        TopologyContext context, String component, String stream, List<Integer> targets) {
      Recorder.add("prepared", component + "/" + stream);
      tasks = targets;
    }

    @Override
    public List<Integer> chooseTasks(List<Object> values) {
      return List.of(tasks.get(tasks.size() - 1));
    }
  }

  @Test
  void aCustomGroupingChooses() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Sequence(100, false), 1);
    builder.setBolt("bolt", new Seen("seen"), 4).customGrouping("words", new ToTheLast());
    try (Containers containers = Containers.of(builder, new Config(), 2).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("seen") == 100);
      assertThat(Recorder.get("seen")).allMatch(seen -> ((Sighting) seen).task() == 4);
      assertThat(Recorder.get("prepared")).contains("words/default");
      containers.awaitCounted("words", 100, "bolt", 100);
      assertThat(containers.executed("bolt")).isEqualTo(100);
    }
  }

  /** Emits directly to each task in turn, and on a stream that nobody reads. */
  private static final class Directing extends BaseRichSpout {

    private static final long serialVersionUID = 1L;
    private SpoutOutputCollector collector;
    private List<Integer> targets;
    private int next;

    @Override
    public void open(
        Map<String, Object> config, TopologyContext context, SpoutOutputCollector out) {
      collector = out;
      targets = context.getComponentTasks("bolt");
    }

    @Override
    public void nextTuple() {
      if (next < 100) {
        int target = targets.get(next % targets.size());
        collector.emitDirect(target, "direct", new Values(target, next++));
        collector.emit("unread", new Values("nobody"), "unread " + next);
      }
    }

    @Override
    public void ack(Object messageId) {
      Recorder.add("acked", messageId);
    }

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {
      declarer.declareStream("direct", true, new Fields("target", "number"));
      declarer.declareStream("unread", new Fields("nothing"));
    }
  }

  @Test
  void directTuplesReachTheTaskNamedAndUnreadStreamsAreAcked() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Directing(), 1);
    builder.setBolt("bolt", new Seen("seen"), 3).directGrouping("words", "direct");
    Config config = new Config();
    config.setTopologyReliabilityMode(Config.TopologyReliabilityMode.ATLEAST_ONCE);
    try (Containers containers = Containers.of(builder, config, 2).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("seen") == 100);
      assertThat(Recorder.get("seen"))
          .allMatch(seen -> ((Sighting) seen).word().equals(((Sighting) seen).task()));
      await().atMost(PATIENCE).until(() -> Recorder.count("acked") == 100);
      containers.awaitCounted("words", 200, "bolt", 100);
      assertThat(containers.emitted("words")).isEqualTo(200);
    }
  }

  /** A class of the user's. */
  record Point(int x, List<String> names, Thread.State state) implements Serializable {}

  private static List<Object> unusualValues() {
    Map<Object, Object> map = new HashMap<>();
    map.put("key", List.of(1, 2L, 3.0));
    map.put(null, null);
    return Arrays.asList(
        null,
        "",
        "ünïcödé \uD83D\uDE00 \uD800 unpaired",
        Long.MIN_VALUE,
        Integer.MAX_VALUE,
        Double.NaN,
        -0.0f,
        (short) -3,
        (byte) -1,
        'ß',
        true,
        new ArrayList<>(Arrays.asList("a", null, List.of(), new Values(1, "x"))),
        map,
        java.util.Set.of("one"),
        new BigDecimal("1e400"),
        Instant.EPOCH,
        Thread.State.BLOCKED,
        new Point(1, List.of("p"), Thread.State.NEW));
  }

  /** Emits each unusual value with its place in the list, and byte arrays. */
  private static final class Unusual extends BaseRichSpout {

    private static final long serialVersionUID = 1L;
    private SpoutOutputCollector collector;
    private int next;

    @Override
    public void open(
        Map<String, Object> config, TopologyContext context, SpoutOutputCollector out) {
      collector = out;
    }

    @Override
    public void nextTuple() {
      if (next < unusualValues().size()) {
        collector.emit(new Values(unusualValues().get(next), next, new byte[] {1, (byte) next}));
        next++;
      }
    }

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {
      declarer.declare(new Fields("value", "place", "bytes"));
    }
  }

  /** Compares what it gets with what was sent. */
  private static final class Comparing extends Seen {

    private static final long serialVersionUID = 1L;

    Comparing() {
      super("same");
    }

    @Override
    public void execute(Tuple tuple) {
      int place = tuple.getIntegerByField("place");
      boolean same = Objects.equals(tuple.getValue(0), unusualValues().get(place));
      boolean bytes = Arrays.equals(tuple.getBinary(2), new byte[] {1, (byte) place});
      Recorder.add(same && bytes ? "same" : "different", place + ": " + tuple.getValue(0));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {Config.HERON_KRYO_SERIALIZER_CLASS_NAME, Config.HERON_JAVA_SERIALIZER_CLASS_NAME})
  void unusualValuesCrossContainersUnchanged(String serializer) {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setBolt("a-bolt", new Comparing(), 2).allGrouping("words");
    builder.setSpout("words", new Unusual(), 1);
    Config config = new Config();
    config.setSerializationClassName(serializer);
    try (Containers containers = Containers.of(builder, config, 2).start()) {
      int expected = unusualValues().size() * 2;
      await()
          .atMost(PATIENCE)
          .until(() -> Recorder.count("same") + Recorder.count("different") == expected);
      assertThat(Recorder.get("different")).isEmpty();
      assertThat(containers.counters("a-bolt")).allMatch(bolt -> bolt.exceptionCount() == 0);
    }
  }

  /** Counts in a state that Heron gives it. */
  private static final class Stateful extends Seen implements IStatefulComponent<String, Integer> {

    private static final long serialVersionUID = 1L;
    private State<String, Integer> state;

    Stateful() {
      super("stateful");
    }

    @Override
    public void initState(State<String, Integer> given) {
      state = given;
    }

    @Override
    public void preSave(String checkpoint) {}

    @Override
    public void execute(Tuple tuple) {
      Recorder.add(name, state.merge("count", 1, Integer::sum));
    }
  }

  @Test
  void aStatefulComponentHasAState() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Sequence(10, false), 1);
    builder.setBolt("bolt", new Stateful(), 1).shuffleGrouping("words");
    try (Containers containers = Containers.of(builder, new Config(), 2).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.get("stateful").contains(10));
      containers.awaitCounted("words", 10, "bolt", 10);
      assertThat(containers.executed("bolt")).isEqualTo(10);
    }
  }

  /** Emits the size of each window. */
  private static final class Windowed extends BaseWindowedBolt {

    private static final long serialVersionUID = 1L;
    private OutputCollector collector;

    @Override
    public void prepare(Map<String, Object> config, TopologyContext context, OutputCollector out) {
      collector = out;
    }

    @Override
    public void execute(TupleWindow window) {
      collector.emit(new Values("window", window.get().size()));
    }

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {
      declarer.declare(new Fields("word", "number"));
    }
  }

  @Test
  void windowsByTimeEndWithoutFurtherTuples() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Sequence(1000, true), 1);
    builder
        .setBolt("bolt", new Windowed().withTumblingWindow(Duration.ofMillis(200)), 1)
        .shuffleGrouping("words");
    builder.setBolt("last", new Seen("seen"), 2).allGrouping("bolt");
    Config config = new Config();
    config.setTopologyReliabilityMode(Config.TopologyReliabilityMode.ATLEAST_ONCE);
    config.setMaxSpoutPending(2000);
    try (Containers containers = Containers.of(builder, config, 2).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("seen") >= 2);
      await().atMost(PATIENCE).until(() -> Recorder.count("acked") == 1000);
      assertThat(containers.counters("bolt").get(0).exceptionCount()).isZero();
    }
  }

  @Test
  void aStreamletCountsWordsInWindows() {
    Builder streamlets = Builder.newBuilder();
    streamlets
        .newSource(() -> List.of("a b", "b c").get(ThreadLocalRandom.current().nextInt(2)))
        .setNumPartitions(2)
        .flatMap(line -> Arrays.asList(line.split(" ")))
        .reduceByKeyAndWindow(
            word -> word, word -> 1, WindowConfig.TumblingCountWindow(50), Integer::sum)
        .setNumPartitions(2)
        .consume(result -> Recorder.add("windows", result.getKey().getKey()));
    Config config = new Config();
    config.setSerializationClassName(Config.HERON_KRYO_SERIALIZER_CLASS_NAME);
    try (Containers containers =
        Containers.of(((BuilderImpl) streamlets).build().createTopology(), config, 2).start()) {
      await()
          .atMost(PATIENCE)
          .until(() -> Recorder.get("windows").containsAll(List.of("a", "b", "c")));
      assertThat(containers.fatal).isEmpty();
    }
  }

  @Test
  void streamletsJoin() {
    Builder streamlets = Builder.newBuilder();
    var left = streamlets.newSource(() -> "k").setName("left");
    var right = streamlets.newSource(() -> "k").setName("right");
    left.join(
            right,
            word -> word,
            word -> word,
            WindowConfig.TumblingCountWindow(10),
            JoinType.INNER,
            (a, b) -> a + b)
        .consume(result -> Recorder.add("joined", result.getValue()));
    try (Containers containers =
        Containers.of(((BuilderImpl) streamlets).build().createTopology(), new Config(), 2)
            .start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("joined") > 0);
      assertThat(Recorder.get("joined")).contains("kk");
      assertThat(containers.fatal).isEmpty();
    }
  }
}
