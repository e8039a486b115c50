package org.apache.heron.scheduler.mesos;

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
import java.util.function.Supplier;
import org.apache.heron.framework.core.Blueprint;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.core.Timing;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.metrics.FrameworkMetrics;
import org.apache.heron.framework.placement.Rules;
import org.apache.heron.framework.runtime.FrameworkRuntime;
import org.apache.heron.framework.status.ExplainReport;
import org.apache.heron.framework.status.HistoryReport;
import org.apache.heron.framework.status.StatusReport;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.framework.task.ContainerTasks;
import org.apache.heron.framework.task.FrameworkDescription;
import org.apache.heron.service.launch.WorkingDirectory;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.IScheduler;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.TopologyHistory;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a topology's containers as a framework of its own on Mesos. What it must remember is in
 * ZooKeeper, so a scheduler that is started anew goes on with the same framework and tasks.
 */
public final class MesosScheduler implements IScheduler {
  private static final Logger LOG = LoggerFactory.getLogger(MesosScheduler.class);
  // A kill waits for each task's grace period; who asks waits two minutes.
  private static final Duration KILL_LIMIT = Duration.ofSeconds(100);

  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private SchedulerContext context;
  private MesosSettings settings;
  private Timing timing;
  private FrameworkMetrics metrics;
  private volatile String endpoint = "";
  private volatile Optional<Leadership> leadership = Optional.empty();
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
  public void listensAt(String address) {
    endpoint = address;
  }

