package org.apache.heron.framework.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.OfferId;
import org.apache.mesos.v1.Protos.InverseOffer;
import org.apache.mesos.v1.Protos.Offer;

/**
 * Agents' maintenance windows. An inverse offer is declined while a copy of ours lives on the
 * agent, so that whoever maintains it sees that it is not free yet, and the allocator asks again
 * (recording maintenance); it is accepted when none does. The copies move away when the window
 * comes near.
 */
final class Maintenance {
  // An inverse offer that was declined comes again when its filter lapses, for as long as the
  // maintenance is planned. Of one that was answered no RESCIND_INVERSE_OFFER comes when the
  // maintenance is called off (the master keeps only those that are open): only silence tells.
  private static final int REMINDERS = 4;

  private final Renewing renewing;

  Maintenance(Renewing renewing) {
    this.renewing = renewing;
  }

  void announced(Turn turn, List<InverseOffer> offers) {
    List<OfferId> free = new ArrayList<>();
    List<OfferId> busy = new ArrayList<>();
    for (InverseOffer offer : offers) {
      OfferId id = new OfferId(offer.getId().getValue());
      AgentId agent = new AgentId(offer.getAgentId().getValue());
      boolean inUse = offer.hasAgentId() && isInUse(turn, agent);
      if (inUse) {
        turn.windows =
            turn.windows.with(
                agent, Windows.Window.of(offer.getUnavailability(), id, turn.now), turn.now);
      }
      (inUse ? busy : free).add(id);
    }
    if (turn.isSubscribed() && !free.isEmpty()) {
      turn.send(Calls.acceptInverse(turn.id(), free, turn.timing().refuseUnfit()));
    }
    if (turn.isSubscribed() && !busy.isEmpty()) {
      turn.send(Calls.declineInverse(turn.id(), busy, turn.timing().refuseUnfit()));
    }
    look(turn);
  }

  private static boolean isInUse(Turn turn, AgentId agent) {
    return turn.containers.stream()
        .filter(container -> container.life() != Life.KILLING)
        .anyMatch(container -> container.task().map(Task::agent).filter(agent::equals).isPresent());
  }

  void rescinded(Turn turn, OfferId offer) {
    turn.windows.byAgent().entrySet().stream()
        .filter(entry -> entry.getValue().announced().equals(offer))
        .findAny()
        .ifPresent(entry -> turn.windows = turn.windows.without(entry.getKey()));
    look(turn);
  }

  /** What an agent offers without end it will not take away: its maintenance was called off. */
  void offered(Turn turn, List<Offer> offers) {
    if (turn.windows.byAgent().isEmpty()) {
      return;
    }
    for (Offer offer : offers) {
      AgentId agent = new AgentId(offer.getAgentId().getValue());
      Optional<Windows.Window> known = Optional.ofNullable(turn.windows.byAgent().get(agent));
      if (known.isPresent() && !offer.hasUnavailability()) {
        turn.windows = turn.windows.without(agent);
      } else if (known.isPresent()) {
        Windows.Window window =
            Windows.Window.of(offer.getUnavailability(), known.get().announced(), turn.now);
        turn.windows = turn.windows.with(agent, window, turn.now);
      }
    }
    look(turn);
  }

  private static Duration patience(Turn turn) {
    return turn.timing().refuseUnfit().multipliedBy(REMINDERS);
  }

  /** Lets those move whose agents' maintenance has come near, and wakes up for the next. */
  void look(Turn turn) {
    if (turn.isSubscribed()) {
      turn.windows = turn.windows.heardSince(turn.now.minus(patience(turn)));
    }
    renewing.collect(turn);
    turn.windows
        .nextLead(turn.now, turn.blueprint.disruption().lead())
        .ifPresent(next -> turn.timer(new Timer.Maintenance(), next));
  }
}
