package org.apache.heron.executor.stmgr;

import static org.apache.heron.executor.stmgr.Containers.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.heron.api.Config;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.hooks.BaseTaskHook;
import org.apache.heron.api.hooks.info.BoltAckInfo;
import org.apache.heron.api.hooks.info.BoltExecuteInfo;
import org.apache.heron.api.hooks.info.EmitInfo;
import org.apache.heron.api.hooks.info.SpoutAckInfo;
import org.apache.heron.api.metric.CountMetric;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.api.utils.TupleUtils;
import org.apache.heron.executor.plane.InstanceCounters;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to instances besides tuples. */
class LifeTest {

  private static final AtomicInteger THROWS = new AtomicInteger();

  @BeforeEach
  void forget() {
    Recorder.clear();
  }

  private static TopologyBuilder wordsTo(Seen bolt, long limit, boolean tracked) {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Sequence(limit, tracked), 1);
    builder.setBolt("bolt", bolt, 1).shuffleGrouping("words");
    return builder;
  }

  /** Records ticks. */
  private static final class Ticked extends Seen {

    private static final long serialVersionUID = 1L;

    Ticked() {
      super("ticks");
    }

    @Override
    public void execute(Tuple tuple) {
      if (TupleUtils.isTick(tuple)) {
        Recorder.add("ticks", tuple.getSourceStreamId());
      }
    }
  }

  @Test
  void ticksComeWithoutTuples() {
    Config config = new Config();
    Config.setTickTupleFrequencyMs(config, 20);
    try (Containers containers = Containers.of(wordsTo(new Ticked(), 0, false), config, 1)) {
      containers.start();
      await().atMost(PATIENCE).until(() -> Recorder.count("ticks") >= 5);
      assertThat(containers.counters("bolt").get(0).executed()).containsKey("__system/__tick");
    }
  }

  @Test
  void timersOfTheTopologyRunInInstances() {
    Config config = new Config();
    config.registerTopologyTimerEvents(
        "mine",
        Duration.ofMillis(20),
        (Runnable & java.io.Serializable) () -> Recorder.add("timer", 1));
    try (Containers containers = Containers.of(wordsTo(new Seen("x"), 0, false), config, 1)) {
      containers.start();
      await().atMost(PATIENCE).until(() -> Recorder.count("timer") >= 4);
    }
  }

  @Test
  void spoutsAreDeactivatedAndActivatedWithTheTopology() {
    TopologyBuilder builder = wordsTo(new Seen("seen"), Long.MAX_VALUE, false);
    try (Containers containers = Containers.of(builder, new Config(), 2).paused().start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("opened") == 1);
      assertThat(Recorder.count("seen")).isZero();
      containers.apply(TopologyState.RUNNING);
      await().atMost(PATIENCE).until(() -> Recorder.count("seen") > 100);
      assertThat(Recorder.count("activated")).isEqualTo(1);
      containers.apply(TopologyState.PAUSED);
      await().atMost(PATIENCE).until(() -> Recorder.count("deactivated") == 1);
      await()
          .atMost(PATIENCE)
          .until(() -> containers.executed("bolt") == containers.emitted("words"));
      assertThat(containers.counters("words").get(0).state()).isEqualTo("PAUSED");
    }
    assertThat(Recorder.count("closed")).isEqualTo(1);
  }

  /** Throws at its tenth tuple, once in each of two lives. */
  private static final class Throwing extends Seen {

    private static final long serialVersionUID = 1L;
    private int seen;

    Throwing() {
      super("survived");
    }

    @Override
    public void execute(Tuple tuple) {
      if (++seen == 10 && THROWS.incrementAndGet() <= 2) {
        throw new IllegalStateException("tenth tuple");
      }
      super.execute(tuple);
    }

    @Override
    public void cleanup() {
      Recorder.add("cleaned", task);
    }
  }

  @Test
  void aBoltThatThrowsIsMadeAnewAndItsTuplesAreReplayed() {
    THROWS.set(0);
    Config config = new Config();
    config.setTopologyReliabilityMode(Config.TopologyReliabilityMode.ATLEAST_ONCE);
    config.setMaxSpoutPending(5);
    config.setMessageTimeoutSecs(1);
    try (Containers containers =
        Containers.of(wordsTo(new Throwing(), 100, true), config, 2).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("acked") == 100);
      assertThat(Recorder.get("acked")).doesNotHaveDuplicates();
      InstanceCounters bolt = containers.counters("bolt").get(0);
      assertThat(bolt.starts()).isEqualTo(3);
      assertThat(bolt.exceptionCount()).isEqualTo(2);
      assertThat(bolt.exceptions().get(0).message()).contains("tenth tuple");
      assertThat(bolt.exceptions().get(0).count()).isEqualTo(2);
      assertThat(Recorder.count("cleaned")).isEqualTo(2);
      assertThat(containers.fatal).isEmpty();
    }
  }

  /** Runs the JVM out of memory, as far as anybody can see. */
  private static final class Hungry extends Seen {

    private static final long serialVersionUID = 1L;

    Hungry() {
      super("hungry");
    }

    @Override
    public void execute(Tuple tuple) {
      throw new OutOfMemoryError("Java heap space");
    }
  }

  @Test
  void outOfMemoryIsTheContainersEnd() {
    TopologyBuilder builder = wordsTo(new Hungry(), 1, false);
    try (Containers containers = Containers.of(builder, new Config(), 1).start()) {
      await().atMost(PATIENCE).until(() -> !containers.fatal.isEmpty());
      assertThat(containers.fatal.get(0)).isInstanceOf(OutOfMemoryError.class);
    }
  }

  /** Records what it is told. */
  public static final class Hook extends BaseTaskHook {

    @Override
    public void prepare(Map<String, Object> config, TopologyContext context) {
      Recorder.add("hook prepared", context.getThisComponentId());
    }

    @Override
    public void emit(EmitInfo info) {
      Recorder.add("hook emit", info.getOutTasks());
    }

    @Override
    public void spoutAck(SpoutAckInfo info) {
      Recorder.add("hook spoutAck", info.getMessageId());
    }

    @Override
    public void boltExecute(BoltExecuteInfo info) {
      Recorder.add("hook execute", info.getExecuteLatency());
    }

    @Override
    public void boltAck(BoltAckInfo info) {
      Recorder.add("hook boltAck", info.getProcessLatency());
    }

    @Override
    public void cleanup() {
      Recorder.add("hook cleanup", 1);
    }
  }

  /** Adds a hook and metrics of its own. */
  private static final class Measuring extends Seen {

    private static final long serialVersionUID = 1L;
    private transient CountMetric count;

    Measuring() {
      super("measured");
    }

    @Override
    public void prepare(Map<String, Object> config, TopologyContext context, OutputCollector out) {
      super.prepare(config, context, out);
      context.addTaskHook(new Hook());
      count = context.registerMetric("tuples", new CountMetric(), 1);
    }

    @Override
    public void execute(Tuple tuple) {
      count.incr();
      super.execute(tuple);
    }
  }

  @Test
  void hooksAreToldAndMetricsSampled() {
    Config config = new Config();
    config.setTopologyReliabilityMode(Config.TopologyReliabilityMode.ATLEAST_ONCE);
    Config.setAutoTaskHooks(config, List.of(Hook.class.getName()));
    try (Containers containers =
        Containers.of(wordsTo(new Measuring(), 20, true), config, 2).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("acked") == 20);
      // one automatic hook each, and the bolt's own
      assertThat(Recorder.count("hook prepared")).isEqualTo(3);
      await().atMost(PATIENCE).until(() -> Recorder.count("hook spoutAck") == 20);
      assertThat(Recorder.count("hook boltAck")).isEqualTo(40);
      await().atMost(PATIENCE).until(() -> Recorder.count("hook execute") == 40);
      assertThat(Recorder.count("hook emit")).isEqualTo(20 + 2 * 20);
      await()
          .atMost(PATIENCE)
          .until(() -> containers.counters("bolt").get(0).userMetrics().containsKey("tuples"));
    }
    assertThat(Recorder.count("hook cleanup")).isEqualTo(3);
  }

  @Test
  void aPlanOfAnotherTopologyIsRefused() {
    TopologyBuilder builder = wordsTo(new Seen("seen"), Long.MAX_VALUE, false);
    try (Containers containers = Containers.of(builder, new Config(), 1).start()) {
      PhysicalPlan plan = containers.plan();
      PhysicalPlan other =
          plan.toBuilder().setTopology(plan.getTopology().toBuilder().setId("other")).build();
      assertThatThrownBy(() -> containers.plane(1).applyPlan(other))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("other");
      await().atMost(PATIENCE).until(() -> Recorder.count("seen") > 0);
    }
  }

  @Test
  void aRestartedContainerRejoinsAndTheTopologyGoesOn() {
    Config config = new Config();
    config.setTopologyReliabilityMode(Config.TopologyReliabilityMode.ATLEAST_ONCE);
    config.setMaxSpoutPending(50);
    config.setMessageTimeoutSecs(1);
    TopologyBuilder builder = new TopologyBuilder();
    builder.setBolt("a-bolt", new Seen("seen"), 2).shuffleGrouping("words");
    builder.setSpout("words", new Sequence(Long.MAX_VALUE, true), 1);
    // tasks 1 and 3 (the spout) are in container 1, task 2 in container 2
    try (Containers containers = Containers.of(builder, config, 2).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("acked") > 200);
      containers.kill(2);
      await().atMost(PATIENCE).until(() -> containers.unreachable.contains("stmgr-2"));
      await().atMost(PATIENCE).until(() -> Recorder.count("failed") > 0);
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  containers.plane(1).counters().droppedTuples().get("undeliverable") > 0
                      && "DOWN".equals(containers.plane(1).counters().peers().get("stmgr-2")));
      containers.restart(2);
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  containers.plane(2).counters().instances().stream()
                          .mapToLong(InstanceCounters::executedTotal)
                          .sum()
                      > 200);
      int acked = Recorder.count("acked");
      await().atMost(PATIENCE).until(() -> Recorder.count("acked") > acked + 200);
      assertThat(Recorder.get("acked")).doesNotHaveDuplicates();
    }
  }
}
