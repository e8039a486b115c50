package org.apache.heron.framework.placement;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.OfferId;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;

/**
 * What one agent offers to one role, over all its offers, less what was taken in this round. Not
 * thread-safe.
 */
final class AgentPool {
  private final AgentId agent;
  private final String hostname;
  private final List<OfferId> offers = new ArrayList<>();
  private final Map<Kind, List<ScalarPiece>> scalars = new EnumMap<>(Kind.class);
  private final List<PortsPiece> ports = new ArrayList<>();
  private final List<Placed> placed = new ArrayList<>();

  AgentPool(AgentId agent, String hostname) {
    this.agent = agent;
    this.hostname = hostname;
    for (Kind kind : List.of(Kind.CPUS, Kind.MEM, Kind.DISK)) {
      scalars.put(kind, new ArrayList<>());
    }
  }

  void add(Offer offer) {
    offers.add(new OfferId(offer.getId().getValue()));
    offer.getResourcesList().stream().filter(AgentPool::usable).forEach(this::add);
    // Reserved resources first: nobody else can use them.
    scalars.values().forEach(pieces -> pieces.sort(AgentPool::reservedFirst));
    ports.sort((a, b) -> Boolean.compare(isReserved(b.template), isReserved(a.template)));
  }

  private void add(Resource resource) {
    for (Map.Entry<Kind, List<ScalarPiece>> entry : scalars.entrySet()) {
      if (resource.getName().equals(entry.getKey().mesosName()) && resource.hasScalar()) {
        entry.getValue().add(new ScalarPiece(resource));
      }
    }
    if (resource.getName().equals(Kind.PORTS.mesosName()) && resource.hasRanges()) {
      ports.add(new PortsPiece(resource));
    }
  }

  // Revocable resources may be taken away, volumes and shared ones are for those who made them, a
  // resource provider's are not the agent's.
  private static boolean usable(Resource resource) {
    return !resource.hasRevocable()
        && !resource.hasDisk()
        && !resource.hasShared()
        && !resource.hasProviderId();
  }

  private static int reservedFirst(ScalarPiece a, ScalarPiece b) {
    return Boolean.compare(isReserved(b.template), isReserved(a.template));
  }

  private static boolean isReserved(Resource resource) {
    return resource.getReservationsCount() > 0;
  }

  AgentId agent() {
    return agent;
  }

  String hostname() {
    return hostname;
  }

  List<OfferId> offers() {
    return offers;
  }

  List<Placed> placed() {
    return placed;
  }

  /** What is left of a kind, in thousandths (ports: whole). */
  long left(Kind kind) {
    return kind == Kind.PORTS
        ? ports.stream().mapToLong(PortsPiece::size).sum()
        : scalars.get(kind).stream().mapToLong(piece -> piece.milli).sum();
  }

  static long needed(Size size, Kind kind) {
    return switch (kind) {
      case CPUS -> size.milliCpus();
      case MEM -> size.milliMem();
      case DISK -> size.milliDisk();
      case PORTS -> size.ports();
    };
  }

  /** What this agent lacks for a container of that size; empty if it fits. */
  List<Refusal.Lack> lacks(Size size) {
    List<Refusal.Lack> lacks = new ArrayList<>(0);
    for (Kind kind : Kind.values()) {
      long needed = needed(size, kind);
      long has = left(kind);
      if (has < needed) {
        lacks.add(new Refusal.Lack(kind, has, needed));
      }
    }
    return lacks;
  }

  boolean fits(Size size) {
    return lacks(size).isEmpty();
  }

  /** Takes what the container needs, which must fit. */
  void take(ContainerId container, Size size) {
    if (!fits(size)) {
      throw new IllegalArgumentException(size + " does not fit on " + hostname);
    }
    List<Resource> resources = new ArrayList<>();
    for (Map.Entry<Kind, List<ScalarPiece>> entry : scalars.entrySet()) {
      long wanted = needed(size, entry.getKey());
      for (ScalarPiece piece : entry.getValue()) {
        long part = Math.min(wanted, piece.milli);
        if (part > 0) {
          resources.add(piece.take(part));
          wanted -= part;
        }
      }
    }
    List<Integer> chosen = new ArrayList<>();
    for (PortsPiece piece : ports) {
      List<Integer> part = piece.take(size.ports() - chosen.size());
      if (!part.isEmpty()) {
        resources.add(piece.resource(part));
        chosen.addAll(part);
      }
    }
    placed.add(new Placed(container, size, resources, chosen));
  }

  /** A scalar resource of one reservation. */
  private static final class ScalarPiece {
    private final Resource template;
    private long milli;

    ScalarPiece(Resource resource) {
      template = resource;
      // Mesos counts scalars to three decimals; the remainder of a double is noise.
      milli = Math.round(resource.getScalar().getValue() * 1000);
    }

    Resource take(long part) {
      milli -= part;
      return template.toBuilder()
          .setScalar(Value.Scalar.newBuilder().setValue(part / 1000.0))
          .build();
    }
  }

  /** Ports of one reservation: any number of ranges. */
  private static final class PortsPiece {
    private final Resource template;
    private final List<long[]> ranges = new ArrayList<>();

    PortsPiece(Resource resource) {
      template = resource;
      resource.getRanges().getRangeList().stream()
          .filter(range -> range.getBegin() <= range.getEnd())
          .sorted((a, b) -> Long.compare(a.getBegin(), b.getBegin()))
          .forEach(range -> ranges.add(new long[] {range.getBegin(), range.getEnd()}));
    }

    long size() {
      return ranges.stream().mapToLong(range -> range[1] - range[0] + 1).sum();
    }

    List<Integer> take(int wanted) {
      List<Integer> taken = new ArrayList<>();
      while (taken.size() < wanted && !ranges.isEmpty()) {
        long[] range = ranges.get(0);
        taken.add(Math.toIntExact(range[0]));
        range[0]++;
        if (range[0] > range[1]) {
          ranges.remove(0);
        }
      }
      return taken;
    }

    /** The resource of these ports, neighbours joined to one range. */
    Resource resource(List<Integer> sorted) {
      Value.Ranges.Builder joined = Value.Ranges.newBuilder();
      int begin = sorted.get(0);
      int end = begin;
      for (int port : sorted.subList(1, sorted.size())) {
        if (port != end + 1) {
          joined.addRange(Value.Range.newBuilder().setBegin(begin).setEnd(end));
          begin = port;
        }
        end = port;
      }
      joined.addRange(Value.Range.newBuilder().setBegin(begin).setEnd(end));
      return template.toBuilder().setRanges(joined).build();
    }
  }
}
