package org.apache.heron.executor.stmgr;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.heron.executor.instance.InstanceRunner;
import org.apache.heron.executor.plan.PlanView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Instances that the newest plan does not name any more. They finish what they have begun: spouts
 * wait for their trees, bolts execute what is queued and what others still send. What is not
 * finished in time is thrown away, and fails by time-out. Thread-safe.
 */
final class Retirement {

  private static final Logger LOG = LoggerFactory.getLogger(Retirement.class);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(4);

  private final Duration limit;
  private final List<InstanceRunner> leaving = new CopyOnWriteArrayList<>();
  private final Set<Integer> tags = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> drops = new HashMap<>(); // guarded by this

  /**
   * @param limit how long instances may take to finish
   */
  Retirement(Duration limit) {
    this.limit = limit;
  }

  /** These instances are about to leave; they are found here from now on. */
  void expect(List<InstanceRunner> runners) {
    runners.forEach(runner -> tags.add(runner.identity().tag()));
    leaving.addAll(runners);
  }

  /**
   * Lets these instances finish.
   *
   * @param plan the newest, of which those that retire already are told as well
   */
  void begin(List<InstanceRunner> runners, PlanView plan) {
    leaving.forEach(runner -> runner.retire(plan));
    if (runners.isEmpty()) {
      return;
    }
    LOG.info(
        "instances that the plan does not name finish within {} s: {}",
        limit.toSeconds(),
        runners.stream().map(runner -> runner.identity().instanceId()).toList());
    Thread thread = new Thread(() -> await(runners), "retirement");
    thread.setDaemon(true);
    thread.start();
  }

  private void await(List<InstanceRunner> runners) {
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      for (InstanceRunner runner : runners) {
        runner.awaitEnd(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stop(runners);
    synchronized (this) {
      runners.forEach(runner -> runner.addDrops(drops));
      leaving.removeAll(runners);
    }
  }

  /** Ends instances now, and waits for it. */
  static void stop(List<InstanceRunner> runners) {
    runners.forEach(InstanceRunner::stop);
    long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
    for (InstanceRunner runner : runners) {
      runner.awaitStop(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
    }
  }

  /** Those that have not ended yet. */
  List<InstanceRunner> leaving() {
    return leaving;
  }

  /** The one of that task and tag, or null. */
  InstanceRunner find(int task, int tag) {
    for (InstanceRunner runner : leaving) {
      if (runner.identity().task() == task && runner.identity().tag() == tag) {
        return runner;
      }
    }
    return null;
  }

  /** Whether an instance of that tag was here and has not come back. */
  boolean knows(int tag) {
    return tags.contains(tag);
  }

  /** An instance is here (again). */
  void returned(int tag) {
    tags.remove(tag);
  }

  /** Adds what was thrown away with those that have ended. */
  synchronized void addDrops(Map<String, Long> total) {
    drops.forEach((reason, count) -> total.merge(reason, count, Long::sum));
    leaving.forEach(runner -> runner.addDrops(total));
  }

  /** Ends everybody. */
  void close() {
    stop(new ArrayList<>(leaving));
  }
}
