package org.apache.heron.framework.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.heron.framework.core.Decision;
import org.apache.heron.framework.core.Effect;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.placement.Rules;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.Unavailability;
import org.apache.mesos.v1.scheduler.Protos.Call;

/**
 * 12. Nothing is launched on an agent whose maintenance is known to begin within the hour, or to
 * have begun and not to be over.
 */
final class NothingNearAWindow extends Promise {
  private static final Duration NEAR = Rules.PLAIN.windowLead();

  private final Map<String, Unavailability> windows = new HashMap<>();

  NothingNearAWindow(World world) {
    super(world);
  }

  @Override
  void receives(SchedulerProcess process, Event event) {
    if (event instanceof Event.Offers offers) {
      for (Offer offer : offers.offers()) {
        if (offer.hasUnavailability()) {
          windows.put(offer.getId().getValue(), offer.getUnavailability());
        }
      }
    }
  }

  @Override
  void decided(SchedulerProcess process, State before, Event event, Decision decision) {
    if (windows.isEmpty()) {
      return;
    }
    for (Effect effect : decision.effects()) {
      if (effect instanceof Effect.Send send && !Launches.of(send.call()).isEmpty()) {
        look(process, send.call());
      }
    }
  }

  private void look(SchedulerProcess process, Call call) {
    for (OfferID offer : call.getAccept().getOfferIdsList()) {
      Unavailability window = windows.get(offer.getValue());
      if (window != null) {
        Instant now = process.time();
        Instant start = Instant.EPOCH.plusNanos(window.getStart().getNanoseconds());
        Instant end = start.plusNanos(window.getDuration().getNanoseconds());
        require(
            !end.isAfter(now) || start.minus(NEAR).isAfter(now),
            Launches.of(call)
                + " are launched at "
                + now
                + " on "
                + offer.getValue()
                + ", whose agent is unavailable from "
                + start);
      }
    }
  }
}
