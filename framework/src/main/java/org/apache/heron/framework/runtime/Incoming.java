package org.apache.heron.framework.runtime;

import java.util.List;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.StatusUpdate;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.OfferId;
import org.apache.mesos.v1.Protos.MasterInfo;
import org.apache.mesos.v1.scheduler.Protos;

/** Reads the master's events. Pure. */
public final class Incoming {
  private Incoming() {}

  /** The core's events for one of the master's; none for those that ask for nothing. */
  public static List<Event> read(Protos.Event event) {
    return switch (event.getType()) {
      case SUBSCRIBED ->
          List.of(
              new Event.Subscribed(
                  event.getSubscribed().getFrameworkId().getValue(),
                  address(event.getSubscribed().getMasterInfo())));
      case OFFERS -> List.of(new Event.Offers(event.getOffers().getOffersList()));
      case RESCIND ->
          List.of(new Event.Rescinded(new OfferId(event.getRescind().getOfferId().getValue())));
      case INVERSE_OFFERS ->
          List.of(new Event.InverseOffers(event.getInverseOffers().getInverseOffersList()));
      case RESCIND_INVERSE_OFFER ->
          List.of(
              new Event.InverseRescinded(
                  new OfferId(event.getRescindInverseOffer().getInverseOfferId().getValue())));
      case UPDATE -> List.of(new Event.TaskUpdated(StatusUpdate.of(event.getUpdate().getStatus())));
      case FAILURE -> List.of(failure(event.getFailure()));
      case ERROR -> List.of(new Event.MasterError(event.getError().getMessage()));
      // Heartbeats are the driver's; we ask for no operations and run no executors that send
      // messages.
      case HEARTBEAT, MESSAGE, UPDATE_OPERATION_STATUS, UNKNOWN -> List.of();
    };
  }

  private static Event failure(Protos.Event.Failure failure) {
    AgentId agent = new AgentId(failure.getAgentId().getValue());
    return failure.hasExecutorId()
        ? new Event.ExecutorLost(agent, failure.getExecutorId().getValue())
        : new Event.AgentLost(agent);
  }

  private static String address(MasterInfo master) {
    if (master.hasAddress() && master.getAddress().hasPort()) {
      String host =
          master.getAddress().hasHostname()
              ? master.getAddress().getHostname()
              : master.getAddress().getIp();
      return host + ":" + master.getAddress().getPort();
    }
    return master.getHostname().isEmpty() ? "" : master.getHostname() + ":" + master.getPort();
  }
}
