package org.apache.heron.framework.runtime;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.heron.framework.core.Blueprint;
import org.apache.heron.framework.core.Core;
import org.apache.heron.framework.core.Decision;
import org.apache.heron.framework.core.Effect;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.RequestId;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.core.Timer;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.storage.FrameworkStore;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.framework.storage.StorageException;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deterministic part of the runtime: decides on events, and carries out effects one by one in
 * their order. It has no thread and no clock of its own; all that it touches is a {@link
 * FrameworkStore} and its {@link Hands}. The runtime drives it from its thread, the simulation from
 * a seed. For one thread.
 */
public final class Engine {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  /** What an engine acts with. Nothing here blocks, or calls the engine back at once. */
  public interface Hands {
    /** Sets an alarm, which is to come back as {@link Event.TimerFired}. */
    void setAlarm(Timer timer, Instant at);

    /** Writes a line to the log. */
    void say(String line);

    /**
     * Sends a call to the master.
     *
     * @param whenTaken what to tell the engine once the master has taken the call
     */
    void send(Call call, Optional<Event> whenTaken);

    /** Answers a command. */
    void reply(RequestId request, Outcome outcome);

    /** Connects anew, although the master has refused us. */
    void reconnect();

    /**
     * Has the master end the framework by its operator API; {@link Event.TornDown} or {@link
     * Event.NotTornDown} follows.
     */
    void tearDown(String frameworkId);

    /** A write has ended: {@link Engine#written} is to be called with this. From any thread. */
    void writeEnded(Optional<Throwable> failure);

    /**
     * Stops everything: the engine is not to be used any more.
     *
     * @param failure why the process must not go on; empty if all is done
     */
    void end(Optional<String> failure);

    /**
     * Stops everything, because another scheduler process has taken over.
     *
     * @param why for people, one line
     */
    default void deposed(String why) {
      end(Optional.of(why));
    }

    /**
     * Stops everything, because the records were removed by someone who is no scheduler.
     *
     * @param why for people, one line
     */
    default void vanished(String why) {
      deposed(why);
    }
  }

  /** How an engine decides: {@link Core#decide}, save where tests break it on purpose. */
  @FunctionalInterface
  public interface Mind {
    /** What follows from the event. */
    Decision decide(State state, Event event, Instant now);
  }

  private final Mind mind;
  private final FrameworkStore store;
  private final Records records;
  private final Clock clock;
  private final Hands hands;
  private final Outbox outbox = new Outbox();
  private volatile State state;
  private volatile Optional<Snapshot> memory = Optional.empty();
  private boolean ended;

  private Engine(
      Mind mind, State initial, FrameworkStore store, Records records, Clock clock, Hands hands) {
    this.mind = mind;
    this.state = initial;
    this.store = store;
    this.records = records;
    this.clock = clock;
    this.hands = hands;
  }

  /**
   * An engine in the state that records stand for.
   *
   * @param store taken over already
   * @param snapshot what was found on record
   * @param sizes of all containers that are wanted; those on record that are not are killed and
   *     then forgotten
   * @throws SchedulerException if the records are of another submission
   */
  public static Engine restore(
      Mind mind,
      Blueprint blueprint,
      FrameworkStore store,
      Snapshot snapshot,
      Map<ContainerId, Size> sizes,
      Clock clock,
      Hands hands) {
    Records records = new Records(blueprint.topology(), blueprint.topologyId());
    State initial = records.state(snapshot, sizes, blueprint.timing(), clock.instant());
    return new Engine(mind, initial, store, records, clock, hands);
  }

  /** The state as it is after the last event. Thread-safe. */
  public State state() {
    return state;
  }

  /**
   * What this engine would have on record when it lost its records; empty before, and if Mesos had
   * not given it an id. Thread-safe.
   */
  public Optional<Snapshot> memory() {
    return memory;
  }

  /** How many effects wait. */
  public int waiting() {
    return outbox.size();
  }

  /** Decides on an event; what follows from it is done by {@link #perform}. */
  public void happened(Event event) {
    if (ended) {
      return;
    }
    Decision decision = mind.decide(state, event, clock.instant());
    LOG.debug("{}: {} effects", event, decision.effects().size());
    state = decision.state();
    outbox.add(decision.effects().stream().filter(effect -> !performedAtOnce(effect)).toList());
  }

  /** The write that was under way has ended. */
  public void written(Optional<Throwable> failure) {
    if (ended) {
      return;
    }
    if (failure.isEmpty()) {
      outbox.durable();
    } else if (failure.get() instanceof StorageException.Deposed deposed) {
      stop(deposed.getMessage());
      hands.deposed(deposed.getMessage());
    } else if (failure.get() instanceof StorageException.Absent absent) {
      memory = records.memory(state, clock.instant());
      stop(absent.getMessage());
      hands.vanished(absent.getMessage());
    } else {
      LOG.error("records cannot be written", failure.get());
      end(
          Optional.of(
              "records cannot be written, containers run on: "
                  + (failure.get() instanceof StorageException known
                      ? known.getMessage()
                      : failure.get().toString())));
    }
  }

  /** What waits for a failed write must never be done: only the end is left. */
  private void stop(String why) {
    state = mind.decide(state, new Event.Deposed(why), clock.instant()).state();
    ended = true;
  }

  /** Carries out the next effect; false if none may be carried out now. */
  public boolean perform() {
    Optional<Effect> next = ended ? Optional.empty() : outbox.next();
    next.ifPresent(this::perform);
    return next.isPresent();
  }

  /** Alarms and log lines touch nobody else, so they need not wait for the store. */
  private boolean performedAtOnce(Effect effect) {
    if (effect instanceof Effect.SetTimer set) {
      hands.setAlarm(set.timer(), set.at());
      return true;
    }
    if (effect instanceof Effect.Say say) {
      hands.say(say.line());
      return true;
    }
    return false;
  }

  private void perform(Effect effect) {
    if (effect instanceof Effect.Persist persist) {
      tellWhenWritten(store.write(records.batch(persist.changes(), clock.instant())));
    } else if (effect instanceof Effect.Forget) {
      tellWhenWritten(store.removeAll());
    } else if (effect instanceof Effect.Send send) {
      hands.send(send.call(), whenTaken(send.call().getType()));
    } else if (effect instanceof Effect.Reply reply) {
      hands.reply(reply.request(), reply.outcome());
    } else if (effect instanceof Effect.Reconnect) {
      hands.reconnect();
    } else if (effect instanceof Effect.TearDown tearDown) {
      hands.tearDown(tearDown.frameworkId());
    } else if (effect instanceof Effect.Finish) {
      end(Optional.empty());
    } else if (effect instanceof Effect.Fail fail) {
      end(Optional.of(fail.why()));
    }
  }

  /** What the core is told when the master has taken a call of that type. */
  private static Optional<Event> whenTaken(Call.Type type) {
    if (type == Call.Type.TEARDOWN) {
      return Optional.of(new Event.TornDown());
    }
    return type == Call.Type.UPDATE_FRAMEWORK
        ? Optional.of(new Event.FrameworkUpdated())
        : Optional.empty();
  }

  private void end(Optional<String> failure) {
    ended = true;
    hands.end(failure);
  }

  private void tellWhenWritten(CompletableFuture<Void> write) {
    write.whenComplete(
        (done, failure) -> hands.writeEnded(Optional.ofNullable(failure).map(Engine::cause)));
  }

  // A future that was made from the store's own wraps what that failed with.
  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
