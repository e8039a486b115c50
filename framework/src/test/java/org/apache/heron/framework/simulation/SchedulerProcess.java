package org.apache.heron.framework.simulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.core.Decision;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.RequestId;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.core.Timer;
import org.apache.heron.framework.runtime.Engine;
import org.apache.heron.framework.runtime.FrameworkRuntime;
import org.apache.heron.framework.storage.FrameworkStore;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.framework.storage.StorageException;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.mesos.v1.scheduler.Protos.Call;

/**
 * A scheduler process: the real engine and the real store, with mailbox, alarms, clock and
 * connections of this world. It can be paused or die between any two effects.
 */
final class SchedulerProcess implements Engine.Hands {
  /** How long a scheduler tries to read its records before it gives up. */
  private static final long TAKE_OVER_PATIENCE = 60_000;

  final Wire wire;
  final int machine;
  private final World world;
  private final String name;
  private final Dice dice;
  private final Deque<Runnable> urgent = new ArrayDeque<>();
  private final Deque<Runnable> own = new ArrayDeque<>();
  private final Deque<Event> outside = new ArrayDeque<>();
  private final Map<Timer, Agenda.Entry> alarms = new HashMap<>();
  private final ProcessClock clock = new ProcessClock();
  private final StoreLine line;
  private FrameworkStore store;
  private Optional<Engine> engine = Optional.empty();
  private boolean alive = true;
  private boolean begun;
  private boolean submits;
  private boolean inDoubt;
  private boolean awake;
  private long pausedUntil;
  private long clockOffset;
  private int effectsToFault;
  private Runnable fault = () -> {};

