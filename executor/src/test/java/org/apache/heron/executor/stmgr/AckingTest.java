package org.apache.heron.executor.stmgr;

import static org.apache.heron.executor.stmgr.Containers.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.heron.api.Config;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.executor.plane.InstanceCounters;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Trees of tuples over two containers. */
class AckingTest {

  @BeforeEach
  void forget() {
    Recorder.clear();
  }

  private static Config acking(int maxPending) {
    Config config = new Config();
    config.setTopologyReliabilityMode(Config.TopologyReliabilityMode.ATLEAST_ONCE);
    config.setMaxSpoutPending(maxPending);
    return config;
  }

  /** Fails one tuple in a hundred, then counts what it acks. */
  private static final class Flaky extends Seen {

    private static final long serialVersionUID = 1L;
    private int seen;

    Flaky() {
      super("counted");
    }

    @Override
    public void execute(Tuple tuple) {
      if (++seen % 100 == 0) {
        collector.fail(tuple);
      } else {
        Recorder.add(name, tuple.getString(0));
        collector.ack(tuple);
      }
    }
  }

  @Test
  void countsAreExactWhenOneTupleInAHundredFails() {
    int perSpout = 20_000;
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Sequence(perSpout, true), 2);
    builder.setBolt("count", new Flaky(), 2).fieldsGrouping("words", new Fields("word"));
    try (Containers containers = Containers.of(builder, acking(500), 2).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("acked") >= 2 * perSpout);
      assertThat(containers.counters("words"))
          .allMatch(spout -> spout.pending() == 0 && spout.timedOut() == 0);
      List<Object> acked = Recorder.get("acked");
      assertThat(acked).hasSize(2 * perSpout).doesNotHaveDuplicates();
      // nothing was lost, and nothing counted twice: what failed was not counted
      assertThat(Recorder.get("counted")).hasSize(2 * perSpout).doesNotHaveDuplicates();
      assertThat(new HashSet<>(Recorder.get("counted"))).isEqualTo(new HashSet<>(acked));
      long emitted = containers.emitted("words");
      assertThat(emitted).isEqualTo(2L * perSpout + Recorder.count("failed"));
      assertThat(Recorder.count("failed")).isBetween(2 * perSpout / 101, 2 * perSpout / 98);
    }
  }

  @Test
  void aTreeIsAckedWhenItsLastLeafIs() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Sequence(1000, true), 1);
    builder.setBolt("first", new Seen("first"), 2).allGrouping("words");
    builder.setBolt("second", new Seen("second"), 2).shuffleGrouping("first");
    builder.setBolt("third", new Seen("third"), 1).shuffleGrouping("second");
    try (Containers containers = Containers.of(builder, acking(50), 2).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("acked") == 1000);
      assertThat(Recorder.count("third")).isEqualTo(2000);
      assertThat(Recorder.count("failed")).isZero();
      InstanceCounters spout = containers.counters("words").get(0);
      assertThat(spout.acked()).isEqualTo(1000);
      assertThat(spout.completeMillis()).isPositive();
      assertThat(spout.streams())
          .singleElement()
          .satisfies(output -> assertThat(output.path()).isEqualTo("words/default"));
      await().atMost(PATIENCE).until(() -> acked("second", containers) == 2000);
      assertThat(containers.counters("second"))
          .allSatisfy(bolt -> assertThat(bolt.processMillis()).isPositive())
          .flatExtracting(InstanceCounters::streams)
          .allSatisfy(input -> assertThat(input.path()).isEqualTo("first/default"));
    }
  }

  private static long acked(String component, Containers containers) {
    return containers.counters(component).stream().mapToLong(InstanceCounters::acked).sum();
  }

  /** Holds tuples back until the test lets them go, and counts how many it holds. */
  private static final class Holding extends Seen {

    private static final long serialVersionUID = 1L;

    Holding() {
      super("held");
    }

    @Override
    public void execute(Tuple tuple) {
      Recorder.add(name, tuple.getString(0));
    }
  }

  @Test
  void aSpoutStopsAtItsMaximumPending() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Sequence(1000, true), 1);
    builder.setBolt("hold", new Holding(), 1).shuffleGrouping("words");
    Config config = acking(7);
    config.setMessageTimeoutSecs(600);
    try (Containers containers = Containers.of(builder, config, 2).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("held") == 7);
      await()
          .during(java.time.Duration.ofMillis(300))
          .atMost(PATIENCE)
          .until(() -> containers.emitted("words") == 7);
      assertThat(containers.counters("words").get(0).pending()).isEqualTo(7);
    }
  }

  @Test
  void tuplesThatNobodyAcksTimeOutAndFail() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Sequence(10, true), 1);
    builder.setBolt("hold", new Holding(), 1).shuffleGrouping("words");
    Config config = acking(100);
    config.setMessageTimeoutSecs(1);
    try (Containers containers = Containers.of(builder, config, 2).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("failed") >= 10);
      assertThat(Recorder.get("failed").subList(0, 10)).doesNotHaveDuplicates();
      assertThat(Recorder.count("acked")).isZero();
      assertThat(containers.counters("words").get(0).timedOut()).isGreaterThanOrEqualTo(10);
    }
  }

  @Test
  void messageIdsAreAckedAtOnceWhenNothingIsTracked() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Sequence(100, true), 1);
    builder.setBolt("hold", new Holding(), 1).shuffleGrouping("words");
    try (Containers containers = Containers.of(builder, new Config(), 1).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("acked") == 100);
      await().atMost(PATIENCE).until(() -> containers.executed("hold") == 100);
    }
  }

  /** Emits one tuple anchored to two, and acks or fails them much later, each twice. */
  private static final class Joining extends Seen {

    private static final long serialVersionUID = 1L;
    private final Map<String, Tuple> waiting = new ConcurrentHashMap<>();

    Joining() {
      super("joined");
    }

    @Override
    public void prepare(Map<String, Object> config, TopologyContext context, OutputCollector out) {
      super.prepare(config, context, out);
    }

    @Override
    public void execute(Tuple tuple) {
      String number = tuple.getValue(1).toString();
      Tuple other = waiting.remove(number);
      if (other == null) {
        waiting.put(number, tuple);
        return;
      }
      collector.emit(List.of(tuple, other), tuple.getValues());
      collector.ack(tuple);
      collector.ack(other);
      collector.ack(other);
      collector.fail(other);
      Recorder.add(name, number);
    }
  }

  @Test
  void aTupleMayHaveTwoAnchorsAndAckingTwiceDoesNoHarm() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Sequence(500, true), 2);
    builder.setBolt("join", new Joining(), 2).fieldsGrouping("words", new Fields("number"));
    builder.setBolt("last", new Seen("last"), 2).shuffleGrouping("join");
    try (Containers containers = Containers.of(builder, acking(5000), 2).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("acked") == 1000);
      assertThat(Recorder.get("acked")).doesNotHaveDuplicates();
      assertThat(Recorder.count("last")).isEqualTo(500);
      assertThat(Recorder.count("failed")).isZero();
      assertThat(containers.counters("join")).allMatch(bolt -> bolt.failed() == 0);
    }
  }
}
