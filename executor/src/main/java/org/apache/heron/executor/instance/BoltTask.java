package org.apache.heron.executor.instance;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.heron.api.Config;
import org.apache.heron.api.bolt.IBolt;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.executor.delivery.Batch;
import org.apache.heron.executor.delivery.Inbox;
import org.apache.heron.executor.delivery.Waker;
import org.apache.heron.executor.metrics.InstanceStats;
import org.apache.heron.executor.plan.PlanView;
import org.apache.heron.executor.tuple.NearTuple;
import org.apache.heron.executor.tuple.TupleCodec;
import org.apache.heron.executor.tuple.TupleImpl;
import org.apache.heron.executor.tuple.ValueCodec;
import org.apache.heron.executor.tuple.WireReader;

/** One life of a bolt. */
final class BoltTask extends InstanceTask {

  /** Tuples and acks of a busy bolt are sent at least so often. */
  private static final long FLUSH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Process latency is taken of one tuple in so much time. */
  private static final long SAMPLE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** A bolt that retires has no more to do when nothing came for so long. */
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** The old name of the tick frequency, in seconds. */
  private static final String TICK_SECONDS = "topology.tick.tuple.freq.secs";

  private final IBolt bolt;
  private final Inbox inbox;
  private final Waker waker;
  private final Emitter emitter;
  private final BoltCollector collector;
  private final TupleCodec codec;
  private final WireReader reader = new WireReader(new byte[0], 0, 0);
  private final ArrayDeque<Batch> taken;
  private ArrayDeque<Batch> spare = new ArrayDeque<>();
  private long lastFlush;
  private long lastSample;
  private long lastWork = System.nanoTime();
  private volatile boolean nudged;

  /**
   * A bolt from its definition.
   *
   * @param taken batches that an earlier life took out of the inbox and did not get to
   */
  BoltTask(
      InstanceIdentity identity,
      InstanceEnvironment environment,
      InstanceStats stats,
      PlanView plan,
      Inbox inbox,
      ArrayDeque<Batch> taken,
      Waker waker) {
    super(identity, environment, stats, plan);
    this.inbox = inbox;
    this.taken = taken;
    this.waker = waker;
    bolt = create(plan.bolt(identity.component()).getComp(), IBolt.class, environment.objects());
    AckBuffer acks = new AckBuffer(environment.acks());
    emitter = new Emitter(environment, context, stats, newSerializer(), acks::flush);
    collector = new BoltCollector(emitter, acks, config.acking(), stats, hooks);
    codec = new TupleCodec(environment.streams(), new ValueCodec(newSerializer()));
  }

  @Override
  Emitter emitter() {
    return emitter;
  }

  @Override
  Object userObject() {
    return bolt;
  }

  @Override
  void open() {
    registerGlobalMetrics();
    initState(bolt);
    addAutoHooks();
    emitter.planChanged(plan);
    bolt.prepare(userConfig, context, new OutputCollector(collector));
    hooks.prepare(userConfig, context);
    addTimerEvents();
    addTicks();
  }

  private void addTicks() {
    long millis =
        config.number(
            Config.TOPOLOGY_TICK_TUPLE_FREQ_MS,
            TimeUnit.SECONDS.toMillis(config.number(TICK_SECONDS, 0)));
    if (millis > 0) {
      timers.every(Duration.ofMillis(millis), System.nanoTime(), this::tick);
    }
  }

  private void tick() {
    TupleImpl tick = new TupleImpl(environment.streams().tick(), -1, new ArrayList<>(0), null);
    long start = System.nanoTime();
    bolt.execute(tick);
    stats.executed(tick.stream(), System.nanoTime() - start);
  }

  @Override
  void step() {
    timers.run(System.nanoTime());
    if (taken.isEmpty()) {
      spare = exchange(spare);
    }
    if (taken.isEmpty()) {
      emitter.flush();
      long now = System.nanoTime();
      waker.sleep(timers.nextNanos(now + IDLE_NANOS) - now, () -> nudged || !inbox.isEmpty());
      nudged = false;
      return;
    }
    lastWork = System.nanoTime();
    Batch batch = taken.poll();
    try {
      execute(batch);
    } finally {
      inbox.done(batch);
    }
    if (taken.isEmpty() && inbox.isEmpty()) {
      emitter.flush();
    }
  }

  private ArrayDeque<Batch> exchange(ArrayDeque<Batch> empty) {
    ArrayDeque<Batch> full = inbox.take(empty);
    taken.addAll(full);
    full.clear();
    return full;
  }

  private void execute(Batch batch) {
    int done = 0;
    int count = batch.count();
    try {
      long now = System.nanoTime();
      if (batch instanceof Batch.Objects objects) {
        NearTuple[] tuples = objects.tuples();
        while (done < count) {
          now = execute(codec.open(tuples[done++]), now);
        }
      } else if (batch instanceof Batch.Encoded encoded) {
        reader.reset(encoded.bytes(), encoded.offset(), encoded.end());
        while (done < count) {
          done++;
          now = execute(codec.read(reader, encoded.sourceTask()), now);
        }
      }
    } finally {
      stats.restartDrops.add(count - done);
    }
  }

  /** Executes a tuple; answers when it was through. */
  private long execute(TupleImpl tuple, long start) {
    boolean hooked = !hooks.none();
    if (hooked || start - lastSample > SAMPLE_NANOS) {
      lastSample = start;
      tuple.startedAt(start);
    }
    bolt.execute(tuple);
    long end = System.nanoTime();
    stats.executed(tuple.stream(), end - start);
    if (hooked) {
      hooks.boltExecuted(tuple, Duration.ofNanos(end - start));
    }
    emitter.awaitLimit();
    if (end - lastFlush > FLUSH_NANOS) {
      lastFlush = end;
      emitter.flush();
      timers.run(end);
      return System.nanoTime();
    }
    return end;
  }

  @Override
  void retire() {
    super.retire();
    lastWork = System.nanoTime();
  }

  /** Other containers follow the plan a little later, and send meanwhile. */
  @Override
  boolean hasFinished() {
    return taken.isEmpty() && inbox.isEmpty() && System.nanoTime() - lastWork > QUIET_NANOS;
  }

  @Override
  void nudge() {
    nudged = true;
    waker.wake();
  }

  @Override
  void close() {
    hooks.cleanup();
    bolt.cleanup();
  }
}
