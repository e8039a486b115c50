package org.apache.heron.framework.placement;

import java.time.Duration;
import java.time.Instant;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.Attribute;
import org.apache.mesos.v1.Protos.DomainInfo;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Resource.ReservationInfo;
import org.apache.mesos.v1.Protos.TimeInfo;
import org.apache.mesos.v1.Protos.Unavailability;
import org.apache.mesos.v1.Protos.Value;

/** Builds offers of the shape that a real master sends (recording reserved-roles). */
public final class OfferBuilder {
  private final Offer.Builder offer = Offer.newBuilder();
  private final String role;

  private OfferBuilder(String id, String agent, String role) {
    this.role = role;
    offer
        .setId(OfferID.newBuilder().setValue(id))
        .setFrameworkId(FrameworkID.newBuilder().setValue("framework"))
        .setAgentId(AgentID.newBuilder().setValue(agent))
        .setHostname(agent + ".example")
        .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(role));
  }

  public static OfferBuilder offer(String id, String agent) {
    return new OfferBuilder(id, agent, "*");
  }

  /** The usual agent, to be given more. */
  public static OfferBuilder like(String id, String agent) {
    return offer(id, agent).cpus(4).mem(4096).disk(10000).ports(31000, 31999);
  }

  public static OfferBuilder offer(String id, String agent, String role) {
    return new OfferBuilder(id, agent, role);
  }

  /** An agent like those of the recordings: 4 cpus, 4096 MB, 10000 MB disk, a thousand ports. */
  public static Offer usual(String id, String agent) {
    return like(id, agent).build();
  }

  public OfferBuilder cpus(double value) {
    return scalar("cpus", value, false);
  }

  public OfferBuilder mem(double value) {
    return scalar("mem", value, false);
  }

  public OfferBuilder disk(double value) {
    return scalar("disk", value, false);
  }

  public OfferBuilder reserved(String name, double value) {
    return scalar(name, value, true);
  }

  public OfferBuilder scalar(String name, double value, boolean reserved) {
    offer.addResources(
        resource(name, reserved)
            .setType(Value.Type.SCALAR)
            .setScalar(Value.Scalar.newBuilder().setValue(value)));
    return this;
  }

  /** Adds one resource of ports; several calls make several resources. */
  public OfferBuilder ports(long... beginsAndEnds) {
    Value.Ranges.Builder ranges = Value.Ranges.newBuilder();
    for (int i = 0; i < beginsAndEnds.length; i += 2) {
      ranges.addRange(
          Value.Range.newBuilder().setBegin(beginsAndEnds[i]).setEnd(beginsAndEnds[i + 1]));
    }
    offer.addResources(resource("ports", false).setType(Value.Type.RANGES).setRanges(ranges));
    return this;
  }

  /** Adds a reservation stack, the outermost role first. */
  public OfferBuilder refined(String name, double value, String... roles) {
    Resource.Builder resource =
        resource(name, false)
            .setType(Value.Type.SCALAR)
            .setScalar(Value.Scalar.newBuilder().setValue(value));
    for (int i = 0; i < roles.length; i++) {
      resource.addReservations(
          ReservationInfo.newBuilder()
              .setType(i == 0 ? ReservationInfo.Type.STATIC : ReservationInfo.Type.DYNAMIC)
              .setRole(roles[i]));
    }
    offer.addResources(resource);
    return this;
  }

  public OfferBuilder revocable(String name, double value) {
    offer.addResources(
        resource(name, false)
            .setType(Value.Type.SCALAR)
            .setScalar(Value.Scalar.newBuilder().setValue(value))
            .setRevocable(Resource.RevocableInfo.getDefaultInstance()));
    return this;
  }

  public OfferBuilder gpus(double value) {
    return scalar("gpus", value, false);
  }

  public OfferBuilder attribute(String name, String text) {
    offer.addAttributes(
        Attribute.newBuilder()
            .setName(name)
            .setType(Value.Type.TEXT)
            .setText(Value.Text.newBuilder().setValue(text)));
    return this;
  }

  public OfferBuilder attribute(Attribute attribute) {
    offer.addAttributes(attribute);
    return this;
  }

  public OfferBuilder domain(String region, String zone) {
    offer.setDomain(
        DomainInfo.newBuilder()
            .setFaultDomain(
                DomainInfo.FaultDomain.newBuilder()
                    .setRegion(DomainInfo.FaultDomain.RegionInfo.newBuilder().setName(region))
                    .setZone(DomainInfo.FaultDomain.ZoneInfo.newBuilder().setName(zone))));
    return this;
  }

  /** Adds a maintenance window. */
  public OfferBuilder unavailable(Instant from, Duration duration) {
    offer.setUnavailability(
        Unavailability.newBuilder()
            .setStart(TimeInfo.newBuilder().setNanoseconds(from.toEpochMilli() * 1_000_000))
            .setDuration(DurationInfo.newBuilder().setNanoseconds(duration.toNanos())));
    return this;
  }

  public OfferBuilder resource(Resource resource) {
    offer.addResources(resource);
    return this;
  }

  private Resource.Builder resource(String name, boolean reserved) {
    Resource.Builder resource =
        Resource.newBuilder()
            .setName(name)
            .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(role));
    if (reserved) {
      resource.addReservations(
          ReservationInfo.newBuilder().setType(ReservationInfo.Type.STATIC).setRole(role));
    }
    return resource;
  }

  public Offered offered() {
    return Offered.of(build());
  }

  public Offer build() {
    return offer.build();
  }
}
