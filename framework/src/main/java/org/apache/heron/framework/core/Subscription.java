package org.apache.heron.framework.core;

import java.util.Map;

/** How the framework comes to stand with a master, and loses it. */
final class Subscription {
  // The texts of a real master (recordings failover, failover-timeout).
  private static final String REMOVED = "Framework has been removed";
  private static final String FAILED_OVER = "Framework failed over";

  private final Reconciling reconciling;
  private final Copies copies;
  private final Ending ending;

  Subscription(Reconciling reconciling, Copies copies, Ending ending) {
    this.reconciling = reconciling;
    this.copies = copies;
    this.ending = ending;
  }

  void apply(Turn turn, Event event) {
    if (event instanceof Event.Started) {
      copies.restoreAlarms(turn);
    } else if (event instanceof Event.Connected) {
      connected(turn);
    } else if (event instanceof Event.Subscribed subscribed) {
      subscribed(turn, subscribed);
    } else if (event instanceof Event.Disconnected) {
      disconnected(turn);
    } else if (event instanceof Event.MasterError error) {
      refused(turn, error.message());
    } else if (event instanceof Event.TornDown) {
      ending.tornDown(turn);
    } else if (event instanceof Event.Deposed deposed) {
      fail(turn, Phase.FAILED, deposed.why());
      turn.effect(new Effect.Fail(deposed.why()));
    } else {
      throw new IllegalStateException("no place for " + event);
    }
  }

  private void connected(Turn turn) {
    if (turn.phase == Phase.REMOVED) {
      return;
    }
    turn.link = Link.SUBSCRIBING;
    turn.send(Calls.subscribe(turn.blueprint.framework(), turn.frameworkId));
  }

  private void subscribed(Turn turn, Event.Subscribed event) {
    if (turn.frameworkId.isPresent() && !turn.frameworkId.get().equals(event.frameworkId())) {
      // Cannot come of a real master, which keeps the id of a SUBSCRIBE; never follow it, for the
      // tasks on record belong to the other id.
      String why =
          "Mesos calls this framework "
              + event.frameworkId()
              + ", but "
              + turn.frameworkId.get()
              + " is on record; nothing is done";
      fail(turn, Phase.FAILED, why);
      turn.effect(new Effect.Fail(why));
      return;
    }
    if (turn.phase == Phase.FAILED) {
      turn.phase = Phase.SERVING;
    }
    turn.problem = "";
    boolean known = turn.frameworkId.isPresent();
    turn.link = Link.SUBSCRIBED;
    turn.master = event.master();
    turn.frameworkId = java.util.Optional.of(event.frameworkId());
    turn.held = Map.of();
    // A new subscription is not suppressed and has no filters.
    turn.demand = Demand.OPEN;
    if (!known) {
      turn.recordFramework();
      turn.say("registered with Mesos at " + event.master() + " as " + event.frameworkId());
    } else {
      turn.say("subscribed with Mesos at " + event.master() + " as " + event.frameworkId());
      reconciling.begin(turn);
      copies.killAgain(turn);
      ending.tearDown(turn);
    }
  }

  private void disconnected(Turn turn) {
    turn.link = Link.DISCONNECTED;
    turn.master = "";
    turn.held = Map.of();
    turn.reconciliation = Reconciliation.DONE;
  }

  private void refused(Turn turn, String message) {
    turn.link = Link.DISCONNECTED;
    turn.master = "";
    turn.held = Map.of();
    if (message.contains(REMOVED)) {
      removed(turn);
    } else if (message.contains(FAILED_OVER)) {
      String why = "another scheduler process has taken over this framework: " + message;
      fail(turn, Phase.FAILED, why);
      turn.effect(new Effect.Fail(why));
    } else {
      refusedForNow(turn, "Mesos refuses this framework: " + message);
    }
  }

  // What was wrong may be put right in Mesos, so it is asked again after a while.
  private static void refusedForNow(Turn turn, String why) {
    if (turn.phase == Phase.SERVING) {
      turn.phase = Phase.FAILED;
    }
    if (!turn.problem.equals(why)) {
      turn.say(why);
    }
    turn.problem = why;
    turn.timer(new Timer.Reconnect(), turn.now.plus(turn.timing().refusedWait()));
  }

  void tryAgain(Turn turn) {
    if (turn.link == Link.DISCONNECTED && turn.phase != Phase.REMOVED) {
      turn.effect(new Effect.Reconnect());
    }
  }

  private void removed(Turn turn) {
    if (turn.phase == Phase.KILLING || turn.phase == Phase.TEARING_DOWN) {
      ending.tornDown(turn);
      return;
    }
    long tasks = turn.containers.stream().filter(c -> c.life().hasTask()).count();
    fail(
        turn,
        Phase.REMOVED,
        "Mesos has removed framework "
            + turn.frameworkId.orElse("")
            + " (its failover time-out passed, or it was torn down), while "
            + tasks
            + " of its tasks are on record; no other framework is registered in its place:"
            + " kill the topology, then submit it again");
  }

  private static void fail(Turn turn, Phase phase, String why) {
    turn.phase = phase;
    turn.problem = why;
    turn.say(why);
  }
}