  /** The time as this process's machine has it. */
  private final class ProcessClock extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("no process asks for a zone");
    }

    @Override
    public Instant instant() {
      return World.BEGINNING.plusMillis(world.agenda.now() + clockOffset);
    }
  }

  /**
   * A process that does nothing yet.
   *
   * @param machine from 1: who has come after another at the same place
   */
  SchedulerProcess(World world, int number, int machine) {
    this.world = world;
    this.machine = machine;
    this.name = "scheduler-" + number;
    this.dice = new Dice(world.history.seed(), name);
    this.wire = new Wire(world, this);
    this.line = new StoreLine(world, this, dice);
    this.clockOffset = dice.between(-500, 500);
  }

  // --- birth ---

  /** Waits for its turn. */
  void stand() {
    world.timeline.add(name, () -> "stands for election");
    world.latch.enter(this);
  }

  /** It is the first of those that stand. */
  void elected() {
    if (alive && isPaused()) {
      world.agenda.at(pausedUntil, this::elected);
    } else if (alive && !begun) {
      start();
    }
  }

  void start() {
    begun = true;
    world.begun.add(this);
    world.timeline.add(name, () -> "starts, and takes over the records");
    store =
        world.surgery.store(
            world.zooKeeper.open(name, line, clock, line::run, !world.surgery.writesUnfenced()),
            work -> world.agenda.after(2_000, work));
    // Whoever comes after others goes on: if nothing is on record, the topology was killed. Only
    // one at a time submits it: the next one when the former has died before it had begun.
    submits =
        machine == 1
            && world.firstWriter.isEmpty()
            && world.processes.stream().noneMatch(each -> each.alive && each.submits);
    (submits ? store.takeOver(name) : store.succeed(name))
        .whenComplete((snapshot, failure) -> own(() -> tookOver(snapshot, failure)));
    world.agenda.after(
        TAKE_OVER_PATIENCE,
        () -> {
          if (alive && engine.isEmpty()) {
            end(Optional.of("the records could not be read"));
          }
        });
  }

  private void tookOver(Snapshot snapshot, Throwable failure) {
    if (failure instanceof StorageException.Absent) {
      end(
          world.firstWriter.isEmpty()
              ? Optional.of("the topology is not submitted yet")
              : Optional.empty());
      return;
    }
    if (failure != null) {
      end(Optional.of(String.valueOf(failure.getMessage())));
      return;
    }
    world.timeline.add(name, () -> "has taken over as number " + snapshot.epoch());
    Engine restored =
        Engine.restore(this::decide, world.blueprint, store, snapshot, world.plan, clock, this);
    engine = Optional.of(restored);
    own(() -> restored.happened(new Event.Started(snapshot.epoch(), name)));
    wire.open();
  }

  private Decision decide(State state, Event event, Instant now) {
    Decision decision = world.surgery.decide(world.core, state, event, now);
    world.decided(this, state, event, decision);
    return decision;
  }

  // --- what it is given ---

  /** An event from the master. */
  void receive(Event event) {
    if (alive) {
      outside.add(event);
      wake();
    }
  }

  void command(Event event) {
    receive(event);
  }

  private void own(Runnable message) {
    if (alive) {
      own.add(message);
      wake();
    }
  }

  private void urgent(Runnable message) {
    if (alive) {
      urgent.add(message);
      wake();
    }
  }

  /** Whether it leads is not known: it does nothing until {@link #resume}. */
  void suspend(String why) {
    if (world.surgery.ignoresDoubt()) {
      inDoubt = engine.isPresent();
      return;
    }
    urgent(
        () -> {
          if (engine.isPresent() && !inDoubt) {
            world.timeline.add(name, () -> "is in doubt: " + why);
            inDoubt = true;
            engine.get().happened(new Event.Suspended(why));
          }
        });
  }

  void resume() {
    urgent(
        () -> {
          if (inDoubt) {
            world.timeline.add(name, () -> "is in doubt no more");
            inDoubt = false;
            engine.ifPresent(each -> each.happened(new Event.Resumed()));
          }
        });
  }

  private void wake() {
    if (!awake) {
      awake = true;
      world.agenda.at(Math.max(world.agenda.now(), pausedUntil), this::work);
    }
  }

  /** Takes one message, and carries out effects until none may be, or something befalls it. */
  private void work() {
    awake = false;
    if (!alive) {
      return;
    }
    if (isPaused()) {
      wake();
      return;
    }
    // What a pause has interrupted goes on before the next message is looked at.
    boolean goesOn = performAll();
    if (goesOn && !urgent.isEmpty()) {
      urgent.remove().run();
      goesOn = performAll();
    } else if (goesOn && hearsItself() && !own.isEmpty()) {
      own.remove().run();
      goesOn = performAll();
    } else if (goesOn && hearsOthers() && !outside.isEmpty()) {
      Event event = outside.remove();
      wire.goOn();
      world.timeline.add(name, () -> "← " + Words.of(event));
      world.receives(this, event);
      engine.get().happened(event);
      goesOn = performAll();
    }
    if (alive && (!goesOn || hasMessages())) {
      wake();
    }
  }

  private boolean hasMessages() {
    return !urgent.isEmpty()
        || (hearsItself() && !own.isEmpty())
        || (hearsOthers() && !outside.isEmpty());
  }

  private boolean hearsItself() {
    return !inDoubt || world.surgery.ignoresDoubt();
  }

  private boolean hearsOthers() {
    return hearsItself()
        && engine.filter(each -> each.waiting() < FrameworkRuntime.MOST_EFFECTS).isPresent();
  }

  private boolean performAll() {
    while (alive && engine.isPresent() && hearsItself()) {
      if (effectsToFault > 0 && engine.get().waiting() > 0 && --effectsToFault == 0) {
        fault.run();
      }
      if (!alive || isPaused()) {
        return false;
      }
      if (!engine.get().perform()) {
        return alive;
      }
    }
    return alive;
  }

  // --- what the engine does ---

  @Override
  public void setAlarm(Timer timer, Instant at) {
    long wait = Math.max(0, Duration.between(clock.instant(), at).toMillis());
    Agenda.Entry former =
        alarms.put(
            timer,
            world.agenda.after(
                wait + 1,
                () -> {
                  alarms.remove(timer);
                  own(
                      () -> {
                        world.timeline.add(name, () -> "(" + Words.of(timer) + ")");
                        engine.ifPresent(each -> each.happened(new Event.TimerFired(timer)));
                      });
                }));
    if (former != null) {
      former.cancel();
    }
  }

  @Override
  public void say(String line) {
    world.timeline.add(name, () -> "says: " + line);
  }

  @Override
  public void send(Call call, Optional<Event> whenTaken) {
    world.timeline.add(name, () -> "→ " + Words.of(call));
    world.sends(this, call);
    wire.send(
        call,
        () ->
            whenTaken.ifPresent(
                event -> own(() -> engine.ifPresent(each -> each.happened(event)))));
  }

  @Override
  public void reply(RequestId request, Outcome outcome) {
    world.replied(request, outcome);
  }

  @Override
  public void reconnect() {
    wire.reconnect();
  }

  @Override
  public void tearDown(String frameworkId) {
    throw new IllegalStateException("no master here refuses a principal");
  }

  @Override
  public void writeEnded(Optional<Throwable> failure) {
    urgent(() -> engine.ifPresent(each -> each.written(failure)));
  }

  @Override
  public void end(Optional<String> failure) {
    if (alive) {
      world.timeline.add(
          name, () -> failure.map(why -> "stops: " + why).orElse("ends: nothing is left to do"));
      alive = false;
      world.latch.leave(this);
      wire.close();
      if (begun) {
        store.close();
      }
      world.ended(this, failure.isEmpty());
    }
  }

  // --- faults ---

  /**
   * It is killed.
   *
   * @param noticedAfter how long the master takes its connection for alive
   */
  void die(long noticedAfter) {
    if (alive) {
      world.timeline.add(name, () -> "† is killed");
      alive = false;
      world.latch.died(this);
      wire.vanish(noticedAfter);
      world.ended(this, false);
    }
  }

  /** It finds out that it is no longer elected, as it does when its session is lost. */
  void loseElection() {
    if (!alive) {
      return;
    }
    if (isPaused()) {
      world.agenda.at(pausedUntil, this::loseElection);
    } else {
      end(Optional.of("it is no longer elected"));
    }
  }

  void loseElectionAfter(long wait) {
    world.agenda.after(wait, this::loseElection);
  }

  void pause(long wait) {
    world.timeline.add(name, () -> "stands still for " + Words.of(wait));
    pausedUntil = Math.max(pausedUntil, world.agenda.now() + wait);
    if (world.latch.isUsed()) {
      world.latch.paused(this);
    }
  }

  void unpause() {
    pausedUntil = Math.min(pausedUntil, world.agenda.now());
    if (alive) {
      awake = false;
      wake();
    }
  }

  /** Something befalls it after so many effects. */
  void beforeEffect(int effects, Runnable what) {
    effectsToFault = effects;
    fault = what;
  }

  void forgetFaults() {
    effectsToFault = 0;
  }

  void jumpClock(long by) {
    clockOffset += by;
  }

  // --- what can be seen of it ---

  boolean isAlive() {
    return alive;
  }

  /** True from the moment on at which it takes over. */
  boolean hasBegun() {
    return begun;
  }

  boolean isInDoubt() {
    return inDoubt;
  }

  int waitingMessages() {
    return outside.size();
  }

  int waitingEffects() {
    return engine.map(Engine::waiting).orElse(0);
  }

  boolean isPaused() {
    return world.agenda.now() < pausedUntil;
  }

  /** Until when it stands still; in the past if it does not. */
  long pausedUntil() {
    return pausedUntil;
  }

  /** Its state; absent before it has taken over. */
  Optional<State> state() {
    return engine.map(Engine::state);
  }

  Instant time() {
    return clock.instant();
  }

  /** How long its clock is ahead of the world's, in milliseconds. */
  long clockOffset() {
    return clockOffset;
  }

  @Override
  public String toString() {
    return name;
  }
}
