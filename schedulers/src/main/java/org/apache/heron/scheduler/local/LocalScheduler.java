package org.apache.heron.scheduler.local;

import java.net.InetAddress;
import java.net.UnknownHostException;
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
import org.apache.heron.scheduler.local.core.Event;
import org.apache.heron.scheduler.local.core.Ticket;
import org.apache.heron.scheduler.local.core.Timing;
import org.apache.heron.scheduler.local.sandbox.CorePackage;
import org.apache.heron.scheduler.local.sandbox.Layout;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.IScheduler;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.TopologyHistory;

/**
 * Runs a topology's containers as processes of this host. They outlive it: a scheduler that is
 * started anew in the same directory goes on with them.
 */
public final class LocalScheduler implements IScheduler {
  // Each container has its grace period; who asks waits two minutes.
  private static final Duration KILL_LIMIT = Duration.ofSeconds(100);

  private SchedulerContext context;
  private Timing timing;
  private Reports reports;
  private volatile String endpoint = "";
  private volatile Optional<Claim> claim = Optional.empty();
  private volatile Optional<Engine> engine = Optional.empty();
  private volatile Optional<Jobs> jobs = Optional.empty();
  private final CompletableFuture<Void> finished = new CompletableFuture<>();

  /** For reflection. */
  public LocalScheduler() {}

  @Override
  public void initialize(SchedulerContext schedulerContext) {
    context = schedulerContext;
    timing = LocalSettings.timing(context.config());
    reports =
        new Reports(context.topology().getName(), context.topology().getId(), localHostName());
  }

  static String localHostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  @Override
  public void listensAt(String address) {
    endpoint = address;
  }

  @Override
  public void onSchedule(Supplier<PackingPlan> plan) {
    if (context == null || engine.isPresent()) {
      throw new IllegalStateException("onSchedule is called once, after initialize");
    }
    if (context.standby()) {
      throw new SchedulerException(
          "containers on one host need no scheduler that stands by: they run on without one");
    }
    Layout layout = new Layout(context.workingDirectory());
    claim = Optional.of(Claim.take(layout));
    CorePackage.place(layout, corePackage());
    Jobs made = new Jobs(context.config(), context.topology(), plan.get());
    jobs = Optional.of(made);
    Engine begun = new Engine(layout, made, timing, LocalSettings.health(context.config()));
    engine = Optional.of(begun);
    begun
        .finished()
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                finished.complete(null);
              } else {
                finished.completeExceptionally(failure);
              }
            });
    begun.start();
  }

  private String corePackage() {
    return Optional.ofNullable(context.properties().get(Key.CORE_PACKAGE_URI.text()))
        .filter(uri -> !uri.isBlank())
        .orElseGet(() -> context.config().string(Key.CORE_PACKAGE_URI));
  }

  @Override
  public boolean leads() {
    return engine.isPresent();
  }

  /** There is no page that shows processes of a host. */
  @Override
  public List<String> jobLinks() {
    return List.of();
  }

  @Override
  public Outcome onKill() {
    CompletableFuture<Outcome> answer = ask(Event.KillRequested::new);
    try {
      return answer.get(KILL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return Outcome.refused("not all containers have ended yet; the kill goes on");
    } catch (ExecutionException e) {
      return Outcome.refused(String.valueOf(e.getCause().getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.refused("the scheduler is stopping");
    }
  }

  @Override
  public CompletableFuture<Outcome> onRestart(int container, int parallel) {
    if (container < -1) {
      return CompletableFuture.completedFuture(
          Outcome.refused("there is no container " + container + "; -1 stands for all"));
    }
    Optional<Integer> only = container == -1 ? Optional.empty() : Optional.of(container);
    return ask(ticket -> new Event.RestartRequested(only, parallel, ticket));
  }

  @Override
  public CompletableFuture<Outcome> onScale(PackingPlan wanted) {
    jobs.ifPresent(each -> each.follow(wanted));
    return ask(ticket -> new Event.Wanted(Jobs.ram(wanted), ticket));
  }

  private CompletableFuture<Outcome> ask(Function<Ticket, Event> question) {
    return engine
        .map(each -> each.ask(question))
        .orElseGet(
            () ->
                CompletableFuture.completedFuture(
                    Outcome.refused("the scheduler has not begun yet")));
  }

  @Override
  public SchedulerStatus status() {
    return engine
        .map(each -> reports.status(each.fleet(), jobs.orElseThrow().plan(), each.problem()))
        .orElseGet(() -> reports.status("the scheduler has not begun yet"));
  }

  @Override
  public Optional<Explanation> explain() {
    SchedulerStatus status = status();
    return engine.map(
        each -> reports.explain(status, each.fleet(), jobs.orElseThrow().plan(), Instant.now()));
  }

  @Override
  public Optional<TopologyHistory> history() {
    String source = endpoint.isEmpty() ? "the scheduler" : "the scheduler at " + endpoint;
    return engine.map(
        each ->
            Reports.history(
                context.topology().getName(), source, each.fleet().containers().values()));
  }

  @Override
  public CompletableFuture<Void> finished() {
    return finished;
  }

  @Override
  public void close() {
    engine.ifPresent(Engine::close);
    claim.ifPresent(Claim::close);
  }
}
