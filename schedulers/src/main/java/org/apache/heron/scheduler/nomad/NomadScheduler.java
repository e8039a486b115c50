package org.apache.heron.scheduler.nomad;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.scheduler.nomad.job.ContainerJob;
import org.apache.heron.scheduler.nomad.job.JobMeta;
import org.apache.heron.scheduler.nomad.job.JobSettings;
import org.apache.heron.scheduler.nomad.job.Need;
import org.apache.heron.scheduler.nomad.job.Packages;
import org.apache.heron.scheduler.nomad.rest.NomadApi;
import org.apache.heron.scheduler.nomad.view.ContainerView;
import org.apache.heron.scheduler.nomad.view.Reports;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.IScheduler;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.SchedulerStatus.Phase;
import org.apache.heron.spi.scheduler.TopologyHistory;
import org.apache.heron.spi.statemgr.StateKind;

/**
 * Runs each container as a job of Nomad, which keeps it running. A library: all that it knows from
 * one command to the next is in Nomad and in shared state. Thread-safe after {@link #initialize}.
 */
public final class NomadScheduler implements IScheduler {
  private static final String KILL_WAIT_KEY = "heron.nomad.kill.wait.sec";
  private static final String RESTART_WAIT_KEY = "heron.nomad.restart.wait.sec";
  private static final String PARALLEL_KEY = "heron.nomad.disruption.budget";

