package org.apache.heron.framework.core;

import java.time.Instant;
import org.apache.heron.framework.identity.TaskId;

/**
 * The framework's mind. No I/O, no threads, no clock, no randomness: the same state, event and time
 * give the same decision. Thread-safe, being without state of its own.
 */
public final class Core {
  private final Blueprint blueprint;
  private final Subscription subscription;
  private final Market market;
  private final Copies copies;
  private final Reconciling reconciling;
  private final Ending ending;
  private final Commands commands;

  /** A core for one topology. */
  public Core(Blueprint blueprint) {
    this.blueprint = blueprint;
    reconciling = new Reconciling();
    market = new Market();
    ending = new Ending();
    copies = new Copies(reconciling);
    subscription = new Subscription(reconciling, copies, ending);
    commands = new Commands(copies, ending);
  }

  /** What follows from the event. */
  public Decision decide(State state, Event event, Instant now) {
    Turn turn = new Turn(blueprint, state, now);
    if (turn.phase == Phase.KILLED) {
      commands.refuseAfterTheEnd(turn, event);
      return turn.decision();
    }
    apply(turn, event);
    ending.pressOn(turn);
    market.follow(turn);
    return turn.decision();
  }

  private void apply(Turn turn, Event event) {
    if (event instanceof Event.TaskUpdated updated) {
      copies.updated(turn, updated.update());
    } else if (event instanceof Event.Offers offers) {
      market.offered(turn, offers.offers());
    } else if (event instanceof Event.Rescinded rescinded) {
      market.rescinded(turn, rescinded.offer());
    } else if (event instanceof Event.TimerFired fired) {
      fired(turn, fired.timer());
    } else if (event instanceof Event.AgentLost lost) {
      market.agentLost(turn, lost.agent());
      copies.agentLost(turn, lost.agent());
    } else if (event instanceof Event.ExecutorLost lost) {
      copies.executorLost(turn, new TaskId(lost.executor()));
    } else if (event instanceof Event.KillRequested request) {
      commands.kill(turn, request.request());
    } else if (event instanceof Event.RestartRequested request) {
      commands.restart(turn, request.request(), request.container());
    } else if (event instanceof Event.UpdateRequested request) {
      commands.update(turn, request.request());
    } else {
      subscription.apply(turn, event);
    }
  }

  private void fired(Turn turn, Timer timer) {
    if (timer instanceof Timer.Due due) {
      copies.due(turn, due.container());
    } else if (timer instanceof Timer.Gathered) {
      market.gathered(turn);
    } else if (timer instanceof Timer.Reconcile) {
      reconciling.askAgain(turn);
    } else if (timer instanceof Timer.Sweep) {
      reconciling.sweep(turn);
    } else if (timer instanceof Timer.Kill) {
      ending.alarm(turn);
    } else if (timer instanceof Timer.Reconnect) {
      subscription.tryAgain(turn);
    }
    // Timer.Revive only brings about a look at the demand, which always follows.
  }
}
