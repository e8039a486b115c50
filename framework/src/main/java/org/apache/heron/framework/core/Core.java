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
  private final Leading leading;
  private final Market market;
  private final Maintenance maintenance;
  private final Copies copies;
  private final Reconciling reconciling;
  private final Renewing renewing;
  private final Scaling scaling;
  private final Ending ending;
  private final Commands commands;

  /** A core for one topology. */
  public Core(Blueprint blueprint) {
    this.blueprint = blueprint;
    reconciling = new Reconciling();
    market = new Market();
    ending = new Ending();
    copies = new Copies(reconciling);
    renewing = new Renewing(copies);
    scaling = new Scaling(copies);
    maintenance = new Maintenance(renewing);
    subscription = new Subscription(reconciling, copies, ending);
    leading = new Leading(subscription, reconciling, copies, renewing, scaling, ending);
    commands = new Commands(copies, ending, renewing, scaling);
  }

  /** What follows from the event. */
  public Decision decide(State state, Event event, Instant now) {
    Turn turn = new Turn(blueprint, state, now);
    boolean command = commands.apply(turn, event);
    if (turn.phase == Phase.KILLED) {
      return turn.decision();
    }
    if (!command) {
      apply(turn, event);
    }
    ending.pressOn(turn);
    renewing.follow(turn);
    scaling.follow(turn);
    market.follow(turn);
    return turn.decision();
  }

  private void apply(Turn turn, Event event) {
    if (event instanceof Event.TaskUpdated updated) {
      copies.updated(turn, updated.update());
    } else if (event instanceof Event.Offers offers) {
      maintenance.offered(turn, offers.offers());
      market.offered(turn, offers.offers());
    } else if (event instanceof Event.Rescinded rescinded) {
      market.rescinded(turn, rescinded.offer());
    } else if (event instanceof Event.InverseOffers inverse) {
      maintenance.announced(turn, inverse.offers());
    } else if (event instanceof Event.InverseRescinded rescinded) {
      maintenance.rescinded(turn, rescinded.offer());
    } else if (event instanceof Event.AgentLost lost) {
      market.agentLost(turn, lost.agent());
      copies.agentLost(turn, lost.agent());
    } else if (event instanceof Event.ExecutorLost lost) {
      copies.executorLost(turn, new TaskId(lost.executor()));
    } else if (event instanceof Event.TimerFired fired) {
      fired(turn, fired.timer());
    } else if (!leading.apply(turn, event)) {
      subscription.apply(turn, event);
    }
  }

  private void fired(Turn turn, Timer timer) {
    if (turn.tenure == Tenure.SUSPENDED) {
      return; // all that matter are set anew when the connection with ZooKeeper is back
    }
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
    } else if (timer instanceof Timer.Confirm) {
      subscription.confirm(turn);
    } else if (timer instanceof Timer.Maintenance) {
      maintenance.look(turn);
    } else if (timer instanceof Timer.Renewal) {
      renewing.alarm(turn);
    }
    // Timer.Revive only brings about a look, which always follows.
  }
}
