package org.apache.heron.framework.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.heron.framework.core.Event.Connected;
import org.apache.heron.framework.core.Event.Disconnected;
import org.apache.heron.framework.runtime.FrameworkRuntime;
import org.apache.heron.framework.runtime.Incoming;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;

/**
 * A scheduler's connection with the master, as the driver keeps it: calls and events in their
 * order, whatever breaks ends the session, calls without a subscription are dropped, and after an
 * ERROR nothing is tried again until asked.
 */
final class Wire {
  /** Five heartbeats of 15 s. */
  private static final long SILENCE = 75_000;

  private final World world;
  private final SchedulerProcess process;
  private final Dice dice;
  private Optional<Stream> stream = Optional.empty();
  private boolean closed;
  private boolean halted;
  private int failures;
  private int calls;
  private int cutAt;
  private boolean cutAfterwards;
  private long stalledUntil;

  Wire(World world, SchedulerProcess process) {
    this.world = world;
    this.process = process;
    this.dice = new Dice(world.history.seed(), "wire of " + process);
  }

  /** One session. The master's end of it is its own affair. */
  final class Stream {
    private final int incarnation = world.master.incarnation;
    private boolean subscribing;
    private boolean subscribed;
    private boolean alive = true;
    private long lastEvent;
    private long lastCall;

    /** What the scheduler has no room for, and the connection keeps. */
    private final Deque<Event> held = new ArrayDeque<>();

    String owner() {
      return process.toString();
    }

    // --- what the master does with it ---

    void send(Event event) {
      long arrival = Math.max(world.agenda.now() + latency(), stalledUntil);
      lastEvent = Math.max(lastEvent, arrival);
      world.agenda.at(lastEvent, () -> arrived(event));
    }

    private void arrived(Event event) {
      if (!alive) {
        return;
      }
      if (!held.isEmpty() || isFull()) {
        held.add(event);
        return;
      }
      deliver(event);
    }

    private void goOn() {
      while (alive && !held.isEmpty() && !isFull()) {
        deliver(held.remove());
      }
    }

    private boolean isFull() {
      return process.waitingMessages() >= FrameworkRuntime.MOST_MESSAGES
          && !world.surgery.takesAnyNumber();
    }

    private void deliver(Event event) {
      if (event.getType() == Event.Type.SUBSCRIBED) {
        failures = 0;
      }
      Incoming.read(event).forEach(process::receive);
      if (event.getType() == Event.Type.ERROR) {
        end(true);
      }
    }

    /** The master sends ERROR and closes. */
    void fail(String message) {
      send(
          Event.newBuilder()
              .setType(Event.Type.ERROR)
              .setError(Event.Error.newBuilder().setMessage(message))
              .build());
    }

    /** The connection breaks, and both ends notice. */
    void lost() {
      world.agenda.after(latency(), () -> end(false));
    }

    // --- what the scheduler's side does with it ---

    private void end(boolean halt) {
      if (!alive) {
        return;
      }
      alive = false;
      stream = Optional.empty();
      halted = halt;
      world.agenda.after(latency(), () -> world.master.streamEnded(this));
      if (!closed) {
        process.receive(new Disconnected());
        retry();
      }
    }

    private void call(Call call, Runnable taken) {
      boolean cut = ++calls == cutAt;
      boolean arrives = !cut || cutAfterwards;
      lastCall = Math.max(lastCall, world.agenda.now() + latency());
      if (arrives) {
        world.agenda.at(lastCall, () -> reach(call, cut ? () -> {} : taken));
      }
      if (cut) {
        world.timeline.add(
            process.toString(),
            () -> "loses its connection during " + call.getType() + (arrives ? ", taken" : ""));
        end(false);
      }
    }

    private void reach(Call call, Runnable taken) {
      if (!world.master.isUp(incarnation)) {
        end(false);
        return;
      }
      if (call.getType() == Call.Type.SUBSCRIBE) {
        if (alive) {
          subscribed = true;
          world.master.subscribe(call.getSubscribe().getFrameworkInfo(), this);
        }
      } else if (world.master.call(this, call)) {
        world.agenda.after(
            latency(),
            () -> {
              if (!closed) {
                taken.run();
              }
            });
      } else {
        world.agenda.after(latency(), () -> end(false));
      }
    }
  }

  private long latency() {
    return dice.chance(0.95) ? dice.between(1, 10) : dice.between(10, 1_500);
  }

  /** The scheduler has taken in a message: there may be room for the next. */
  void goOn() {
    stream.ifPresent(Stream::goOn);
  }

  void open() {
    world.agenda.after(latency(), this::connect);
  }

  private void connect() {
    if (closed || halted || stream.isPresent()) {
      return;
    }
    if (!world.master.isUp()) {
      retry();
      return;
    }
    stream = Optional.of(new Stream());
    process.receive(new Connected());
  }

  private void retry() {
    if (!halted) {
      failures++;
      long longest = Math.min(30_000, 500L << Math.min(failures, 6));
      world.agenda.after(dice.between(longest / 2, longest), this::connect);
    }
  }

  /** Calls without a subscription are dropped, as the driver does. */
  void send(Call call, Runnable taken) {
    Optional<Stream> current = stream;
    if (current.isEmpty()) {
      world.timeline.add(process.toString(), () -> "(not connected: dropped)");
      return;
    }
    Stream session = current.get();
    boolean first = call.getType() == Call.Type.SUBSCRIBE;
    if (first ? !session.subscribing : session.subscribed) {
      session.subscribing = true;
      session.call(call, taken);
    } else {
      world.timeline.add(process.toString(), () -> "(dropped by the driver)");
    }
  }

  void reconnect() {
    halted = false;
    stream.ifPresent(session -> session.end(false));
    connect();
  }

  /** Ends the connection in order. */
  void close() {
    closed = true;
    stream.ifPresent(session -> session.end(false));
  }

  /**
   * The process is gone, or its machine.
   *
   * @param noticedAfter how long the master takes the connection for alive
   */
  void vanish(long noticedAfter) {
    closed = true;
    stream.ifPresent(
        session -> {
          session.alive = false;
          stream = Optional.empty();
          world.agenda.after(noticedAfter, () -> world.master.streamEnded(session));
        });
  }

  // --- faults ---

  void cut() {
    stream.ifPresent(session -> session.end(false));
  }

  /** The connection breaks at a call from now; the master has taken that call, or has not. */
  void cutAtCall(int call, boolean afterwards) {
    cutAt = calls + call;
    cutAfterwards = afterwards;
  }

  /** Nothing comes from the master for a while; after long silence the driver gives up. */
  void stall(long wait) {
    stalledUntil = world.agenda.now() + wait;
    if (wait > SILENCE) {
      stream.ifPresent(session -> world.agenda.after(SILENCE, () -> session.end(false)));
    }
  }

  void forgetFaults() {
    cutAt = 0;
    stalledUntil = 0;
  }

  boolean isSubscribed() {
    return stream.filter(session -> session.subscribed).isPresent();
  }

  boolean isClosed() {
    return closed;
  }
}
