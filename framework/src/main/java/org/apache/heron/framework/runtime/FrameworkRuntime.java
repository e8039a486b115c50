package org.apache.heron.framework.runtime;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.heron.framework.core.Blueprint;
import org.apache.heron.framework.core.Core;
import org.apache.heron.framework.core.Decision;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.Principal;
import org.apache.heron.framework.core.RequestId;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.core.Timer;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.metrics.FrameworkMetrics;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.storage.FrameworkStore;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.framework.storage.StorageException;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a core: one thread takes events one by one, and has an {@link Engine} decide on them and
 * carry out what follows. Thread-safe. Closing it leaves tasks and records as they are.
 *
 * <p>What waits is bounded, whatever comes: with {@value #MOST_EFFECTS} effects waiting for the
 * store, or {@value #MOST_CALLS} calls for the master, nothing more is taken from outside, and with
 * {@value #MOST_MESSAGES} messages waiting whoever brings one waits, down to the master's
 * connection. So no update is lost that Mesos waits to have acknowledged.
 */
public final class FrameworkRuntime implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FrameworkRuntime.class);

  /** So many messages from outside wait; what comes then stays in the connection. */
  public static final int MOST_MESSAGES = 20_000;

  /** With so many effects waiting nothing more is taken in from outside. */
  public static final int MOST_EFFECTS = 10_000;

  private static final int MOST_CALLS = 1_000;

  private final Engine engine;
  private final String principal;
  private final FrameworkStore store;
  private final FrameworkMetrics metrics;
  private final Mailbox<Message> mailbox = new Mailbox<>(MOST_MESSAGES);
  private final Alarms alarms;
  private final Map<RequestId, CompletableFuture<Outcome>> requests = new ConcurrentHashMap<>();
  private final AtomicLong requestIds = new AtomicLong();
  private final CompletableFuture<End> finished = new CompletableFuture<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Event.Started started;
  private final Thread thread;
  private volatile int waitingEffects;
  private volatile Optional<MesosConnection> mesos = Optional.empty();
  private volatile boolean killed;
  private volatile Optional<String> suspended = Optional.empty();

  /** What the runtime's thread is given. */
  private sealed interface Message {
    /** Something for the core. */
    record Happened(Event event) implements Message {}

    /** A write has ended. */
    record Written(Optional<Throwable> failure) implements Message {}

    /** Nothing may be decided or done, for that reason, until there is none. */
    record Suspended(Optional<String> why) implements Message {}
  }

  private FrameworkRuntime(
      Core core,
      Blueprint blueprint,
      FrameworkStore store,
      Snapshot snapshot,
      Map<ContainerId, Size> sizes,
      Clock clock,
      String scheduler,
      FrameworkMetrics metrics) {
    this.store = metrics.measured(store);
    this.metrics = metrics;
    this.principal = blueprint.framework().getPrincipal();
    this.started = new Event.Started(snapshot.epoch(), scheduler);
    this.engine =
        Engine.restore(
            measured(core), blueprint, this.store, snapshot, sizes, clock, new RealHands());
    this.alarms =
        new Alarms(
            clock,
            timer -> mailbox.putAlarm(new Message.Happened(new Event.TimerFired(timer))),
            this::broken);
    this.thread = new Thread(this::run, "framework-" + blueprint.topology());
    thread.setDaemon(true);
  }

  private Engine.Mind measured(Core core) {
    return (before, event, now) -> {
      long begin = System.nanoTime();
      Decision decision = core.decide(before, event, now);
      metrics.decided(event, before, decision, now, Duration.ofNanos(System.nanoTime() - begin));
      return decision;
    };
  }

  /**
   * A runtime that has not begun, in the state that records stand for.
   *
   * @param store taken over already; closed with this runtime
   * @param snapshot what was found on record
   * @param sizes of all containers that are wanted; those on record that are not are killed and
   *     then forgotten
   * @param scheduler who this is, for people
   * @param metrics of this process
   */
  public static FrameworkRuntime restore(
      Core core,
      Blueprint blueprint,
      FrameworkStore store,
      Snapshot snapshot,
      Map<ContainerId, Size> sizes,
      Clock clock,
      String scheduler,
      FrameworkMetrics metrics) {
    metrics.tookOver(snapshot.epoch());
    return new FrameworkRuntime(core, blueprint, store, snapshot, sizes, clock, scheduler, metrics);
  }

  /** Begins: connects, and takes events from now on. To be called once. */
  public void start(MesosConnection.Opener opener) {
    mailbox.putOwn(new Message.Happened(started));
    metrics.leads(this::state, mailbox::size, () -> waitingEffects);
    MesosConnection opened = opener.open(event -> mailbox.put(new Message.Happened(event)));
    mesos = Optional.of(opened);
    thread.start();
    opened
        .ended()
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                broken(failure);
              }
            });
  }

  /** The state as it is after the last event. */
  public State state() {
    return engine.state();
  }

  /**
   * All that should be on record, of a runtime whose records have vanished; empty of any other, and
   * if Mesos never gave it an id.
   */
  public Optional<Snapshot> memory() {
    return engine.memory();
  }

  /** What hinders the runtime outside of the core, as one line; empty if nothing does. */
  public String problem() {
    return suspended.or(store::problem).orElseGet(() -> mesos.map(this::problem).orElse(""));
  }

  private String problem(MesosConnection connection) {
    State now = state();
    return connection.isUnauthorized()
        ? new Principal(now.frameworkId(), now.principal(), principal)
            .unauthorized(connection.problem())
        : connection.problem();
  }

  /**
   * Decides and does nothing until {@link #resume}: whether this process still leads is not known.
   * What comes waits; tasks run on.
   *
   * @param why for people, one line
   */
  public void suspend(String why) {
    mailbox.putUrgent(new Message.Suspended(Optional.of(why)));
  }

  /** Goes on after {@link #suspend}. */
  public void resume() {
    mailbox.putUrgent(new Message.Suspended(Optional.empty()));
  }

  /** Ends the topology; completes when nothing is left. */
  public CompletableFuture<Outcome> kill() {
    // One that comes just when the last kill has done its work finds nothing left to answer it.
    return ask(Event.KillRequested::new)
        .thenApply(outcome -> killed ? Outcome.done("killed") : outcome);
  }

  /**
   * Restarts one container, or all one after the other; completes when they run again.
   *
   * @param parallel how many of all at a time; 0 for the disruption budget of the configuration
   */
  public CompletableFuture<Outcome> restart(Optional<ContainerId> container, int parallel) {
    return ask(request -> new Event.RestartRequested(request, container, parallel));
  }

  /**
   * Makes these the containers of the topology, container 0 among them; completes when all that are
   * new run and all that are no longer wanted are gone.
   */
  public CompletableFuture<Outcome> update(Map<ContainerId, Size> wanted) {
    return ask(request -> new Event.UpdateRequested(request, wanted));
  }

  /** Completes when the runtime has stopped by itself; exceptionally if it cannot even do that. */
  public CompletableFuture<End> finished() {
    return finished;
  }

  private CompletableFuture<Outcome> ask(Function<RequestId, Event> event) {
    RequestId request = new RequestId(requestIds.incrementAndGet());
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    requests.put(request, answer);
    answer.whenComplete((outcome, failure) -> requests.remove(request));
    if (!mailbox.offer(new Message.Happened(event.apply(request)))) {
      answer.complete(
          closed.get()
              ? Outcome.stopped("the scheduler has stopped")
              : Outcome.refused("the scheduler is overloaded; try again in a while"));
    }
    return answer;
  }

  private void run() {
    try {
      Optional<Message> message = mailbox.take(this::lastLane);
      while (message.isPresent()) {
        handle(message.get());
        message = mailbox.take(this::lastLane);
      }
    } catch (InterruptedException e) {
      LOG.debug("the framework's thread was interrupted and ends");
    } catch (Throwable e) { // the thread's edge: nothing may end it silently, also no Error
      broken(e);
    }
  }

  /** A thread has failed; whichever it is, the runtime is at its end. On any thread. */
  private void broken(Throwable failure) {
    try {
      LOG.error("the scheduler cannot go on", failure);
    } finally { // also if a class is missing just for what is done before
      try {
        end(new End.Failed("the scheduler has failed, containers run on: " + failure));
      } finally {
        finished.completeExceptionally(failure);
      }
    }
  }

  private Mailbox.Lane lastLane() {
    if (suspended.isPresent()) {
      return Mailbox.Lane.URGENT;
    }
    boolean room =
        engine.waiting() < MOST_EFFECTS
            && mesos.map(MesosConnection::waitingCalls).orElse(0) < MOST_CALLS;
    return room ? Mailbox.Lane.OUTSIDE : Mailbox.Lane.OWN;
  }

  private void handle(Message message) {
    if (message instanceof Message.Happened happened) {
      engine.happened(happened.event());
    } else if (message instanceof Message.Written written && !isOurClosing(written)) {
      engine.written(written.failure());
    } else if (message instanceof Message.Suspended news) {
      suspended = news.why();
      engine.happened(news.why().<Event>map(Event.Suspended::new).orElseGet(Event.Resumed::new));
    }
    boolean more = suspended.isEmpty();
    while (more) {
      more = engine.perform();
    }
    waitingEffects = engine.waiting();
  }

  private boolean isOurClosing(Message.Written written) {
    return closed.get()
        && written.failure().filter(StorageException.Closed.class::isInstance).isPresent();
  }

  /** The engine's hands in the real world. */
  private final class RealHands implements Engine.Hands {
    @Override
    public void setAlarm(Timer timer, Instant at) {
      alarms.set(timer, at);
    }

    @Override
    public void say(String line) {
      LOG.info("{}", line);
    }

    @Override
    public void send(Call call, Optional<Event> whenTaken) {
      Runnable taken =
          () -> whenTaken.ifPresent(event -> mailbox.putOwn(new Message.Happened(event)));
      mesos.ifPresent(connection -> connection.send(call, taken));
    }

    @Override
    public void reply(RequestId request, Outcome outcome) {
      Optional.ofNullable(requests.get(request)).ifPresent(answer -> answer.complete(outcome));
    }

    @Override
    public void reconnect() {
      mesos.ifPresent(MesosConnection::reconnect);
    }

    @Override
    public void tearDown(String frameworkId) {
      mesos.ifPresent(connection -> connection.tearDown(frameworkId));
    }

    @Override
    public void writeEnded(Optional<Throwable> failure) {
      mailbox.putUrgent(new Message.Written(failure));
    }

    @Override
    public void end(Optional<String> failure) {
      FrameworkRuntime.this.end(failure.<End>map(End.Failed::new).orElseGet(End.Killed::new));
    }

    @Override
    public void deposed(String why) {
      FrameworkRuntime.this.end(new End.Deposed(why));
    }

    @Override
    public void vanished(String why) {
      FrameworkRuntime.this.end(new End.Vanished(why));
    }
  }

  /** Stops everything, then says so. */
  private void end(End why) {
    killed |= why instanceof End.Killed;
    try {
      stop(
          why instanceof End.Vanished vanished
              ? "the scheduler stops and goes on anew, repeat the command: " + vanished.why()
              : "the scheduler has stopped");
    } finally {
      finished.complete(why);
    }
  }

  private void stop(String why) {
    if (closed.compareAndSet(false, true)) {
      metrics.steppedDown();
      mailbox.close();
      alarms.close();
      mesos.ifPresent(MesosConnection::close);
      store.close();
      requests.values().forEach(answer -> answer.complete(Outcome.stopped(why)));
    }
  }

  /** Stops without ending any task: what is under way is found out by the next who starts. */
  @Override
  public void close() {
    stop("the scheduler has stopped");
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
