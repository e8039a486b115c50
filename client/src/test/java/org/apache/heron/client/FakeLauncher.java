package org.apache.heron.client;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.scheduler.LaunchContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerRunsException;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.TopologyHistory;
import org.apache.heron.spi.statemgr.StateKind;

/**
 * A launcher whose scheduler is a {@link FakeScheduler} in this JVM, and whose containers find each
 * other at once; one topology at a time.
 */
public final class FakeLauncher implements ILauncher {
  private static final List<String> CALLS = new CopyOnWriteArrayList<>();
  private static volatile FakeScheduler scheduler;
  private static volatile boolean broken;
  private static volatile boolean registered;
  private static volatile boolean cutOff;
  private static volatile Optional<TopologyHistory> recorded = Optional.empty();

  /** Of a process that lives without a session; empty: there is none. */
  private static volatile Optional<AtomicInteger> resumesUntilItIsBack = Optional.empty();

  private static volatile String malformed = "";
  private static volatile Optional<String> survivor = Optional.empty();

  private LaunchContext context;

  /** For reflection. */
  public FakeLauncher() {}

  /** What the next launches use. */
  static void use(FakeScheduler next) {
    CALLS.clear();
    scheduler = next;
    broken = false;
    cutOff = false;
    resumesUntilItIsBack = Optional.empty();
    registered = true;
    recorded = Optional.empty();
    malformed = "";
    survivor = Optional.empty();
  }

  /** As if the configuration held what no scheduler can work with. */
  static void misconfigure(String why) {
    malformed = why;
  }

  /** As if the cluster ran something that nothing is on record of. */
  static void survives(String what) {
    survivor = Optional.of(what);
  }

  static void recorded(TopologyHistory history) {
    recorded = Optional.of(history);
  }

  static void breakCleanUp() {
    cutOff = true;
  }

  /**
   * As if the scheduler's process, 4711, lived, but its session had ended; it has another one when
   * it was to be started so often.
   */
  static void livesWithoutSession(int resumes) {
    resumesUntilItIsBack = Optional.of(new AtomicInteger(resumes));
  }

  static void breakLaunches() {
    broken = true;
  }

  /** As if Mesos never had heard of the topology. */
  static void neverRegistered() {
    registered = false;
  }

  static List<String> calls() {
    return CALLS;
  }

  @Override
  public void initialize(LaunchContext launchContext) {
    context = launchContext;
  }

  @Override
  public void check(Config cluster, String topology) {
    if (!malformed.isEmpty()) {
      throw new ConfigException(malformed);
    }
  }

  @Override
  public Optional<String> survivor() {
    return survivor;
  }

  @Override
  public void launch(PackingPlan plan) {
    CALLS.add("launch " + context.topology().getName() + " " + context.packageUri().getScheme());
    if (broken) {
      throw new SchedulerException("no Mesos master at 127.0.0.1:1");
    }
    scheduler.publish(context.state(), context.topology().getName());
    context
        .state()
        .put(
            StateKind.PHYSICAL_PLAN,
            context.topology().getName(),
            PhysicalPlan.newBuilder().setTopology(context.topology()).build());
  }

  @Override
  public boolean resume(PackingPlan plan) {
    CALLS.add("resume");
    if (resumesUntilItIsBack.isPresent()) {
      if (resumesUntilItIsBack.get().getAndDecrement() == 0) {
        scheduler.publish(context.state(), context.topology().getName());
      }
      throw new SchedulerRunsException("a scheduler runs already (process 4711)", 4711);
    }
    if (registered) {
      scheduler.publish(context.state(), context.topology().getName());
    }
    return registered;
  }

  @Override
  public Optional<Path> schedulerLog() {
    return Optional.of(Path.of("/var/heron", context.topology().getName(), "scheduler.log"));
  }

  @Override
  public Optional<TopologyHistory> recordedHistory() {
    return recorded;
  }

  @Override
  public Explanation survey(PackingPlan plan) {
    CALLS.add("survey " + context.topology().getName());
    return new Explanation(
        context.topology().getName(),
        1,
        SchedulerStatus.Phase.REGISTERING,
        "",
        new Explanation.Market("OPEN", 0, 1, 1, 1),
        List.of(),
        List.of());
  }

  @Override
  public void cleanUp() {
    CALLS.add("cleanUp");
    if (cutOff) {
      throw new SchedulerException("cut off");
    }
  }

  @Override
  public void close() {}
}
