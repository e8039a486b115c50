package org.apache.heron.minicluster.master;

import java.util.List;
import java.util.Optional;
import org.apache.heron.minicluster.resources.Reserved;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.heron.web.HttpError;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.Offer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out changes of reservations. Used on the master's thread. */
final class Reservations {
  private static final Logger LOG = LoggerFactory.getLogger(Reservations.class);
  private static final int CONFLICT = 409;

  private final ClusterState state;
  private final Offers offers;

  Reservations(ClusterState state, Offers offers) {
    this.state = state;
    this.offers = offers;
  }

  /**
   * A framework reserves of what it was offered; a wrong operation is dropped without a word, as
   * Mesos does for one without an id.
   *
   * @return what is left of the offers, in its new form
   */
  Resources reserve(Agent agent, String role, Offer.Operation.Reserve operation, Resources rest) {
    ReservationChange change =
        ReservationChange.reserve(operation.getSourceList(), operation.getResourcesList());
    return change(agent, role, change, change.refusalTo(role), rest);
  }

  /** As {@link #reserve}, the other way. */
  Resources unreserve(
      Agent agent, String role, Offer.Operation.Unreserve operation, Resources rest) {
    ReservationChange change = ReservationChange.unreserve(operation.getResourcesList());
    return change(agent, role, change, change.refusal(), rest);
  }

  private Resources change(
      Agent agent,
      String role,
      ReservationChange change,
      Optional<String> refusal,
      Resources rest) {
    Resources taken = change.from().allocatedTo(role);
    if (refusal.isPresent() || !rest.contains(taken)) {
      LOG.warn(
          "dropped the change of {} into {}: {}",
          change.from(),
          change.to(),
          refusal.orElse("it is not offered"));
      return rest;
    }
    apply(agent, change);
    return rest.minus(taken).plus(change.to().allocatedTo(role));
  }

  private static void apply(Agent agent, ReservationChange change) {
    agent.setTotal(agent.total().minus(change.from()).plus(change.to()));
    agent.link().reserved(Reserved.dynamic(agent.total()).list());
  }

  /**
   * The operator reserves or unreserves what is free; offers of it are taken back for that.
   *
   * @throws HttpError 400 if it can never be; 409 if there is not as much free
   */
  void byOperator(AgentID id, ReservationChange change) {
    Agent agent =
        state.agent(id).orElseThrow(() -> new HttpError(400, "No agent found with specified ID"));
    change
        .refusal()
        .ifPresent(
            error -> {
              throw new HttpError(400, error);
            });
    for (Offer offer : List.copyOf(state.offersOf(id))) {
      Resources free = state.available(agent);
      Resources offered = Resources.of(offer.getResourcesList()).unallocated();
      Resources lacking = change.from().minus(free);
      if (!free.contains(change.from()) && !lacking.minus(offered).equals(lacking)) {
        offers.rescind(offer.getId());
      }
    }
    Resources free = state.available(agent);
    if (!free.contains(change.from())) {
      throw new HttpError(
          CONFLICT, "Invalid operation: " + free + " does not contain " + change.from());
    }
    apply(agent, change);
  }
}
