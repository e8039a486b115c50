package org.apache.heron.framework.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.history.Happening.Kind;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.mesos.v1.Protos.FrameworkInfo;

/** How the framework comes to stand with a master, and loses it. */
final class Subscription {
  // The texts of a real master (recordings failover, failover-timeout).
  private static final String REMOVED = "Framework has been removed";
  private static final String FAILED_OVER = "Framework failed over";

  // Of a master with limits of its own to expressions (Mesos' validateFramework, since 1.11).
  private static final String BAD_CONSTRAINTS = "Offer constraints are not valid";

  private static final String NOT_ENDED = "; the operator API does not end it either: ";

  /**
   * How long Mesos keeps a framework that this process may never have put on record. With the
   * lasting time-out it would stay, empty, for days.
   */
  private static final Duration PROVISIONAL = Duration.ofMinutes(1);

  /** After which a master that has not taken UPDATE_FRAMEWORK is told by SUBSCRIBE. */
  private static final Duration CONFIRM = Duration.ofSeconds(5);

  private final Reconciling reconciling;
  private final Copies copies;
  private final Ending ending;

  Subscription(Reconciling reconciling, Copies copies, Ending ending) {
    this.reconciling = reconciling;
    this.copies = copies;
    this.ending = ending;
  }

  void apply(Turn turn, Event event) {
    if (event instanceof Event.Connected) {
      connected(turn);
    } else if (event instanceof Event.Subscribed subscribed) {
      subscribed(turn, subscribed);
    } else if (event instanceof Event.Disconnected) {
      disconnected(turn);
    } else if (event instanceof Event.MasterError error) {
      refused(turn, error.message());
    } else if (event instanceof Event.FrameworkUpdated) {
      confirmed(turn);
    } else if (event instanceof Event.TornDown) {
      ending.tornDown(turn);
    } else if (event instanceof Event.NotTornDown not) {
      notTornDown(turn, not.why());
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
    turn.link = Link.CONNECTED;
    subscribe(turn);
  }

  /** Sends SUBSCRIBE if it is time for it: by one who may lead no longer it would take over. */
  private static void subscribe(Turn turn) {
    if (turn.link == Link.CONNECTED && turn.tenure == Tenure.HELD) {
      turn.link = Link.SUBSCRIBING;
      FrameworkInfo lasting = Presence.framework(turn);
      double soon = Math.min(lasting.getFailoverTimeout(), (double) PROVISIONAL.toSeconds());
      turn.send(
          Calls.subscribe(
              turn.frameworkId.isPresent()
                  ? lasting
                  : lasting.toBuilder().setFailoverTimeout(soon).build(),
              Presence.constraints(turn),
              turn.frameworkId));
    }
  }

  /** Goes on where a doubt about who leads has stopped it. */
  void resume(Turn turn) {
    subscribe(turn);
    if (turn.link == Link.PROVISIONAL) {
      turn.timer(new Timer.Confirm(), turn.now.plus(CONFIRM));
    } else if (turn.link == Link.DISCONNECTED && !turn.problem.isEmpty()) {
      turn.timer(new Timer.Reconnect(), turn.now.plus(turn.timing().refusedWait()));
    }
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
    turn.link = known ? Link.SUBSCRIBED : Link.PROVISIONAL;
    turn.master = event.master();
    turn.frameworkId = Optional.of(event.frameworkId());
    turn.principal = Optional.of(turn.blueprint.framework().getPrincipal());
    turn.held = Map.of();
    turn.windows = turn.windows.heard(turn.now);
    // Time without a master does not count against the tasks that a kill waits for.
    turn.killDeadline = Optional.empty();
    // A new subscription is not suppressed. Filters of a former one end with its connection: of one
    // that the master still held, as that of a leader that was paused, they outlive it.
    turn.demand = known ? Demand.UNCERTAIN : Demand.OPEN;
    turn.refusals = Map.of();
    turn.happened(
        known ? Kind.SUBSCRIBED : Kind.REGISTERED,
        "as " + event.frameworkId() + " at " + event.master());
    // Of a known framework, too: who was deposed meanwhile ends by this, before it has done
    // anything.
    turn.recordFramework();
    if (!known) {
      turn.send(
          Calls.updateFramework(
              Presence.framework(turn),
              Presence.constraints(turn),
              List.of(),
              event.frameworkId()));
      turn.timer(new Timer.Confirm(), turn.now.plus(CONFIRM));
      turn.say("registered with Mesos at " + event.master() + " as " + event.frameworkId());
    } else {
      turn.say("subscribed with Mesos at " + event.master() + " as " + event.frameworkId());
      // INVARIANT: nothing is said to Mesos in a new subscription before a write has shown that
      // nobody else has taken over. Who was paused meanwhile has only driven the successor out of
      // Mesos, for a moment, and ends with this write.
      turn.recordFramework();
      reconciling.begin(turn);
      copies.killAgain(turn);
      ending.tearDown(turn);
    }
  }

  private static void confirmed(Turn turn) {
    if (turn.link == Link.PROVISIONAL) {
      turn.link = Link.SUBSCRIBED;
      // There is nothing to ask for yet, but there will be.
      Reconciling.sweepLater(turn);
    }
  }

  /** The master has not taken the lasting description: a new SUBSCRIBE brings it, too. */
  void confirm(Turn turn) {
    if (turn.link == Link.PROVISIONAL && turn.mayAct()) {
      turn.effect(new Effect.Reconnect());
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
      evicted(turn, message);
    } else if (message.contains(BAD_CONSTRAINTS) && !turn.trading.alone()) {
      goOnAlone(turn, message);
    } else if (Principal.isRefused(message)) {
      refusedForNow(turn, principal(turn).refusal(message));
      ending.tearDownUnsubscribed(turn);
    } else {
      refusedForNow(turn, "Mesos refuses this framework: " + message);
    }
  }

  static Principal principal(Turn turn) {
    return Principal.of(turn.frameworkId, turn.principal, turn.blueprint.framework());
  }

  // Asked again when the master has refused us again.
  private static void notTornDown(Turn turn, String why) {
    boolean ending = turn.phase == Phase.KILLING || turn.phase == Phase.TEARING_DOWN;
    if (!ending || turn.isSubscribed()) {
      return;
    }
    int former = turn.problem.indexOf(NOT_ENDED);
    String refusal = former < 0 ? turn.problem : turn.problem.substring(0, former);
    String problem = refusal + NOT_ENDED + why;
    if (!turn.problem.equals(problem)) {
      turn.say(problem);
    }
    turn.problem = problem;
  }

  // Mesos lets the latest subscriber in, whoever leads: also one that was paused and does not know
  // yet that we have taken over from it. The records say which of us it is: this write ends who was
  // deposed, and who was not subscribes again.
  private static void evicted(Turn turn, String message) {
    String why = "another scheduler process has taken this one's place in Mesos: " + message;
    turn.say(why + "; making sure who leads");
    turn.recordFramework();
    if (turn.phase == Phase.REMOVED) {
      return;
    }
    turn.problem = why;
    turn.timer(new Timer.Reconnect(), turn.now.plus(turn.timing().reconcileFirst()));
  }

  // The constraints only spare the master offers that we would decline: we keep them all ourselves.
  private static void goOnAlone(Turn turn, String message) {
    String why = "Mesos does not take the constraints: " + message;
    turn.say(why + "; subscribing without, they are kept here");
    turn.trading = turn.trading.withoutMaster();
    turn.problem = why;
    turn.timer(new Timer.Reconnect(), turn.now.plus(turn.timing().reconcileFirst()));
  }

  // What was wrong may be put right in Mesos, so it is asked again after a while.
  private static void refusedForNow(Turn turn, String why) {
    if (turn.phase == Phase.SERVING) {
      turn.phase = Phase.FAILED;
    }
    if (!turn.problem.equals(why) && !turn.problem.startsWith(why + NOT_ENDED)) {
      turn.say(why);
      turn.happened(Kind.REFUSED, why);
      turn.problem = why;
    }
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
    boolean everLaunched =
        turn.containers.floor() > 0 || turn.containers.stream().anyMatch(c -> c.attempt() > 0);
    if (!everLaunched) {
      turn.say(
          "Mesos has removed framework "
              + turn.frameworkId.orElse("")
              + ", which has never launched anything; registering anew");
      turn.frameworkId = Optional.empty();
      turn.effect(new Effect.Reconnect());
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
    turn.happened(Kind.REFUSED, why);
    turn.answer(awaited -> !(awaited instanceof Awaited.Killed), Outcome.stopped(why));
  }
}
