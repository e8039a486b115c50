package org.apache.heron.executor.instance;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.heron.api.Config;
import org.apache.heron.executor.acking.AckLedger;
import org.apache.heron.executor.delivery.Batch;
import org.apache.heron.executor.delivery.Inbox;
import org.apache.heron.executor.delivery.Waker;
import org.apache.heron.executor.metrics.InstanceStats;
import org.apache.heron.executor.plan.ComponentConfig;
import org.apache.heron.executor.plan.PlanView;
import org.apache.heron.executor.plane.InstanceCounters;
import org.apache.heron.executor.tuple.StreamInfo;
import org.apache.heron.executor.tuple.StreamTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An instance with its thread. When user code throws, the object is closed, the exception recorded,
 * and after a back-off a new object is made from the definition, in place. Upstream ends the
 * instance's process and starts it again after ten seconds; what the object had not acked is lost
 * alike and times out, but what waits in the queue is kept here. Thread-safe.
 */
public final class InstanceRunner {

  private static final Logger LOG = LoggerFactory.getLogger(InstanceRunner.class);

  /** After so long without an exception the back-off starts from the beginning. */
  private static final long FORGIVEN_NANOS = TimeUnit.MINUTES.toNanos(10);

  private enum State {
    /** The user's object is being made. */
    STARTING,
    /** Tuples flow. */
    RUNNING,
    /** The topology is deactivated. */
    PAUSED,
    /** No plan names it any more: it finishes what it has begun. */
    RETIRING,
    /** It threw, and waits for its next life. */
    BACKING_OFF,
    /** It will not run again. */
    STOPPED
  }

  private final InstanceIdentity identity;
  private final InstanceEnvironment environment;
  private final InstanceStats stats;
  private final Waker waker = new Waker();
  private final Inbox inbox;
  private final AckLedger ledger;
  private final boolean spout;
  private final ArrayDeque<Batch> taken = new ArrayDeque<>();
  private final Thread thread;
  private final PressureClock pressure = new PressureClock();

  private volatile PlanView plan;
  private volatile boolean stopped;
  private volatile boolean retiring;
  private volatile State state = State.STARTING;
  private final AtomicInteger starts = new AtomicInteger();
  private volatile InstanceTask current;
  private volatile boolean again;

  /**
   * An instance that does not run yet.
   *
   * @param alarm told when its queue is too full
   */
  public InstanceRunner(
      InstanceIdentity identity,
      InstanceEnvironment environment,
      PlanView plan,
      Inbox.Alarm alarm) {
    this.identity = identity;
    this.environment = environment;
    this.plan = plan;
    spout = plan.spout(identity.component()) != null;
    stats = new InstanceStats(environment.streams(), streams());
    boolean discard =
        ComponentConfig.of(plan.topology(), identity.component(), environment.objects())
            .flag(Config.TOPOLOGY_DROPTUPLES_UPON_BACKPRESSURE, false);
    inbox =
        new Inbox(environment.settings().queueCapacity(), discard, pressure.around(alarm), waker);
    ledger = new AckLedger(waker);
    thread = new Thread(this::run, identity.instanceId());
    thread.setDaemon(true);
    thread.setContextClassLoader(environment.objects().loader());
  }

  /** What a spout emits, or a bolt takes. */
  private Set<StreamInfo> streams() {
    StreamTable streams = environment.streams();
    if (spout) {
      return Set.copyOf(streams.outputsOf(identity.component()).values());
    }
    return plan.bolt(identity.component()).getInputsList().stream()
        .map(input -> input.getStream())
        .flatMap(stream -> streams.find(stream.getComponentName(), stream.getId()).stream())
        .collect(Collectors.toSet());
  }

  /** Its queue. */
  public Inbox inbox() {
    return inbox;
  }

  /** Its tuple trees; empty for ever if it is a bolt. */
  public AckLedger ledger() {
    return ledger;
  }

  /** Whether it is a spout. */
  public boolean spout() {
    return spout;
  }

  /** Which instance it is. */
  public InstanceIdentity identity() {
    return identity;
  }

  /** Begins its first life. */
  public void start() {
    thread.start();
  }

  /** Takes over a plan, soon. */
  public void planChanged(PlanView newPlan) {
    plan = newPlan;
    nudge();
  }

  /** Ends a sleep: spouts may emit again, or there is something else new. */
  public void nudge() {
    InstanceTask task = current;
    if (task != null) {
      task.nudge();
    } else {
      waker.wake();
    }
  }

  /** Ends its present life and begins a new one, soon. */
  public void restart() {
    again = true;
    nudge();
  }

  /**
   * Asks it to finish what it has begun, a spout its trees and a bolt its queue, and to end then. A
   * spout is deactivated and emits nothing more.
   *
   * @param newPlan by which others go on; what a bolt still emits goes by it
   */
  public void retire(PlanView newPlan) {
    retiring = true;
    planChanged(newPlan.paused());
  }

  /** Waits for its end without hurrying it. */
  public void awaitEnd(Duration timeout) throws InterruptedException {
    thread.join(Math.max(1, timeout.toMillis()));
  }

