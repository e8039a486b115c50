package org.apache.heron.executor.stmgr;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.heron.executor.acking.AckUpdates;
import org.apache.heron.executor.delivery.Batch;
import org.apache.heron.executor.instance.InstanceIdentity;
import org.apache.heron.executor.instance.InstanceRunner;
import org.apache.heron.executor.plan.PlanView;
import org.apache.heron.proto.system.PhysicalPlans.Instance;

/**
 * The instances of one container: those of the plan in force, those that it does not name any more,
 * and the tuples that came before their instance. Changed by one thread, asked by any.
 */
final class Residents {

  private static final Duration EXPIRY_PERIOD = Duration.ofMillis(500);

  private final String stmgrId;
  private final BiConsumer<Duration, Runnable> later;
  private final Map<Integer, InstanceRunner> runners = new ConcurrentHashMap<>();
  private final Retirement retirement = new Retirement(MeshLimits.RETIREMENT_TIME);
  private final EarlyTuples early = new EarlyTuples();
  private final AtomicLong strayTuples = new AtomicLong();

  /**
   * Nobody is here yet.
   *
   * @param later does something after a while
   */
  Residents(String stmgrId, BiConsumer<Duration, Runnable> later) {
    this.stmgrId = stmgrId;
    this.later = later;
  }

  /** The instances of the plan in force. */
  Collection<InstanceRunner> runners() {
    return runners.values();
  }

  /** The instances that were of an earlier plan and have not ended yet. */
  Collection<InstanceRunner> leaving() {
    return retirement.leaving();
  }

  /** The instance of that task and tag, be it about to leave; null if it is not here. */
  InstanceRunner find(int task, int tag) {
    InstanceRunner runner = runners.get(task);
    return runner != null && runner.identity().tag() == tag ? runner : retirement.find(task, tag);
  }

  /**
   * Follows a plan: tells those who stay, makes and starts those who are new, and lets the others
   * finish.
   */
  void follow(PlanView view, Function<InstanceIdentity, InstanceRunner> maker) {
    List<InstanceRunner> gone =
        runners.values().stream().filter(runner -> !isIn(view, runner)).toList();
    // nobody is unknown at any time: acks may come for him
    retirement.expect(gone);
    gone.forEach(runner -> runners.remove(runner.identity().task(), runner));
    List<InstanceRunner> fresh = makeMissing(view, maker);
    deliverEarly();
    // all queues are there before the first instance looks for its receivers
    runners.values().stream()
        .filter(runner -> !fresh.contains(runner))
        .forEach(runner -> runner.planChanged(view));
    retirement.begin(gone, view);
    fresh.forEach(InstanceRunner::start);
  }

  private boolean isIn(PlanView view, InstanceRunner runner) {
    Instance instance = view.instances().get(runner.identity().task());
    return instance != null
        && instance.getStmgrId().equals(stmgrId)
        && InstanceIdentity.of(instance).equals(runner.identity());
  }

  private List<InstanceRunner> makeMissing(
      PlanView view, Function<InstanceIdentity, InstanceRunner> maker) {
    List<InstanceRunner> fresh = new ArrayList<>();
    for (Instance instance : view.instances().values()) {
      InstanceIdentity identity = InstanceIdentity.of(instance);
      if (instance.getStmgrId().equals(stmgrId) && !runners.containsKey(identity.task())) {
        InstanceRunner runner = maker.apply(identity);
        retirement.returned(identity.tag());
        runners.put(identity.task(), runner);
        fresh.add(runner);
      }
    }
    return fresh;
  }

  /**
   * Applies acks to the trees of a spout. Roots are random: a spout that has the task of another
   * one knows none of that one's.
   */
  @SuppressWarnings("ReferenceEquality") // acks must not be applied to one ledger twice
  void applyAcks(int spoutTask, AckUpdates updates) {
    InstanceRunner local = runners.get(spoutTask);
    if (local != null) {
      local.ledger().apply(updates);
    }
    for (InstanceRunner leaving : retirement.leaving()) {
      if (leaving.identity().task() == spoutTask && leaving != local) {
        leaving.ledger().apply(updates);
      }
    }
  }

  /** Tuples came from another container. */
  void arrived(int task, int tag, Batch.Encoded batch) {
    if (!deliver(task, tag, batch)) {
      // an instance that was here may come back; more likely the sender is late
      Duration patience =
          retirement.knows(tag) ? MeshLimits.LATE_TUPLES_TIME : MeshLimits.MEETING_TIME;
      keepEarly(new EarlyTuples.Early(task, tag, batch, System.nanoTime() + patience.toNanos()));
    }
  }

  /** False if the instance is not here, or not any more. */
  private boolean deliver(int task, int tag, Batch.Encoded batch) {
    InstanceRunner runner = find(task, tag);
    return runner != null && !runner.spout() && runner.inbox().deliver(batch);
  }

  private void keepEarly(EarlyTuples.Early one) {
    synchronized (early) {
      // the plan may have come in force between
      if (deliver(one.task(), one.tag(), one.batch())) {
        return;
      }
      boolean first = early.isEmpty();
      if (!early.keep(one)) {
        stray(one.batch());
      } else if (first) {
        later.accept(EXPIRY_PERIOD, this::expireEarly);
      }
    }
  }

  private void deliverEarly() {
    synchronized (early) {
      for (EarlyTuples.Early one : early.takeAll()) {
        if (!deliver(one.task(), one.tag(), one.batch()) && !early.keep(one)) {
          stray(one.batch());
        }
      }
    }
  }

  private void expireEarly() {
    synchronized (early) {
      early.takeExpired(System.nanoTime()).forEach(one -> stray(one.batch()));
      if (!early.isEmpty()) {
        later.accept(EXPIRY_PERIOD, this::expireEarly);
      }
    }
  }

  private void stray(Batch.Encoded batch) {
    strayTuples.addAndGet(batch.count());
    batch.credit().giveBack(batch.length());
  }

  /** Adds tuples thrown away, by reason. */
  void addDrops(Map<String, Long> total) {
    runners.values().forEach(runner -> runner.addDrops(total));
    retirement.addDrops(total);
    total.merge("stray", strayTuples.get(), Long::sum);
  }

  /** Ends everybody, and waits for it. */
  void close() {
    Retirement.stop(List.copyOf(runners.values()));
    retirement.close();
  }
}