  @Override
  public void onSchedule(Supplier<PackingPlan> plan) {
    if (context == null || leadership.isPresent()) {
      throw new IllegalStateException("onSchedule is called once, after initialize");
    }
    String topology = context.topology().getName();
    String topologyId = context.topology().getId();
    // What is wrong with the configuration is better said now than when this process comes to lead.
    FrameworkInfo framework = FrameworkDescription.of(context.config(), topology, topologyId);
    Rules rules = new PlacementSettings(context.config()).rules();
    FrameworkRecords opened =
        FrameworkRecords.open(context.config(), context.state(), topology, Clock.systemUTC());
    records = Optional.of(opened);
    Leadership begun =
        new Leadership(
            opened,
            topology,
            topologyId,
            endpoint,
            context.standby(),
            opened.patience(),
            new Tenure(opened, framework, rules, plan));
    leadership = Optional.of(begun);
    begun
        .finished()
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                try {
                  removeStandbysDirectory();
                } finally {
                  finished.complete(null);
                }
              } else {
                finished.completeExceptionally(failure);
              }
            });
    begun.start();
  }

  // The directory of the process that was launched first is its launcher's to remove.
  private void removeStandbysDirectory() {
    if (context.standby()) {
      try {
        workingDirectory().delete();
      } catch (SchedulerException e) {
        LOG.warn("{}", e.getMessage());
      }
    }
  }

  private WorkingDirectory workingDirectory() {
    return new WorkingDirectory(
        context.workingDirectory(),
        context.topology().getName(),
        MesosLauncher.WORKING_DIRECTORY_KEY);
  }

  /** How this process comes to lead, with what it has read when it was started. */
  private final class Tenure implements Beginning {
    private final FrameworkRecords opened;
    private final FrameworkInfo framework;
    private final Rules rules;
    private final Supplier<PackingPlan> plan;

    Tenure(
        FrameworkRecords opened, FrameworkInfo framework, Rules rules, Supplier<PackingPlan> plan) {
      this.opened = opened;
      this.framework = framework;
      this.rules = rules;
      this.plan = plan;
    }

    @Override
    public FrameworkRuntime begin(String self, boolean anew) {
      return lead(
          self, anew ? new FrameworkRecords.Start.Anew() : new FrameworkRecords.Start.Successor());
    }

    @Override
    public Optional<Snapshot> survivor(Optional<Snapshot> memory) throws InterruptedException {
      Survivors survivors =
          new Survivors(
              settings.driver(),
              framework,
              context.topology().getName(),
              context.topology().getId());
      return memory.isPresent() ? survivors.find(memory.get()) : survivors.find();
    }

    @Override
    public FrameworkRuntime adopt(String self, Snapshot survivor) {
      FrameworkRuntime runtime = lead(self, new FrameworkRecords.Start.PutBack(survivor));
      try {
        opened.putBack(workingDirectory().launchRecord());
      } catch (SchedulerException e) {
        LOG.warn("how this scheduler was launched is not on record again: {}", e.getMessage());
      }
      return runtime;
    }

    private FrameworkRuntime lead(String self, FrameworkRecords.Start start) {
      PackingPlan wanted = plan.get();
      Blueprint blueprint =
          new Blueprint(
              context.topology().getName(),
              context.topology().getId(),
              framework,
              timing,
              tasks(wanted),
              rules,
              settings.disruption());
      FrameworkRuntime runtime =
          opened.takeOver(blueprint, settings.sizes(wanted), self, start, metrics);
      runtime.start(settings.connections(metrics));
      return runtime;
    }
  }

  @Override
  public boolean leads() {
    return leadership.filter(Leadership::leads).isPresent();
  }

  /** The framework, while this process leads or after it has ended. */
  private Optional<FrameworkRuntime> runtime() {
    return leadership
        .filter(each -> each.leads() || each.finished().isDone())
        .flatMap(Leadership::runtime);
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
    return runtime()
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
    // Who does not lead has not taken it: nobody goes on with it.
    return runtime()
        .map(running -> running.restart(only, parallel))
        .orElseGet(() -> refused(takesNone()));
  }

  @Override
  public CompletableFuture<Outcome> onScale(PackingPlan wanted) {
    return ask(running -> running.update(settings.sizes(wanted)));
  }

  private CompletableFuture<Outcome> ask(
      Function<FrameworkRuntime, CompletableFuture<Outcome>> command) {
    return runtime()
        .map(command)
        .orElseGet(() -> CompletableFuture.completedFuture(Outcome.stopped(takesNone())));
  }

  private String takesNone() {
    return "this process takes no commands: " + status().problem();
  }

  private static CompletableFuture<Outcome> refused(String why) {
    return CompletableFuture.completedFuture(Outcome.refused(why));
  }

  private Outcome answer(
      Function<FrameworkRuntime, CompletableFuture<Outcome>> command, Duration limit, String late) {
    Optional<FrameworkRuntime> running = runtime();
    if (running.isEmpty()) {
      return Outcome.refused(takesNone());
    }
    CompletableFuture<Outcome> answer = command.apply(running.get());
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      String problem = status().problem();
      return Outcome.refused(problem.isEmpty() ? late : late + ": " + problem);
    } catch (ExecutionException e) {
      return Outcome.refused(String.valueOf(e.getCause().getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.stopped("the scheduler is stopping");
    }
  }

  @Override
  public SchedulerStatus status() {
    String name = context.topology().getName();
    String id = context.topology().getId();
    return runtime()
        .map(running -> StatusReport.of(name, id, running.state(), running.problem()))
        .orElseGet(
            () ->
                new SchedulerStatus(
                    name, id, SchedulerStatus.Phase.STANDING_BY, "", "", standingBy(), List.of()));
  }

  private String standingBy() {
    String problem = records.map(FrameworkRecords::problem).orElse("");
    String leader = leadership.map(Leadership::leader).orElse("");
    if (!problem.isEmpty()) {
      return problem;
    }
    return leader.isEmpty()
        ? "waits until it is known which scheduler process leads"
        : "stands by; the scheduler that leads is " + leader;
  }

  @Override
  public String metrics() {
    return metrics.exposition();
  }

  @Override
  public Optional<TopologyHistory> history() {
    String source = endpoint.isEmpty() ? "the scheduler" : "the scheduler at " + endpoint;
    return runtime()
        .map(running -> HistoryReport.of(context.topology().getName(), source, running.state()));
  }

  @Override
  public Optional<Explanation> explain() {
    SchedulerStatus status = status();
    return runtime().map(running -> ExplainReport.of(status, running.state(), Instant.now()));
  }

  @Override
  public CompletableFuture<Void> finished() {
    return finished;
  }

  @Override
  public void close() {
    leadership.ifPresent(Leadership::close);
    records.ifPresent(FrameworkRecords::close);
  }
}
