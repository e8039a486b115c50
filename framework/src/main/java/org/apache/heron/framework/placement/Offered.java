package org.apache.heron.framework.placement;

import java.time.Instant;
import java.util.Optional;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.OfferId;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;

/**
 * An offer, with what is usable of it counted once, on its arrival. Immutable.
 *
 * <p>Not usable are volumes and shared resources, which are for those who made them, and those of
 * resource providers, which are not the agent's own, and ports that may be revoked.
 */
public final class Offered {
  private static final long NANOS = 1_000_000_000L;
  private static final long HIGHEST_PORT = 65_535;

  private final Offer offer;
  private final OfferId id;
  private final AgentId agent;
  private final String role;
  private final long[] firm = new long[Kind.count()];
  private final long[] revocable = new long[Kind.count()];
  private final boolean reserved;

  private Offered(Offer offer) {
    this.offer = offer;
    id = new OfferId(offer.getId().getValue());
    agent = new AgentId(offer.getAgentId().getValue());
    role = offer.hasAllocationInfo() ? offer.getAllocationInfo().getRole() : "*";
    boolean anyReserved = false;
    for (Resource resource : offer.getResourcesList()) {
      if (isUsable(resource)) {
        count(resource);
        anyReserved |= isReserved(resource);
      }
    }
    reserved = anyReserved;
  }

  /** Counts what the offer has. */
  public static Offered of(Offer offer) {
    return new Offered(offer);
  }

  private void count(Resource resource) {
    long[] into = resource.hasRevocable() ? revocable : firm;
    Kind.of(resource.getName()).ifPresent(kind -> into[kind.index()] += quantity(kind, resource));
  }

  /** How much of its kind a resource is, in thousandths (ports: whole). */
  static long quantity(Kind kind, Resource resource) {
    if (kind.isScalar()) {
      // Mesos counts scalars to three decimals; the remainder of a double is noise.
      return Math.round(resource.getScalar().getValue() * 1000);
    }
    long ports = 0;
    for (Value.Range range : resource.getRanges().getRangeList()) {
      ports += Math.max(0, lastPort(range) - firstPort(range) + 1);
    }
    return ports;
  }

  /** The first of a range that a process can listen on; agents may offer any numbers as ports. */
  static long firstPort(Value.Range range) {
    // An unsigned number in Mesos: what does not fit in a long is a large one.
    return range.getBegin() < 0 ? Long.MAX_VALUE : Math.max(1, range.getBegin());
  }

  /** The last of a range that a process can listen on; below the first if there is none. */
  static long lastPort(Value.Range range) {
    return range.getEnd() < 0 ? HIGHEST_PORT : Math.min(HIGHEST_PORT, range.getEnd());
  }

  static boolean isUsable(Resource resource) {
    return !resource.hasDisk()
        && !resource.hasShared()
        && !resource.hasProviderId()
        && !(resource.hasRevocable() && resource.hasRanges());
  }

  /** True if nobody but the role (or those below it) can use it. */
  static boolean isReserved(Resource resource) {
    return resource.getReservationsCount() > 0;
  }

  /** The offer itself. */
  public Offer offer() {
    return offer;
  }

  /** Its id. */
  public OfferId id() {
    return id;
  }

  /** Whose it is. */
  public AgentId agent() {
    return agent;
  }

  /** The agent's host name. */
  public String hostname() {
    return offer.getHostname();
  }

  /** The role that it is allocated to. */
  public String role() {
    return role;
  }

  /** What the agent says of itself. */
  public Traits traits() {
    return Traits.of(offer);
  }

  boolean hasReserved() {
    return reserved;
  }

  /** What may not be revoked, by {@link Kind#index}; not to be changed. */
  long[] firm() {
    return firm;
  }

  /** What may be revoked, by {@link Kind#index}; not to be changed. */
  long[] revocable() {
    return revocable;
  }

  /** The agent's maintenance, if it is in a schedule. */
  Optional<Window> window() {
    if (!offer.hasUnavailability()) {
      return Optional.empty();
    }
    Instant from = instant(offer.getUnavailability().getStart().getNanoseconds());
    return Optional.of(
        new Window(
            from,
            offer.getUnavailability().hasDuration()
                ? Optional.of(
                    from.plusNanos(offer.getUnavailability().getDuration().getNanoseconds()))
                : Optional.empty()));
  }

  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
  }

  /** A time of maintenance; without end if none was said. */
  record Window(Instant from, Optional<Instant> until) {
    boolean isOver(Instant now) {
      return until.isPresent() && !until.get().isAfter(now);
    }
  }

  @Override
  public String toString() {
    return "offer " + id.value() + " of " + hostname();
  }
}
