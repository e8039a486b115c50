package org.apache.heron.scheduler.aurora;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.packing.Resource;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.IScheduler;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.TopologyHistory;
import org.apache.heron.spi.statemgr.StateKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a topology as a job of Apache Aurora, through Aurora's command line client: a library, which
 * lives for one command. What it must remember, Aurora knows; failed containers are Aurora's to
 * start again.
 */
public final class AuroraScheduler implements IScheduler {
  private static final Logger LOG = LoggerFactory.getLogger(AuroraScheduler.class);
  private static final int ALL = -1;

  private SchedulerContext context;
  private AuroraSettings settings;
  private JobKey job;
  private AuroraClient client;
  private JobKill kill;
  private LatestOnly work;
  private RecentStatus recent;

  /** For reflection. */
  public AuroraScheduler() {}

  @Override
  public void initialize(SchedulerContext schedulerContext) {
    initialize(schedulerContext, System.getenv().getOrDefault("PATH", ""));
  }

  /**
   * @param searchPath where Aurora's client is looked for
   */
  void initialize(SchedulerContext schedulerContext, String searchPath) {
    context = schedulerContext;
    settings = new AuroraSettings(context.local());
    settings.check();
    job = JobKey.of(context.config(), context.topology().getName());
    client = new AuroraClient(job, settings, new ClientProcess(settings.client(), searchPath));
    kill = new JobKill(client, settings.killAttempts(), settings.killInterval());
    work = new LatestOnly("aurora-command");
    recent = new RecentStatus(client);
  }

  @Override
  public void onSchedule(Supplier<PackingPlan> supplier) {
    PackingPlan plan = supplier.get();
    PlanSize.objection(plan)
        .ifPresent(
            objection -> {
              throw new SchedulerException(objection);
            });
    Resource size = PlanSize.largest(plan);
    Map<String, String> binds =
        Binds.of(
            job,
            context.config(),
            context.local(),
            context.topology(),
            plan,
            size,
            packageUri(),
            settings.metadata());
    var template = settings.template();
    context
        .state()
        .put(
            StateKind.PACKING_PLAN,
            context.topology().getName(),
            PackingPlanProtos.toProto(PlanSize.scheduled(plan, size)));
    new JobCreation(job, client, kill).run(binds, template);
  }

  private String packageUri() {
    return Optional.ofNullable(context.properties().get(SchedulerContext.PACKAGE_URI))
        .filter(uri -> !uri.isBlank())
        .orElseThrow(() -> new SchedulerException("it is not known where the topology package is"));
  }

  @Override
  public List<String> jobLinks() {
    return settings.jobLink().map(List::of).orElse(List.of());
  }

  @Override
  public Outcome onKill() {
    try {
      return kill.run().map(Outcome::refused).orElse(Outcome.done("the job " + job + " is killed"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.refused("cancelled; the job " + job + " may run on");
    } finally {
      recent.forget();
    }
  }

  @Override
  public CompletableFuture<Outcome> onRestart(int container, int parallel) {
    if (container < ALL) {
      return CompletableFuture.completedFuture(
          Outcome.refused("there is no container " + container + "; -1 stands for all"));
    }
    return work.begin(() -> restart(container, parallel));
  }

  private Outcome restart(int container, int parallel) throws InterruptedException {
    recent.forget();
    // Container 0 has no stream manager, by which the others' web shells are found.
    if (container > 0 && !settings.restartsByClient()) {
      ShellRestart.Result result =
          ShellRestart.of(
              context.state().get(StateKind.PHYSICAL_PLAN, context.topology().getName()),
              container,
              context.topology().getId());
      if (result instanceof ShellRestart.Result.Answered answered) {
        return answered.outcome();
      }
      if (result instanceof ShellRestart.Result.Unreached unreached) {
        LOG.warn("{}; Aurora's client restarts it", unreached.why());
      }
    }
    OptionalInt instance = container == ALL ? OptionalInt.empty() : OptionalInt.of(container);
    return client
        .restart(instance, parallel)
        .map(failure -> Outcome.refused(failure.line()))
        .orElse(Outcome.done(""));
  }

  @Override
  public CompletableFuture<Outcome> onScale(PackingPlan wanted) {
    List<Integer> ids = wanted.containers().stream().map(ContainerPlan::id).toList();
    JobScaling scaling = new JobScaling(job, client, count -> agreed(count));
    return work.begin(
        () -> {
          recent.forget();
          return scaling.run(ids);
        });
  }

  /** All instances of a job are alike, and restarted with what they have. */
  @Override
  public boolean resizes() {
    return false;
  }

  private boolean agreed(int count) {
    return !settings.asks() || Question.agreed("Add " + count + " instances to the job " + job);
  }

  @Override
  public SchedulerStatus status() {
    return report().status();
  }

  @Override
  public Optional<Explanation> explain() {
    return Optional.of(report().explanation(System.currentTimeMillis()));
  }

  @Override
  public Optional<TopologyHistory> history() {
    return Optional.of(report().history());
  }

  private StatusReport report() {
    return new StatusReport(
        context.topology().getName(), context.topology().getId(), job, recent.get());
  }

  /** Never: it lives as long as the command that asks. */
  @Override
  public CompletableFuture<Void> finished() {
    return new CompletableFuture<>();
  }

  @Override
  public void close() {
    if (work != null) {
      work.close();
    }
  }
}
