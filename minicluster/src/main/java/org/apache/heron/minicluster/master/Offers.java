package org.apache.heron.minicluster.master;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.heron.minicluster.resources.ResourceFormat;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.Address;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.Filters;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo.Capability;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.URL;
import org.apache.mesos.v1.scheduler.Protos.Event;

/** The offers that are out: made, taken back, timed out. Used on the master's thread. */
final class Offers {
  private final ClusterState state;
  private final MasterLoop loop;
  private final MasterOptions options;
  private final OfferFilters filters = new OfferFilters();
  private final Fairness fairness = new Fairness();
  private final Map<OfferID, Future<?>> timers = new HashMap<>();
  private long rounds;

  Offers(ClusterState state, MasterLoop loop, MasterOptions options) {
    this.state = state;
    this.loop = loop;
    this.options = options;
  }

  OfferFilters filters() {
    return filters;
  }

  Fairness fairness() {
    return fairness;
  }

  long rounds() {
    return rounds;
  }

  /** One round: everything that is free is offered to those who want it. */
  void allocate() {
    rounds++;
    Map<Framework, Event.Offers.Builder> events = new LinkedHashMap<>();
    Allocator round = new Allocator(state, filters, fairness, state.now());
    for (Allocator.Allocation allocation : round.decide()) {
      Offer offer = make(allocation);
      state.offers.put(offer.getId(), offer);
      options
          .offerTimeout()
          .ifPresent(
              timeout ->
                  timers.put(offer.getId(), loop.after(timeout, () -> rescind(offer.getId()))));
      events
          .computeIfAbsent(allocation.framework(), f -> Event.Offers.newBuilder())
          .addOffers(offer);
    }
    events.forEach(
        (framework, offers) ->
            framework.send(
                Event.newBuilder().setType(Event.Type.OFFERS).setOffers(offers).build()));
  }

  private Offer make(Allocator.Allocation allocation) {
    Agent agent = allocation.agent();
    Offer.Builder offer =
        Offer.newBuilder()
            .setId(state.newOfferId())
            .setFrameworkId(allocation.framework().id())
            .setAgentId(agent.id())
            .setHostname(agent.info().getHostname())
            .setUrl(url(agent))
            .addAllAttributes(agent.info().getAttributesList())
            .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(allocation.role()));
    boolean refinement = allocation.framework().has(Capability.Type.RESERVATION_REFINEMENT);
    for (Resource resource : allocation.resources().list()) {
      offer.addResources(refinement ? resource : ResourceFormat.unrefined(resource));
    }
    if (agent.info().hasDomain()) {
      offer.setDomain(agent.info().getDomain());
    }
    agent.unavailability().ifPresent(offer::setUnavailability);
    return offer.build();
  }

  static URL url(Agent agent) {
    return URL.newBuilder()
        .setScheme("http")
        .setAddress(
            Address.newBuilder()
                .setHostname(agent.info().getHostname())
                .setIp("127.0.0.1")
                .setPort(agent.info().getPort()))
        .setPath("/slave(1)")
        .build();
  }

  /** Takes an offer out, without a word to the framework; empty if there is no such offer. */
  Optional<Offer> take(OfferID id) {
    Future<?> timer = timers.remove(id);
    if (timer != null) {
      timer.cancel(false);
    }
    return Optional.ofNullable(state.offers.remove(id));
  }

  void rescind(OfferID id) {
    take(id)
        .flatMap(offer -> state.framework(offer.getFrameworkId()))
        .ifPresent(
            framework ->
                framework.send(
                    Event.newBuilder()
                        .setType(Event.Type.RESCIND)
                        .setRescind(Event.Rescind.newBuilder().setOfferId(id))
                        .build()));
  }

  void rescindAll(AgentID agent) {
    state.offersOf(agent).forEach(offer -> rescind(offer.getId()));
    List<OfferID> inverse =
        state.inverseOffers.values().stream()
            .filter(offer -> offer.getAgentId().equals(agent))
            .map(org.apache.mesos.v1.Protos.InverseOffer::getId)
            .toList();
    inverse.forEach(this::rescindInverse);
  }

  void rescindInverse(OfferID id) {
    Optional.ofNullable(state.inverseOffers.remove(id))
        .flatMap(offer -> state.framework(offer.getFrameworkId()))
        .ifPresent(
            framework ->
                framework.send(
                    Event.newBuilder()
                        .setType(Event.Type.RESCIND_INVERSE_OFFER)
                        .setRescindInverseOffer(
                            Event.RescindInverseOffer.newBuilder().setInverseOfferId(id))
                        .build()));
  }

  /** Takes out all offers to a framework that is away or gone, without a word. */
  void takeAll(FrameworkID framework) {
    state.offersTo(framework).forEach(offer -> take(offer.getId()));
    state.inverseOffers.values().removeIf(offer -> offer.getFrameworkId().equals(framework));
  }

  /** Remembers that a framework did not want what was left of an offer. */
  void refuse(FrameworkID framework, Offer offer, Resources rest, Filters wanted) {
    Duration time = OfferFilters.time(wanted, options.allocationInterval());
    if (!time.isZero() && !rest.isEmpty()) {
      Instant until = state.now().plus(time);
      filters.refuse(
          framework, offer.getAllocationInfo().getRole(), offer.getAgentId(), rest, until);
    }
  }
}
