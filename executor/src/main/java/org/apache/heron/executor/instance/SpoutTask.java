package org.apache.heron.executor.instance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.heron.api.Config;
import org.apache.heron.api.spout.ISpout;
import org.apache.heron.api.spout.SpoutOutputCollector;
import org.apache.heron.executor.acking.AckLedger;
import org.apache.heron.executor.acking.Completion;
import org.apache.heron.executor.acking.Completion.Outcome;
import org.apache.heron.executor.delivery.Waker;
import org.apache.heron.executor.metrics.InstanceStats;
import org.apache.heron.executor.plan.PlanView;

/** One life of a spout. */
final class SpoutTask extends InstanceTask {

  /** For so long nextTuple is called again and again before tuples are sent. */
  private static final long CYCLE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final long SHORTEST_REST_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long LONGEST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ISpout spout;
  private final AckLedger ledger;
  private final Waker waker;
  private final SpoutCollector collector;
  private final Emitter emitter;
  private final boolean acking;
  private final long maxPending;
  private List<Completion> spare = new ArrayList<>();
  private long restNanos = SHORTEST_REST_NANOS;
  private volatile boolean nudged;

  SpoutTask(
      InstanceIdentity identity,
      InstanceEnvironment environment,
      InstanceStats stats,
      PlanView plan,
      AckLedger ledger,
      Waker waker) {
    super(identity, environment, stats, plan);
    this.ledger = ledger;
    this.waker = waker;
    acking = config.acking();
    maxPending = Math.max(1, config.number(Config.TOPOLOGY_MAX_SPOUT_PENDING, Long.MAX_VALUE));
    spout = create(plan.spout(identity.component()).getComp(), ISpout.class, environment.objects());
    emitter = new Emitter(environment, context, stats, newSerializer(), ledger::publish);
    collector = new SpoutCollector(emitter, ledger, acking, identity.task(), stats);
  }

  @Override
  Emitter emitter() {
    return emitter;
  }

  @Override
  Object userObject() {
    return spout;
  }

  @Override
  void open() {
    registerGlobalMetrics();
    initState(spout);
    addAutoHooks();
    emitter.planChanged(plan);
    spout.open(userConfig, context, new SpoutOutputCollector(collector));
    hooks.prepare(userConfig, context);
    addTimerEvents();
    if (acking) {
      config.messageTimeout().ifPresent(this::watchTimeouts);
    }
  }

  private void watchTimeouts(Duration timeout) {
    int buckets = environment.settings().acknowledgementBuckets();
    timers.every(
        timeout.dividedBy(buckets),
        System.nanoTime(),
        () -> ledger.expire(System.nanoTime() - timeout.toNanos()));
  }

  @Override
  void planChanged(PlanView newPlan) {
    boolean wasRunning = plan.running();
    super.planChanged(newPlan);
    if (!wasRunning && newPlan.running()) {
      spout.activate();
    } else if (wasRunning && !newPlan.running()) {
      spout.deactivate();
    }
  }

  @Override
  void step() {
    long now = System.nanoTime();
    timers.run(now);
    boolean worked = deliverCompletions();
    boolean clamped = environment.clamped().getAsBoolean();
    boolean limited = emitter.limitedNanos(now) > 0;
    boolean mayEmit = plan.running() && !clamped && !limited && !full();
    boolean emitted = mayEmit && produce();
    emitter.flush();
    if (emitted || worked) {
      restNanos = SHORTEST_REST_NANOS;
    } else {
      rest(mayEmit, clamped && plan.running());
    }
  }

  private boolean full() {
    return acking && ledger.pending() >= maxPending;
  }

  private boolean produce() {
    long start = System.nanoTime();
    long now = start;
    long before = stats.emittedTotal();
    long emitted = before;
    do {
      long already = emitted;
      spout.nextTuple();
      long then = now;
      now = System.nanoTime();
      stats.nextTuples.add(1);
      stats.nextTupleNanos.add(now - then);
      if (!acking) {
        ackAtOnce();
      }
      emitted = stats.emittedTotal();
      if (emitted == already) {
        break;
      }
    } while (now - start < CYCLE_NANOS
        && !full()
        && emitter.limitedNanos(now) <= 0
        && !environment.clamped().getAsBoolean());
    return emitted != before;
  }

  private void ackAtOnce() {
    Completion acked = collector.pollAckedAtOnce();
    while (acked != null) {
      stats.acked(acked.stream(), 0);
      spout.ack(acked.messageId());
      if (!hooks.none()) {
        hooks.spoutAcked(acked.messageId(), Duration.ZERO);
      }
      acked = collector.pollAckedAtOnce();
    }
  }

  private boolean deliverCompletions() {
    if (!acking) {
      ackAtOnce();
      return false;
    }
    List<Completion> completions = ledger.take(spare);
    if (completions.isEmpty()) {
      spare = completions;
      return false;
    }
    long now = System.nanoTime();
    for (int i = 0, size = completions.size(); i < size; i++) {
      deliver(completions.get(i), now);
    }
    completions.clear();
    spare = completions;
    return true;
  }

  private void deliver(Completion completion, long now) {
    long latency = now - completion.emittedNanos();
    if (completion.outcome() == Outcome.ACKED) {
      stats.acked(completion.stream(), latency);
      spout.ack(completion.messageId());
      if (!hooks.none()) {
        hooks.spoutAcked(completion.messageId(), Duration.ofNanos(latency));
      }
      return;
    }
    stats.failed(completion.stream(), latency);
    if (completion.outcome() == Outcome.TIMED_OUT) {
      stats.timedOut(completion.stream());
    }
    spout.fail(completion.messageId());
    if (!hooks.none()) {
      hooks.spoutFailed(completion.messageId(), Duration.ofNanos(latency));
    }
  }

  /**
   * Sleeps. A spout that had nothing to emit is asked again after a short rest, which grows to a
   * few milliseconds; one that may not emit sleeps until it may.
   */
  private void rest(boolean nothingToEmit, boolean clamped) {
    long start = System.nanoTime();
    long limited = emitter.limitedNanos(start);
    long longest = limited > 0 ? Math.min(limited, IDLE_NANOS) : IDLE_NANOS;
    long limit = start + (nothingToEmit ? restNanos : longest);
    waker.sleep(
        timers.nextNanos(limit) - start,
        () ->
            ledger.hasCompletions()
                || (clamped && !environment.clamped().getAsBoolean())
                || nudged);
    nudged = false;
    if (nothingToEmit) {
      restNanos = Math.min(LONGEST_REST_NANOS, restNanos * 2);
    }
    if (clamped) {
      stats.clampedNanos.add(System.nanoTime() - start);
    }
  }

  @Override
  boolean hasFinished() {
    return ledger.pending() == 0;
  }

  @Override
  void nudge() {
    nudged = true;
    waker.wake();
  }

  @Override
  void close() {
    if (retiring) {
      // nobody else will ever tell the spout what became of these
      ledger.expire(System.nanoTime());
      deliverCompletions();
    }
    ledger.clear();
    hooks.cleanup();
    spout.close();
  }
}
