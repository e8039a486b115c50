package org.apache.heron.scheduler.mesos;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.heron.framework.core.Blueprint;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.core.Timing;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.metrics.FrameworkMetrics;
import org.apache.heron.framework.runtime.FrameworkRuntime;
import org.apache.heron.framework.status.ExplainReport;
import org.apache.heron.framework.status.StatusReport;
import org.apache.heron.framework.task.ContainerTasks;
import org.apache.heron.framework.task.FrameworkDescription;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.IScheduler;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerStatus;

/**
 * Runs a topology's containers as a framework of its own on Mesos. What it must remember is in
 * ZooKeeper, so a scheduler that is started anew goes on with the same framework and tasks.
 */
public final class MesosScheduler implements IScheduler {
  // A kill waits for each task's grace period; who asks waits two minutes.
  private static final Duration KILL_LIMIT = Duration.ofSeconds(100);

  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private SchedulerContext context;
  private MesosSettings settings;
  private Timing timing;
  private FrameworkMetrics metrics;
  private volatile Optional<FrameworkRuntime> runtime = Optional.empty();
  private volatile Optional<FrameworkRecords> records = Optional.empty();

  /** For reflection. */
  public MesosScheduler() {}

  @Override
  public void initialize(SchedulerContext schedulerContext) {
    context = schedulerContext;
    settings = new MesosSettings(context.config());
    timing = settings.timing();
    Config config = context.config();
    metrics =
        new FrameworkMetrics(
            context.topology().getName(),
            config.optionalString(Key.CLUSTER).orElse(""),
            config.optionalString(Key.ROLE).orElse(""),
            config.optionalString(Key.ENVIRON).orElse(""),
            Clock.systemUTC());
    settings.connections(metrics);
  }

  @Override
  public void onSchedule(PackingPlan plan) {
    if (context == null || runtime.isPresent()) {
      throw new IllegalStateException("onSchedule is called once, after initialize");
    }
    String topology = context.topology().getName();
    Clock clock = Clock.systemUTC();
    Blueprint blueprint =
        new Blueprint(
            topology,
            context.topology().getId(),
            FrameworkDescription.of(context.config(), topology),
            timing,
            tasks(plan),
            new PlacementSettings(context.config()).rules(),
            settings.disruption());
    FrameworkRecords opened = FrameworkRecords.open(context.config(), topology, clock);
    records = Optional.of(opened);
    FrameworkRuntime started = opened.takeOver(blueprint, settings.sizes(plan), clock, metrics);
    runtime = Optional.of(started);
    started
        .finished()
        .whenComplete(
            (done, failure) -> {
              opened.close();
              if (failure == null) {
                finished.complete(null);
              } else {
                finished.completeExceptionally(failure);
              }
            });
    started.start(settings.connections(metrics));
  }

  private ContainerTasks tasks(PackingPlan plan) {
    Config config = context.config();
    return new ContainerTasks(
        config,
        context.topology(),
        plan.componentRam(),
        property(Key.CORE_PACKAGE_URI).orElseGet(() -> config.string(Key.CORE_PACKAGE_URI)),
        property(Key.TOPOLOGY_PACKAGE_URI)
            .orElseThrow(
                () ->
                    new SchedulerException(
                        "the scheduler was started without -P"
                            + Key.TOPOLOGY_PACKAGE_URI.text()
                            + "=URI, so containers cannot fetch the topology package")),
        settings.tasks());
  }

  private Optional<String> property(Key key) {
    return Optional.ofNullable(context.properties().get(key.text()))
        .or(() -> context.config().get(key.text()).map(String::valueOf))
        .filter(value -> !value.isBlank());
  }

  @Override
  public List<String> jobLinks() {
    return runtime
        .map(FrameworkRuntime::state)
        .filter(state -> state.frameworkId().isPresent() && !state.master().isEmpty())
        .map(this::link)
        .map(List::of)
        .orElse(List.of());
  }

  /** The framework's page in the web interface of the master. */
  private String link(State state) {
    return settings.masterScheme()
        + "://"
        + state.master()
        + "/#/frameworks/"
        + state.frameworkId().orElseThrow();
  }

  @Override
  public Outcome onKill() {
    return answer(
        FrameworkRuntime::kill,
        KILL_LIMIT,
        "the kill is on record and goes on; see the scheduler's status for what it waits for");
  }

  @Override
  public CompletableFuture<Outcome> onRestart(int container, int parallel) {
    if (container < -1) {
      return refused("there is no container " + container + "; -1 stands for all");
    }
    Optional<ContainerId> only =
        container == -1 ? Optional.empty() : Optional.of(new ContainerId(container));
    return ask(running -> running.restart(only, parallel));
  }

  @Override
  public CompletableFuture<Outcome> onScale(PackingPlan wanted) {
    return ask(running -> running.update(settings.sizes(wanted)));
  }

  private CompletableFuture<Outcome> ask(
      Function<FrameworkRuntime, CompletableFuture<Outcome>> command) {
    return runtime
        .map(command)
        .orElseGet(() -> refused("the scheduler has not begun yet; try again in a moment"));
  }

  private static CompletableFuture<Outcome> refused(String why) {
    return CompletableFuture.completedFuture(Outcome.refused(why));
  }

  private Outcome answer(
      Function<FrameworkRuntime, CompletableFuture<Outcome>> command, Duration limit, String late) {
    if (runtime.isEmpty()) {
      return Outcome.refused("the scheduler has not begun yet; try again in a moment");
    }
    CompletableFuture<Outcome> answer = command.apply(runtime.get());
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      String problem = status().problem();
      return Outcome.refused(problem.isEmpty() ? late : late + ": " + problem);
    } catch (ExecutionException e) {
      return Outcome.refused(String.valueOf(e.getCause().getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.refused("the scheduler is stopping");
    }
  }

  @Override
  public SchedulerStatus status() {
    String name = context.topology().getName();
    String id = context.topology().getId();
    return runtime
        .map(running -> StatusReport.of(name, id, running.state(), running.problem()))
        .orElseGet(
            () ->
                new SchedulerStatus(
                    name,
                    id,
                    SchedulerStatus.Phase.REGISTERING,
                    "",
                    "",
                    records.map(FrameworkRecords::problem).orElse("reads its records in ZooKeeper"),
                    List.of()));
  }

  @Override
  public String metrics() {
    return metrics.exposition();
  }

  @Override
  public Optional<Explanation> explain() {
    SchedulerStatus status = status();
    return runtime.map(running -> ExplainReport.of(status, running.state(), Instant.now()));
  }

  @Override
  public CompletableFuture<Void> finished() {
    return finished;
  }

  @Override
  public void close() {
    runtime.ifPresent(FrameworkRuntime::close);
    records.ifPresent(FrameworkRecords::close);
  }

  /** Where the scheduler process of a topology works on this host. */
  static Path workingDirectory(Config local) {
    return local
        .optionalPath(MesosLauncher.WORKING_DIRECTORY_KEY)
        .map(path -> path.toAbsolutePath().normalize())
        .orElseThrow(
            () ->
                new SchedulerException(
                    MesosLauncher.WORKING_DIRECTORY_KEY
                        + " is not set; name the directory in scheduler.yaml"));
  }
}
