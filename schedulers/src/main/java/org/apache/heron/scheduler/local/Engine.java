package org.apache.heron.scheduler.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.heron.scheduler.local.core.Container;
import org.apache.heron.scheduler.local.core.Core;
import org.apache.heron.scheduler.local.core.Decision;
import org.apache.heron.scheduler.local.core.Effect;
import org.apache.heron.scheduler.local.core.Event;
import org.apache.heron.scheduler.local.core.Fleet;
import org.apache.heron.scheduler.local.core.ProcessMark;
import org.apache.heron.scheduler.local.core.Ticket;
import org.apache.heron.scheduler.local.core.Timing;
import org.apache.heron.scheduler.local.process.Children;
import org.apache.heron.scheduler.local.process.HealthCheck;
import org.apache.heron.scheduler.local.process.Marks;
import org.apache.heron.scheduler.local.process.Ports;
import org.apache.heron.scheduler.local.process.Remains;
import org.apache.heron.scheduler.local.sandbox.Layout;
import org.apache.heron.scheduler.local.sandbox.Records;
import org.apache.heron.scheduler.local.sandbox.Sandboxes;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to the core, one after the other, and carries out what follows from each before the
 * next. One thread owns the state; others read the latest {@link Fleet}. Thread-safe.
 */
final class Engine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  /** Looks this often whether something is due; also when records that failed are tried again. */
  private static final Duration LOOK = Duration.ofMillis(500);

  private final Layout layout;
  private final Jobs jobs;
  private final Timing timing;
  private final Records records;
  private final Sandboxes sandboxes;
  private final Children children;
  private final BlockingDeque<Event> events = new LinkedBlockingDeque<>();
  private final Map<Ticket, CompletableFuture<Outcome>> waiting = new ConcurrentHashMap<>();
  private final AtomicLong tickets = new AtomicLong();
  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private final Set<Integer> unsaved = new HashSet<>();
  private final Map<Integer, List<Integer>> given = new HashMap<>();
  private final Instant startTime = Instant.now();
  private final long startNanos = System.nanoTime();
  private final Thread thread = new Thread(this::run, "local-scheduler");
  private volatile boolean closed;
  private volatile String problem = "";
  private volatile Fleet fleet;

  /**
   * Reads what is on record.
   *
   * @throws SchedulerException if that cannot be read
   */
  Engine(Layout layout, Jobs jobs, Timing timing, HealthCheck health) {
    this.layout = layout;
    this.jobs = jobs;
    this.timing = timing;
    records = new Records(layout);
    sandboxes = new Sandboxes(layout);
    fleet = Fleet.of(records.all());
    children = new Children(health, events::add);
    thread.setDaemon(true);
  }

  /** Takes over what runs, and starts what does not. */
  void start() {
    Set<Integer> alive = new HashSet<>();
    for (Container container : fleet.containers().values()) {
      Optional<ProcessMark> mark = container.mark().filter(Marks::isAlive);
      if (mark.isPresent()) {
        alive.add(container.id());
        children.adopt(
            container.id(),
            container.attempt(),
            mark.get(),
            layout.sandbox(container.id()),
            Layout.output(container.id()),
            Jobs.shellPort(container.ports()));
      }
    }
    // Before what the watch may already have said.
    events.addFirst(new Event.Resumed(alive, Jobs.ram(jobs.plan()), records.isKilling()));
    thread.start();
  }

  Fleet fleet() {
    return fleet;
  }

  /** What hinders this scheduler; empty if nothing does. */
  String problem() {
    return problem;
  }

  /** Completes when the topology was killed; exceptionally if this scheduler cannot go on. */
  CompletableFuture<Void> finished() {
    return finished;
  }

  /** Asks for something, and answers when that is done or refused. */
  CompletableFuture<Outcome> ask(Function<Ticket, Event> question) {
    Ticket ticket = new Ticket(tickets.incrementAndGet());
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    waiting.put(ticket, answer);
    events.add(question.apply(ticket));
    if (closed) {
      stopWaiting();
    }
    return answer;
  }

  // Durations are not to change when the clock is set.
  private Instant now() {
    return startTime.plusNanos(System.nanoTime() - startNanos);
  }

  private void run() {
    try {
      while (!closed) {
        Event event = events.poll(untilDue().toMillis(), TimeUnit.MILLISECONDS);
        turn(event == null ? new Event.Ticked() : event);
        if (fleet.phase() == Fleet.Phase.KILLED) {
          finished.complete(null);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("the scheduler is closed");
    } catch (RuntimeException e) { // the thread's edge
      LOG.error("the local scheduler cannot go on", e);
      problem = "it has ended: " + e;
      finished.completeExceptionally(
          new SchedulerException("the local scheduler cannot go on: " + e, e));
    }
  }

  private Duration untilDue() {
    return fleet
        .nextDue()
        .map(due -> Duration.between(now(), due))
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
        .filter(wait -> wait.compareTo(LOOK) < 0)
        .orElse(LOOK);
  }

  private void turn(Event event) {
    Decision decision = Core.decide(fleet, event, now(), timing);
    fleet = decision.fleet();
    decision.effects().forEach(this::perform);
    if (event instanceof Event.Ticked) {
      Set.copyOf(unsaved).stream()
          .flatMap(id -> Optional.ofNullable(fleet.containers().get(id)).stream())
          .forEach(this::save);
    }
  }

  private void perform(Effect effect) {
    if (effect instanceof Effect.Save save) {
      save(save.container());
    } else if (effect instanceof Effect.SaveKill) {
      saveKill();
    } else if (effect instanceof Effect.Start start) {
      events.addFirst(started(start));
    } else if (effect instanceof Effect.Terminate terminate) {
      LOG.info("container {}: asking process {} to end", terminate.id(), terminate.mark().pid());
      Children.terminate(terminate.mark());
    } else if (effect instanceof Effect.Destroy destroy) {
      LOG.warn("container {} does not end; ending it by force", destroy.id());
      Remains.end(layout.sandbox(destroy.id()), Optional.of(destroy.mark()));
    } else if (effect instanceof Effect.Forget forget) {
      forget(forget.id());
    } else if (effect instanceof Effect.Reply reply) {
      Optional.ofNullable(waiting.remove(reply.ticket()))
          .ifPresent(answer -> answer.complete(reply.outcome()));
    } else if (effect instanceof Effect.Say say) {
      LOG.info("{}", say.line());
    }
  }

  private void save(Container container) {
    try {
      records.save(container);
      unsaved.remove(container.id());
      problem = unsaved.isEmpty() ? "" : problem;
    } catch (IOException e) {
      unsaved.add(container.id());
      problem = "container " + container.id() + " cannot be put on record: " + e;
      LOG.warn("{}", problem);
    }
  }

  private void saveKill() {
    try {
      records.saveKill();
    } catch (IOException e) {
      // The kill goes on; only a scheduler that is started anew would not know of it.
      LOG.warn("the kill cannot be put on record: {}", e.toString());
    }
  }

  private Event started(Effect.Start start) {
    if (unsaved.contains(start.id())) {
      return new Event.StartFailed(start.id(), start.attempt(), problem);
    }
    try {
      // At most one copy: the scheduler before may have died between a start and its record.
      Remains.end(layout.sandbox(start.id()), Optional.empty());
      Path sandbox = sandboxes.prepare(start.id());
      List<Integer> ports =
          Ports.choose(jobs.portCount(start.id()), start.ports(), portsOfOthers(start.id()));
      ProcessMark mark =
          children.start(
              start.id(),
              start.attempt(),
              jobs.job(start.id(), sandbox, ports, start.ram()),
              Jobs.shellPort(ports));
      LOG.info("container {} is process {}", start.id(), mark.pid());
      given.put(start.id(), ports);
      return new Event.Started(start.id(), start.attempt(), mark, ports);
    } catch (IOException | RuntimeException e) { // whatever it is, it is tried again later
      LOG.debug("container {} was not started", start.id(), e);
      return new Event.StartFailed(
          start.id(), start.attempt(), "cannot be started: " + e.getMessage());
    }
  }

  private Set<Integer> portsOfOthers(int container) {
    Map<Integer, List<Integer>> ports = new HashMap<>(given);
    fleet.containers().values().forEach(each -> ports.putIfAbsent(each.id(), each.ports()));
    ports.remove(container);
    return ports.values().stream().flatMap(List::stream).collect(Collectors.toSet());
  }

  private void forget(int container) {
    unsaved.remove(container);
    given.remove(container);
    try {
      Remains.end(layout.sandbox(container), Optional.empty());
      sandboxes.remove(container);
      records.forget(container);
    } catch (IOException e) {
      LOG.warn("not everything of container {} can be removed: {}", container, e.toString());
    }
  }

  private void stopWaiting() {
    Outcome stopping = Outcome.stopped("the scheduler is stopping");
    waiting.values().forEach(answer -> answer.complete(stopping));
    waiting.clear();
  }

  /** Ends the scheduler; the containers run on. */
  @Override
  public void close() {
    closed = true;
    // Not interrupted: what is under way is to be put on record whole.
    events.addFirst(new Event.Ticked());
    try {
      thread.join(TimeUnit.SECONDS.toMillis(8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    children.close();
    stopWaiting();
  }
}
