package org.apache.heron.framework.placement;

import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.Resource;
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

  public static OfferBuilder offer(String id, String agent, String role) {
    return new OfferBuilder(id, agent, role);
  }

  /** An agent like those of the recordings: 4 cpus, 4096 MB, 10000 MB disk, a thousand ports. */
  public static Offer usual(String id, String agent) {
    return offer(id, agent).cpus(4).mem(4096).disk(10000).ports(31000, 31999).build();
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
          Resource.ReservationInfo.newBuilder()
              .setType(Resource.ReservationInfo.Type.STATIC)
              .setRole(role));
    }
    return resource;
  }

  public Offer build() {
    return offer.build();
  }
}