  private final AtomicLong wishes = new AtomicLong();
  private final ExecutorService background =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "nomad-scheduler");
            thread.setDaemon(true);
            return thread;
          });
  private SchedulerContext context;
  private JobSettings settings;
  private NomadApi api;
  private TopologyJobs jobs;
  private Removal removal;
  private Renewal renewal;
  private Duration restartWait;
  private long parallelByDefault;
  private volatile boolean killing;

  /** For reflection. */
  public NomadScheduler() {}

  @Override
  public void initialize(SchedulerContext schedulerContext) {
    initialize(schedulerContext, System.getenv());
  }

  /** As {@link #initialize(SchedulerContext)}, with another environment than the process's. */
  void initialize(SchedulerContext schedulerContext, Map<String, String> environment) {
    context = schedulerContext;
    Config config = context.local();
    settings = JobSettings.of(config);
    api = new NomadApi(config, environment);
    jobs = new TopologyJobs(api, context.topology());
    Duration killWait = config.duration(KILL_WAIT_KEY, ChronoUnit.SECONDS, Duration.ofSeconds(60));
    restartWait = config.duration(RESTART_WAIT_KEY, ChronoUnit.SECONDS, Duration.ofMinutes(10));
    parallelByDefault = config.number(PARALLEL_KEY, 1);
    if (parallelByDefault < 1 || parallelByDefault > Integer.MAX_VALUE) {
      throw config.malformed(PARALLEL_KEY, parallelByDefault, "at least 1");
    }
    removal = new Removal(api, jobs, killWait);
    renewal = new Renewal(api, jobs, restartWait);
  }

  @Override
  public void onSchedule(Supplier<PackingPlan> plan) {
    PackingPlan wanted = plan.get();
    if (wanted.containers().isEmpty()) {
      throw new SchedulerException("the packing plan has no container");
    }
    String uri = context.properties().getOrDefault(SchedulerContext.PACKAGE_URI, "");
    ContainerJob described = jobOf(Packages.submitted(context.local(), uri), wanted);
    Map<Integer, Need> needs = needs(wanted);
    List<ObjectNode> all = new ArrayList<>();
    needs.forEach((id, need) -> all.add(described.job(id, need)));
    // Asked before anything is registered: an unreachable server leaves nothing to take back.
    if (!jobs.registered().isEmpty()) {
      throw new SchedulerException(
          "Nomad has jobs of topology " + context.topology().getId() + " already");
    }
    new Registering(api, removal).all(all);
  }

  private ContainerJob jobOf(Packages packages, PackingPlan plan) {
    return ContainerJob.of(
        settings,
        context.local(),
        context.config(),
        context.topology(),
        packages,
        plan.componentRam());
  }

  private Map<Integer, Need> needs(PackingPlan plan) {
    Map<Integer, Need> needs = new TreeMap<>();
    needs.put(0, settings.need(Optional.empty()));
    plan.containers().forEach(each -> needs.put(each.id(), settings.need(Optional.of(each))));
    return needs;
  }

  @Override
  public List<String> jobLinks() {
    JobPage page =
        new JobPage(
            api.server(),
            ContainerJob.id(context.topology().getId(), 0),
            settings.namespace().orElse(JobPage.DEFAULT_NAMESPACE),
            settings.region());
    return List.of(page.link());
  }

  @Override
  public Outcome onKill() {
    killing = true;
    wishes.incrementAndGet();
    List<String> ids = jobs.ids();
    if (ids.isEmpty()) {
      Optional<String> elsewhere =
          Elsewhere.of(context.local(), api, context.state(), context.topology().getName());
      if (elsewhere.isPresent()) {
        return Outcome.refused(elsewhere.get());
      }
    }
    return removal.end(ids);
  }

  @Override
  public CompletableFuture<Outcome> onRestart(int container, int parallel) {
    PackingPlan plan = planInState();
    Map<Integer, Need> needs = needs(plan);
    if (container >= 0 && !needs.containsKey(container)) {
      return CompletableFuture.completedFuture(
          Outcome.refused("there is no container " + container + "; there are " + needs.keySet()));
    }
    List<Integer> order = new ArrayList<>(container >= 0 ? List.of(container) : needs.keySet());
    if (container < 0) {
      // The others need its topology manager until then.
      order.remove(Integer.valueOf(0));
      order.add(0);
    }
    int atOnce = parallel > 0 ? parallel : (int) parallelByDefault;
    return inBackground(() -> renewal.restart(order, atOnce, describer(plan), needs));
  }

  @Override
  public CompletableFuture<Outcome> onScale(PackingPlan wanted) {
    long wish = wishes.incrementAndGet();
    Scaling scaling = new Scaling(api, jobs, removal, renewal);
    Scaling.Change change = scaling.begin(needs(wanted), describer(wanted));
    return inBackground(
        () -> {
          Optional<String> missing = scaling.await(change, restartWait);
          if (wishes.get() != wish) {
            return Outcome.refused("another plan is wanted meanwhile");
          }
          return missing.map(Outcome::refused).orElse(Outcome.done("scaled"));
        });
  }

  /** Describes containers like those that run: they are filled with the same packages. */
  private IntFunction<ObjectNode> describer(PackingPlan plan) {
    Map<Integer, Need> needs = needs(plan);
    return id -> {
      Packages packages =
          jobs.registered().values().stream()
              .flatMap(job -> JobMeta.packages(job.meta()).stream())
              .findFirst()
              .orElseThrow(
                  () ->
                      new SchedulerException(
                          "no job of the topology in Nomad says what its containers are made of:"
                              + " it was submitted by another version of Heron, or has no job"
                              + " left; submit it again"));
      return jobOf(packages, plan).job(id, needs.get(id));
    };
  }

  private CompletableFuture<Outcome> inBackground(Supplier<Outcome> work) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    try {
      background.execute(
          () -> {
            try {
              outcome.complete(work.get());
            } catch (RuntimeException e) { // the thread's edge: whoever waits is told
              outcome.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      outcome.complete(Outcome.refused("the scheduler is closed"));
    }
    return outcome;
  }

  private PackingPlan planInState() {
    return findPlan()
        .orElseThrow(
            () ->
                new SchedulerException(
                    "there is no packing plan of topology '"
                        + context.topology().getName()
                        + "' in shared state"));
  }

  private Optional<PackingPlan> findPlan() {
    return context
        .state()
        .get(StateKind.PACKING_PLAN, context.topology().getName())
        .map(PackingPlanProtos::fromProto);
  }

  @Override
  public SchedulerStatus status() {
    Map<Integer, Need> needs = findPlan().map(this::needs).orElse(Map.of());
    List<ContainerView> views = views(needs.keySet());
    return reports(needs).status(phase(views), views);
  }

  @Override
  public Optional<Explanation> explain() {
    Map<Integer, Need> needs = findPlan().map(this::needs).orElse(Map.of());
    List<ContainerView> views = views(needs.keySet());
    return Optional.of(reports(needs).explanation(System.currentTimeMillis(), phase(views), views));
  }

  @Override
  public Optional<TopologyHistory> history() {
    return Optional.of(reports(Map.of()).history(jobs.allocations()));
  }

  private List<ContainerView> views(Set<Integer> wanted) {
    return jobs.views(killing ? Set.of() : wanted);
  }

  private Phase phase(List<ContainerView> views) {
    if (killing) {
      return views.isEmpty() ? Phase.KILLED : Phase.KILLING;
    }
    return Phase.RUNNING;
  }

  private Reports reports(Map<Integer, Need> needs) {
    Topology topology = context.topology();
    return new Reports(
        topology.getName(), topology.getId(), api.server().toString(), needs, settings.megahertz());
  }

  /** A library is never over by itself. */
  @Override
  public CompletableFuture<Void> finished() {
    return new CompletableFuture<>();
  }

  @Override
  public void close() {
    background.shutdownNow();
  }
}
