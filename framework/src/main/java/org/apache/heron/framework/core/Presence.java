package org.apache.heron.framework.core;

import java.util.List;
import java.util.Optional;
import org.apache.heron.framework.placement.Constraint;
import org.apache.heron.framework.placement.MasterSide;
import org.apache.heron.framework.placement.Size;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.scheduler.Protos.OfferConstraints;

/**
 * How the framework presents itself to the master: the description of the blueprint, with what it
 * leaves to the master to keep of its rules.
 */
final class Presence {
  private Presence() {}

  /** The description to send now. */
  static FrameworkInfo framework(Turn turn) {
    Size least = turn.containers.least();
    turn.trading = turn.trading.told(least);
    return MasterSide.withFilters(turn.blueprint.framework(), List.of(least));
  }

  static Optional<OfferConstraints> constraints(Turn turn) {
    if (turn.trading.alone()) {
      return Optional.empty();
    }
    List<Constraint> all = turn.blueprint.rules().constraints();
    turn.trading = turn.trading.keeping(MasterSide.kept(all));
    return MasterSide.constraints(turn.blueprint.framework().getRolesList(), all);
  }

  /** Tells the master anew if containers have come, gone or changed so that it matters. */
  static void follow(Turn turn) {
    // The answer to an UPDATE_FRAMEWORK that is under way must not be taken for another's.
    if (turn.link != Link.SUBSCRIBED
        || turn.phase != Phase.SERVING
        || !turn.mayAct()
        || turn.trading.told().filter(told -> told.equals(turn.containers.least())).isPresent()) {
      return;
    }
    FrameworkInfo info = framework(turn);
    List<String> suppressed =
        turn.demand == Demand.SUPPRESSED ? List.copyOf(info.getRolesList()) : List.of();
    turn.send(Calls.updateFramework(info, constraints(turn), suppressed, turn.id()));
  }
}
