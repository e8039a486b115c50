package org.apache.heron.framework.core;

import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.history.Happening.Kind;

/** How this process comes to lead, may lose the lead, and has it again. */
final class Leading {
  private final Subscription subscription;
  private final Reconciling reconciling;
  private final Copies copies;
  private final Renewing renewing;
  private final Scaling scaling;
  private final Ending ending;

  Leading(
      Subscription subscription,
      Reconciling reconciling,
      Copies copies,
      Renewing renewing,
      Scaling scaling,
      Ending ending) {
    this.subscription = subscription;
    this.reconciling = reconciling;
    this.copies = copies;
    this.renewing = renewing;
    this.scaling = scaling;
    this.ending = ending;
  }

  /** True if the event was about leading. */
  boolean apply(Turn turn, Event event) {
    if (event instanceof Event.Started started) {
      turn.happened(Kind.TOOK_OVER, "epoch " + started.epoch() + ": " + started.scheduler());
      turn.recordFramework();
      copies.restoreAlarms(turn);
      scaling.resume(turn);
      renewing.resume(turn);
      Subscription.principal(turn).warning().ifPresent(turn::say);
    } else if (event instanceof Event.Suspended suspended) {
      turn.tenure = Tenure.SUSPENDED;
      turn.say("nothing is begun until it is sure who leads: " + suspended.why());
    } else if (event instanceof Event.Resumed) {
      resumed(turn);
    } else {
      return false;
    }
    return true;
  }

  private void resumed(Turn turn) {
    if (turn.tenure == Tenure.HELD) {
      return;
    }
    turn.tenure = Tenure.HELD;
    turn.say("this process leads on");
    copies.restoreAlarms(turn);
    subscription.resume(turn);
    if (turn.isSubscribed()) {
      // Offers were declined meanwhile, whoever waited.
      turn.demand = Demand.UNCERTAIN;
      turn.refusals = Map.of();
      turn.killDeadline = Optional.empty();
      reconciling.begin(turn);
      copies.killAgain(turn);
      ending.alarm(turn);
    }
  }
}
