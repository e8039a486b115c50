package org.apache.heron.client;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.apache.heron.service.inprocess.LibraryLaunch;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.scheduler.IScheduler;
import org.apache.heron.spi.scheduler.LaunchContext;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerStatus;

/**
 * A cluster that keeps containers running by itself, with launcher and scheduler that are no
 * process: what they know is in the cluster. One cluster at a time.
 */
public final class FakeCluster {
  private static volatile FakeCluster current = new FakeCluster();

  private final Map<Integer, String> containers = new TreeMap<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private volatile String newState = "RUNNING";
  private volatile Optional<String> failure = Optional.empty();
  private volatile String refusal = "";
  private volatile boolean resizes = true;
  private volatile Map<Integer, Integer> renumbered = Map.of();

  static FakeCluster empty() {
    current = new FakeCluster();
    return current;
  }

  /** In what state new containers are. */
  void newContainersAre(String state) {
    newState = state;
  }

  /** It cannot be asked. */
  void failsWith(String message) {
    failure = Optional.of(message);
  }

  /** It gives a container that is added another number than the plan's. */
  void renumbers(int wanted, int given) {
    renumbered = Map.of(wanted, given);
  }

  /** Its containers keep the size that they were submitted with. */
  void neverResizes() {
    resizes = false;
  }

  void refuses(String message) {
    refusal = message;
  }

  void recovers() {
    failure = Optional.empty();
    refusal = "";
  }

  List<String> calls() {
    return List.copyOf(calls);
  }

  synchronized List<Integer> ids() {
    return List.copyOf(containers.keySet());
  }

  private void call(String name) {
    calls.add(name);
    if (failure.isPresent()) {
      throw new SchedulerException(failure.get());
    }
  }

  private synchronized void have(PackingPlan plan) {
    TreeSet<Integer> wanted = new TreeSet<>();
    wanted.add(0);
    plan.containers().forEach(container -> wanted.add(container.id()));
    containers.keySet().retainAll(wanted);
    wanted.forEach(id -> containers.putIfAbsent(id, newState));
  }

  private Map<Integer, Integer> numbersOf(PackingPlan plan) {
    Map<Integer, Integer> numbers = new TreeMap<>(renumbered);
    numbers.keySet().removeIf(id -> plan.container(id).isEmpty());
    return numbers;
  }

  private synchronized SchedulerStatus status(String topology) {
    return new SchedulerStatus(
        topology,
        topology + "-id",
        SchedulerStatus.Phase.RUNNING,
        "",
        "",
        "",
        containers.entrySet().stream()
            .map(
                entry ->
                    new SchedulerStatus.Container(
                        entry.getKey(),
                        entry.getValue(),
                        "",
                        5,
                        5,
                        "",
                        "",
                        1,
                        1,
                        1,
                        Map.of(),
                        "the image is missing",
                        0,
                        0))
            .toList());
  }

  /** Its launcher. */
  public static final class Launcher implements ILauncher {
    private LaunchContext context;

    /** For reflection. */
    public Launcher() {}

    @Override
    public void initialize(LaunchContext launchContext) {
      context = launchContext;
    }

    @Override
    public void launch(PackingPlan plan) {
      LibraryLaunch.run(context, plan, new Scheduler());
    }

    @Override
    public void cleanUp() {}

    @Override
    public void close() {}
  }

  /** Its scheduler. */
  public static final class Scheduler implements IScheduler {
    private final FakeCluster cluster = current;
    private SchedulerContext context;

    /** For reflection. */
    public Scheduler() {}

    @Override
    public void initialize(SchedulerContext schedulerContext) {
      context = schedulerContext;
    }

    @Override
    public void onSchedule(Supplier<PackingPlan> plan) {
      cluster.call("schedule " + context.properties().get(SchedulerContext.PACKAGE_URI));
      cluster.have(plan.get());
    }

    @Override
    public List<String> jobLinks() {
      return List.of("http://cluster/jobs/words");
    }

    @Override
    public Outcome onKill() {
      cluster.call("kill");
      if (!cluster.refusal.isEmpty()) {
        return Outcome.refused(cluster.refusal);
      }
      synchronized (cluster) {
        cluster.containers.clear();
      }
      return Outcome.done("");
    }

    @Override
    public CompletableFuture<Outcome> onRestart(int container, int parallel) {
      cluster.call("restart " + container + " " + parallel);
      return CompletableFuture.completedFuture(
          cluster.refusal.isEmpty() ? Outcome.done("") : Outcome.refused(cluster.refusal));
    }

    @Override
    public CompletableFuture<Outcome> onScale(PackingPlan wanted) {
      cluster.call("scale " + wanted.containers().size());
      cluster.have(wanted);
      boolean all = status().allRunning();
      return all
          ? CompletableFuture.completedFuture(Outcome.done("scaled", cluster.numbersOf(wanted)))
          : new CompletableFuture<>();
    }

    @Override
    public boolean resizes() {
      return cluster.resizes;
    }

    @Override
    public SchedulerStatus status() {
      if (cluster.failure.isPresent()) {
        throw new SchedulerException(cluster.failure.get());
      }
      return cluster.status(context.topology().getName());
    }

    @Override
    public Optional<Explanation> explain() {
      cluster.call("explain");
      return Optional.of(
          new Explanation(
              context.topology().getName(),
              1,
              SchedulerStatus.Phase.RUNNING,
              "",
              new Explanation.Market("OPEN", 0, 1, 1, 1),
              List.of(),
              List.of()));
    }

    @Override
    public CompletableFuture<Void> finished() {
      return new CompletableFuture<>();
    }

    @Override
    public void close() {}
  }
}