  /** Asks it to end. */
  public void stop() {
    stopped = true;
    InstanceTask task = current;
    if (task != null) {
      task.emitter().stop();
    }
    nudge();
  }

  /** Waits for its end; interrupts user code when half of the time is over. */
  public void awaitStop(Duration timeout) {
    try {
      thread.join(Math.max(1, timeout.toMillis() / 2));
      if (thread.isAlive()) {
        thread.interrupt();
        thread.join(Math.max(1, timeout.toMillis() / 2));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      LOG.warn("{} does not end: its code is still in a call", identity.instanceId());
    }
    inbox.close();
  }

  private void run() {
    int failures = 0;
    while (!stopped) {
      long start = System.nanoTime();
      try {
        if (live()) {
          break;
        }
      } catch (Throwable thrown) { // the thread's edge: whatever user code does ends here
        if (thrown instanceof VirtualMachineError && !(thrown instanceof StackOverflowError)) {
          state = State.STOPPED;
          environment.listener().fatal(thrown);
          return;
        }
        if (stopped) {
          LOG.info("{} threw while it was stopped: {}", identity.instanceId(), thrown.toString());
          break;
        }
        failures = System.nanoTime() - start > FORGIVEN_NANOS ? 1 : failures + 1;
        backOff(thrown, failures);
      }
    }
    state = State.STOPPED;
    inbox.close();
    // senders in other containers would wait for this credit for ever
    inbox.forget(taken);
    taken.clear();
  }

  /** One life; true if it was the last. */
  @SuppressWarnings("ReferenceEquality") // is it another object than last time?
  private boolean live() {
    again = false;
    state = State.STARTING;
    starts.incrementAndGet();
    stats.userMetrics().clear();
    PlanView known = plan;
    InstanceTask task =
        spout
            ? new SpoutTask(identity, environment, stats, known, ledger, waker)
            : new BoltTask(identity, environment, stats, known, inbox, taken, waker);
    current = task;
    try {
      task.open();
      state = stateBy(known);
      while (!stopped && !again) {
        PlanView newest = plan;
        if (newest != known) {
          known = newest;
          task.planChanged(newest);
          state = stateBy(newest);
        }
        if (retiring && !task.retiring) {
          task.retire();
        }
        if (retiring && task.hasFinished()) {
          return true;
        }
        task.step();
      }
      return false;
    } finally {
      current = null;
      close(task);
    }
  }

  private State stateBy(PlanView view) {
    if (retiring) {
      return State.RETIRING;
    }
    return view.running() ? State.RUNNING : State.PAUSED;
  }

  /** User code that failed may fail again when it is closed; its first exception matters more. */
  private void close(InstanceTask task) {
    try {
      task.close();
    } catch (RuntimeException | LinkageError e) {
      stats.exceptions().add(e);
      LOG.warn("{} threw when it was closed", identity.instanceId(), e);
    }
  }

  private void backOff(Throwable thrown, int failures) {
    stats.exceptions().add(thrown);
    Duration first = environment.settings().firstBackOff();
    Duration longest = environment.settings().longestBackOff();
    Duration pause = first.multipliedBy(1L << Math.min(20, failures - 1));
    Duration restartIn = pause.compareTo(longest) > 0 ? longest : pause;
    LOG.error("{} threw; a new one starts in {}", identity.instanceId(), restartIn, thrown);
    state = State.BACKING_OFF;
    environment.listener().instanceFailed(identity.instanceId(), thrown, restartIn);
    long end = System.nanoTime() + restartIn.toNanos();
    long left = restartIn.toNanos();
    while (left > 0 && !stopped) {
      waker.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(100)), () -> stopped);
      left = end - System.nanoTime();
    }
  }

  /** Tuples lost on the way out, or with an earlier life, by reason. */
  public void addDrops(Map<String, Long> drops) {
    drops.merge("undeliverable", stats.undeliverable.get(), Long::sum);
    drops.merge("cycle", stats.cycleDrops.get(), Long::sum);
    drops.merge("restart", stats.restartDrops.get(), Long::sum);
    drops.merge("backpressure", inbox.discarded(), Long::sum);
  }

  /** Its counters now. */
  public InstanceCounters counters() {
    return new InstanceCounters(
        identity.instanceId(),
        identity.component(),
        identity.task(),
        identity.componentIndex(),
        spout ? "SPOUT" : "BOLT",
        state.name(),
        starts.get(),
        stats.emittedByStream(identity.component()),
        stats.streams(),
        stats.nextTuples.get(),
        stats.nextTupleNanos.get(),
        spout ? ledger.pending() : 0,
        inbox.size(),
        spout
            ? TimeUnit.NANOSECONDS.toMillis(stats.clampedNanos.get())
            : pressure.total().toMillis(),
        TimeUnit.NANOSECONDS.toMillis(stats.blockedNanos.get()),
        stats.exceptions().count(),
        stats.exceptions().reports(),
        stats.userMetrics().snapshot());
  }
}
