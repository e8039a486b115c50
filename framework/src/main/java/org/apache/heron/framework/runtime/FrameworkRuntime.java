package org.apache.heron.framework.runtime;

import java.time.Clock;
import java.util.List;
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
import org.apache.heron.framework.core.Effect;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.RequestId;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.storage.Batch;
import org.apache.heron.framework.storage.FrameworkStore;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.framework.storage.StorageException;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a core: one thread owns the state, takes events one by one, and carries out their effects in
 * order. Thread-safe. Closing it leaves tasks and records as they are.
 */
public final class FrameworkRuntime implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FrameworkRuntime.class);
  private static final int MAILBOX = 20_000;

  private final Core core;
  private final FrameworkStore store;
  private final Records records;
  private final Clock clock;
  private final Mailbox<Message> mailbox = new Mailbox<>(MAILBOX);
  private final Outbox outbox = new Outbox();
  private final Alarms alarms;
  private final Map<RequestId, CompletableFuture<Outcome>> requests = new ConcurrentHashMap<>();
  private final AtomicLong requestIds = new AtomicLong();
  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread thread;
  private volatile State state;
  private volatile Optional<MesosConnection> mesos = Optional.empty();

  /** What the runtime's thread is given. */
  private sealed interface Message {
    /** Something for the core. */
    record Happened(Event event) implements Message {}

    /** A write has ended. */
    record Written(Optional<Throwable> failure) implements Message {}
  }

  private FrameworkRuntime(
      Core core,
      State initial,
      FrameworkStore store,
      Records records,
      String topology,
      Clock clock) {
    this.core = core;
    this.state = initial;
    this.store = store;
    this.records = records;
    this.clock = clock;
    this.alarms =
        new Alarms(
            clock, timer -> mailbox.putOwn(new Message.Happened(new Event.TimerFired(timer))));
    this.thread = new Thread(this::run, "framework-" + topology);
    thread.setDaemon(true);
  }

  /**
   * A runtime that has not begun, in the state that records stand for.
   *
   * @param store taken over already; closed with this runtime
   * @param snapshot what was found on record
   * @param sizes of all containers that are wanted; records of others are removed
   * @throws SchedulerException if the records are of another submission
   */
  public static FrameworkRuntime restore(
      Core core,
      Blueprint blueprint,
      FrameworkStore store,
      Snapshot snapshot,
      Map<ContainerId, Size> sizes,
      Clock clock) {
    Records records = new Records(blueprint.topology(), blueprint.topologyId());
    State initial = records.state(snapshot, sizes, blueprint.timing(), clock.instant());
    List<Integer> surplus = Records.surplus(snapshot, sizes);
    if (!surplus.isEmpty()) {
      LOG.info("containers {} are no longer in the plan", surplus);
      store.write(new Batch(Optional.empty(), List.of(), surplus));
    }
    return new FrameworkRuntime(core, initial, store, records, blueprint.topology(), clock);
  }

  /** Begins: connects, and takes events from now on. To be called once. */
  public void start(MesosConnection.Opener opener) {
    mailbox.putOwn(new Message.Happened(new Event.Started()));
    mesos = Optional.of(opener.open(event -> mailbox.put(new Message.Happened(event))));
    thread.start();
  }

  /** The state as it is after the last event. */
  public State state() {
    return state;
  }

  /** What hinders the runtime outside of the core, as one line; empty if nothing does. */
  public String problem() {
    return store.problem().orElseGet(() -> mesos.map(MesosConnection::problem).orElse(""));
  }

  /** Ends the topology; completes when nothing is left. */
  public CompletableFuture<Outcome> kill() {
    return ask(Event.KillRequested::new);
  }

  /** Restarts one container, or all. */
  public CompletableFuture<Outcome> restart(Optional<ContainerId> container) {
    return ask(request -> new Event.RestartRequested(request, container));
  }

  /** Changes the plan. */
  public CompletableFuture<Outcome> update() {
    return ask(Event.UpdateRequested::new);
  }

  /**
   * Completes when the topology was killed; exceptionally, with a {@link SchedulerException}, when
   * this process must not go on.
   */
  public CompletableFuture<Void> finished() {
    return finished;
  }

  private CompletableFuture<Outcome> ask(Function<RequestId, Event> event) {
    RequestId request = new RequestId(requestIds.incrementAndGet());
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    requests.put(request, answer);
    answer.whenComplete((outcome, failure) -> requests.remove(request));
    if (!mailbox.offer(new Message.Happened(event.apply(request)))) {
      answer.complete(
          Outcome.refused(
              closed.get()
                  ? "the scheduler has stopped"
                  : "the scheduler is overloaded; try again in a while"));
    }
    return answer;
  }

  private void run() {
    try {
      Optional<Message> message = mailbox.take();
      while (message.isPresent()) {
        handle(message.get());
        message = mailbox.take();
      }
    } catch (InterruptedException e) {
      LOG.debug("the framework's thread was interrupted and ends");
    } catch (Exception e) { // the thread's edge: nothing may end it silently
      LOG.error("the scheduler cannot go on", e);
      end(Optional.of("the scheduler has failed, containers run on: " + e));
    }
  }

  private void handle(Message message) {
    if (message instanceof Message.Happened happened) {
      decide(happened.event());
    } else if (message instanceof Message.Written written) {
      if (written.failure().isPresent()) {
        writeFailed(written.failure().get());
      } else {
        outbox.durable();
      }
    }
    for (Optional<Effect> next = outbox.next(); next.isPresent(); next = outbox.next()) {
      perform(next.get());
    }
  }

  private void decide(Event event) {
    Decision decision = core.decide(state, event, clock.instant());
    LOG.debug("{}: {} effects", event, decision.effects().size());
    state = decision.state();
    outbox.add(decision.effects().stream().filter(effect -> !performedAtOnce(effect)).toList());
  }

  /** Alarms and log lines touch nobody else, so they need not wait for the store. */
  private boolean performedAtOnce(Effect effect) {
    if (effect instanceof Effect.SetTimer set) {
      alarms.set(set.timer(), set.at());
      return true;
    }
    if (effect instanceof Effect.Say say) {
      LOG.info("{}", say.line());
      return true;
    }
    return false;
  }

  private void perform(Effect effect) {
    if (effect instanceof Effect.Persist persist) {
      written(store.write(records.batch(persist.changes(), clock.instant())));
    } else if (effect instanceof Effect.Forget) {
      written(store.removeAll());
    } else if (effect instanceof Effect.Send send) {
      send(send.call());
    } else if (effect instanceof Effect.Reply reply) {
      Optional.ofNullable(requests.get(reply.request()))
          .ifPresent(answer -> answer.complete(reply.outcome()));
    } else if (effect instanceof Effect.Reconnect) {
      mesos.ifPresent(MesosConnection::reconnect);
    } else if (effect instanceof Effect.Finish) {
      end(Optional.empty());
    } else if (effect instanceof Effect.Fail fail) {
      end(Optional.of(fail.why()));
    }
  }

  private void written(CompletableFuture<Void> write) {
    write.whenComplete(
        (done, failure) -> mailbox.putOwn(new Message.Written(Optional.ofNullable(failure))));
  }

  private void send(Call call) {
    Runnable taken =
        call.getType() == Call.Type.TEARDOWN
            ? () -> mailbox.putOwn(new Message.Happened(new Event.TornDown()))
            : () -> {};
    mesos.ifPresent(connection -> connection.send(call, taken));
  }

  private void writeFailed(Throwable failure) {
    if (failure instanceof StorageException.Closed && closed.get()) {
      return;
    }
    if (failure instanceof StorageException.Deposed) {
      decideOutOfOrder(new Event.Deposed(failure.getMessage()));
    } else {
      LOG.error("records cannot be written", failure);
      end(Optional.of("records cannot be written, containers run on: " + failure.getMessage()));
    }
  }

  /** What waits for the failed write must never be done: only the end is left. */
  private void decideOutOfOrder(Event.Deposed deposed) {
    state = core.decide(state, deposed, clock.instant()).state();
    end(Optional.of(deposed.why()));
  }

  /** Stops everything, then says so. */
  private void end(Optional<String> failure) {
    stop();
    if (failure.isPresent()) {
      finished.completeExceptionally(new SchedulerException(failure.get()));
    } else {
      finished.complete(null);
    }
  }

  private void stop() {
    if (closed.compareAndSet(false, true)) {
      mailbox.close();
      alarms.close();
      mesos.ifPresent(MesosConnection::close);
      store.close();
      requests
          .values()
          .forEach(answer -> answer.complete(Outcome.refused("the scheduler has stopped")));
    }
  }

  /** Stops without ending any task: what is under way is found out by the next who starts. */
  @Override
  public void close() {
    stop();
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
