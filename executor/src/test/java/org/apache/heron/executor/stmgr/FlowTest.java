package org.apache.heron.executor.stmgr;

import static org.apache.heron.executor.stmgr.Containers.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoublePredicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.heron.api.Config;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.api.tuple.Values;
import org.apache.heron.executor.plane.InstanceCounters;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Slow bolts hold spouts back, and nothing stands still for ever. */
class FlowTest {

  /** How long an idle topology is watched. */
  private static final Duration IDLE = Duration.ofMillis(500);

  private static final Semaphore GATE = new Semaphore(0);

  @BeforeEach
  void forget() {
    Recorder.clear();
    GATE.drainPermits();
  }

  /** Executes a tuple only when the test permits. */
  private static final class Gated extends Seen {

    private static final long serialVersionUID = 1L;

    Gated() {
      super("passed");
    }

    @Override
    public void execute(Tuple tuple) {
      GATE.acquireUninterruptibly();
      collector.ack(tuple);
    }
  }

  @Test
  void aSlowBoltHoldsBackTheSpoutsOfAllContainers() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Sequence(Long.MAX_VALUE, false), 2);
    builder.setBolt("slow", new Gated(), 1).shuffleGrouping("words");
    try (Containers containers =
        Containers.of(builder, new Config(), 2)
            .with("heron.instance.internal.bolt.read.queue.capacity", 16)
            .start()) {
      try {
        await()
            .atMost(PATIENCE)
            .until(
                () ->
                    containers.plane(1).counters().clamped()
                        && containers.plane(2).counters().clamped());
        // spouts may be in the middle of a cycle; then they stand still
        long[] last = {-1};
        await()
            .atMost(PATIENCE)
            .until(
                () -> {
                  long emitted = containers.emitted("words");
                  boolean still = emitted == last[0] && emitted > 0;
                  last[0] = emitted;
                  return still;
                });
        InstanceCounters slow = containers.counters("slow").get(0);
        // the queue, and what a window of a quarter of a megabyte holds
        assertThat(slow.queued()).isLessThan(16 * 64 + 128 + 2 * 300_000 / 10);
        assertThat(containers.plane(1).counters().backPressureBy()).hasSize(1);
        long before = containers.emitted("words");
        GATE.release(1_000_000_000);
        await().atMost(PATIENCE).until(() -> containers.emitted("words") > before + 100_000);
        assertThat(containers.counters("slow").get(0).backPressureMillis()).isPositive();
      } finally {
        GATE.release(1_000_000_000);
      }
    }
  }

  /** Sends each tuple it gets to itself and its peers once more, twice. */
  private static final class Amplifier extends Seen {

    private static final long serialVersionUID = 1L;

    Amplifier() {
      super("amplified");
    }

    @Override
    public void execute(Tuple tuple) {
      for (int i = 0; i < 2; i++) {
        collector.emit(tuple, new Values(tuple.getValue(0), tuple.getValue(1)));
      }
      collector.ack(tuple);
    }
  }

  @Test
  void aCycleThatGrowsWithoutBoundLosesTuplesButNeitherMemoryNorLife() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Sequence(10, false), 1);
    builder.setBolt("loop", new Amplifier(), 2).shuffleGrouping("words").shuffleGrouping("loop");
    try (Containers containers =
        Containers.of(builder, new Config(), 2)
            .with("heron.instance.internal.bolt.read.queue.capacity", 1)
            .start()) {
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  containers.plane(1).counters().droppedTuples().get("cycle")
                          + containers.plane(2).counters().droppedTuples().get("cycle")
                      > 0);
      long executed = containers.executed("loop");
      await().atMost(PATIENCE).until(() -> containers.executed("loop") > executed + 1000);
    }
  }

  @Test
  void aBoltThatMayDropTuplesHoldsNobodyBack() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Sequence(200_000, false), 1);
    builder.setBolt("slow", new Gated(), 1).shuffleGrouping("words");
    Config config = new Config();
    config.put(Config.TOPOLOGY_DROPTUPLES_UPON_BACKPRESSURE, "true");
    try (Containers containers = Containers.of(builder, config, 1).start()) {
      await().atMost(PATIENCE).until(() -> containers.emitted("words") == 200_000);
      await()
          .atMost(PATIENCE)
          .until(() -> containers.plane(1).counters().droppedTuples().get("backpressure") > 0);
      GATE.release(1_000_000);
    }
  }

  @Test
  void aComponentKeepsToTheBytesASecondThatItMayEmit() {
    TopologyBuilder builder = new TopologyBuilder();
    // ten thousand bytes a second are shared by two spouts, near and far from the bolt
    builder
        .setSpout("words", new Sequence(Long.MAX_VALUE, false), 2)
        .addConfiguration(Config.TOPOLOGY_COMPONENT_OUTPUT_BPS, 10_000);
    builder.setBolt("seen", new Seen("seen"), 1).shuffleGrouping("words");
    try (Containers containers = Containers.of(builder, new Config(), 2).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("seen") > 100);
      long start = System.nanoTime();
      long before = containers.emitted("words");
      await().atMost(PATIENCE).until(() -> containers.emitted("words") > before + 800);
      double seconds = (System.nanoTime() - start) / 1e9;
      // a tuple of a short text and a number has at least eight bytes
      assertThat((containers.emitted("words") - before) * 8 / seconds).isLessThan(20_000);
    }
  }

  @Test
  void theBytesASecondOfAComponentCanBeChangedWhileItRuns() {
    TopologyBuilder builder = new TopologyBuilder();
    builder
        .setSpout("words", new Sequence(Long.MAX_VALUE, false), 1)
        .addConfiguration(Config.TOPOLOGY_COMPONENT_OUTPUT_BPS, 10_000);
    builder.setBolt("seen", new Seen("seen"), 1).shuffleGrouping("words");
    try (Containers containers = Containers.of(builder, new Config(), 1).start()) {
      awaitWordsASecond(containers, rate -> rate > 0 && rate < 2_500);
      containers.reconfigure("words", Config.TOPOLOGY_COMPONENT_OUTPUT_BPS, "400000");
      awaitWordsASecond(containers, rate -> rate > 5_000);
      containers.reconfigure("words", Config.TOPOLOGY_COMPONENT_OUTPUT_BPS, "10000");
      awaitWordsASecond(containers, rate -> rate > 0 && rate < 2_500);
    }
  }

  private static void awaitWordsASecond(Containers containers, DoublePredicate wanted) {
    AtomicLong then = new AtomicLong(System.nanoTime());
    AtomicLong before = new AtomicLong(containers.emitted("words"));
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ofMillis(500))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              long now = System.nanoTime();
              long count = containers.emitted("words");
              double seconds = (now - then.getAndSet(now)) / 1e9;
              return wanted.test((count - before.getAndSet(count)) / seconds);
            });
  }

  @Test
  void anIdleTopologyUsesHardlyAnyProcessorTime() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("words", new Sequence(10, false), 1);
    builder.setBolt("seen", new Seen("seen"), 1).shuffleGrouping("words");
    try (Containers containers = Containers.of(builder, new Config(), 1).start()) {
      await().atMost(PATIENCE).until(() -> Recorder.count("seen") == 10);
      long[] threads = instanceThreads(containers);
      long start = System.nanoTime();
      long before = processorNanos(threads);
      await().pollDelay(IDLE).atMost(PATIENCE).until(() -> true);
      Duration used = Duration.ofNanos(processorNanos(threads) - before);
      Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
      // a spout is asked for a tuple every four milliseconds at the most, not all the time
      assertThat(used).isLessThan(elapsed.dividedBy(5));
    }
  }

  private static long[] instanceThreads(Containers containers) {
    Set<String> names =
        containers.plane(1).counters().instances().stream()
            .map(InstanceCounters::instanceId)
            .collect(Collectors.toSet());
    long[] ids =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> names.contains(thread.getName()))
            .mapToLong(Thread::getId)
            .toArray();
    assertThat(ids).hasSize(names.size());
    return ids;
  }

  private static long processorNanos(long[] threads) {
    return LongStream.of(threads).map(ManagementFactory.getThreadMXBean()::getThreadCpuTime).sum();
  }
}
