package org.apache.heron.framework.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Resource.ReservationInfo;
import org.apache.mesos.v1.Protos.Value;

/**
 * The single resources of a pool, from which tasks get their parts: each part is the offered
 * resource with nothing changed but the quantity, so that allocation and reservations are kept. Not
 * thread-safe.
 */
final class Shelf {
  private final Map<Kind, List<ScalarPiece>> scalars = new EnumMap<>(Kind.class);
  private final List<PortsPiece> ports = new ArrayList<>();

  Shelf(List<Offered> offers) {
    for (Offered offered : offers) {
      for (Resource resource : offered.offer().getResourcesList()) {
        if (Offered.isUsable(resource)) {
          Kind.of(resource.getName()).ifPresent(kind -> add(kind, resource));
        }
      }
    }
    // What is reserved more narrowly goes first: the fewer others can use it.
    scalars
        .values()
        .forEach(pieces -> pieces.sort(Comparator.comparingInt(each -> -narrow(each.template))));
    ports.sort(Comparator.comparingInt(each -> -narrow(each.template)));
  }

  private void add(Kind kind, Resource resource) {
    if (kind.isScalar()) {
      scalars
          .computeIfAbsent(kind, key -> new ArrayList<>(2))
          .add(new ScalarPiece(resource, Offered.quantity(kind, resource)));
    } else {
      ports.add(new PortsPiece(resource));
    }
  }

  // Refined reservations before plain ones, dynamic before static, unreserved last.
  private static int narrow(Resource resource) {
    int depth = resource.getReservationsCount();
    return depth == 0
        ? 0
        : 2 * depth
            + (resource.getReservations(depth - 1).getType() == ReservationInfo.Type.DYNAMIC
                ? 1
                : 0);
  }

  /** Takes a container's resources; the pool has made sure that they are there. */
  Placed take(Wish wish, boolean[] fromRevocable) {
    List<Resource> resources = new ArrayList<>(6);
    for (Map.Entry<Kind, List<ScalarPiece>> entry : scalars.entrySet()) {
      long wanted = wish.size().of(entry.getKey());
      for (ScalarPiece piece : entry.getValue()) {
        long part = Math.min(wanted, piece.milli);
        if (part > 0 && piece.template.hasRevocable() == fromRevocable[entry.getKey().index()]) {
          resources.add(piece.take(part));
          wanted -= part;
        }
      }
    }
    List<Integer> chosen = choosePorts(wish);
    for (PortsPiece piece : ports) {
      piece.takeChosen().ifPresent(resources::add);
    }
    return new Placed(wish.container(), wish.size(), resources, chosen);
  }

  // The former ports keep their uses, so that whoever knows the container finds it again.
  private List<Integer> choosePorts(Wish wish) {
    int wanted = wish.size().ports();
    List<Integer> former = wish.former().map(Former::ports).orElse(List.of());
    Integer[] chosen = new Integer[wanted];
    for (int i = 0; i < Math.min(wanted, former.size()); i++) {
      int port = former.get(i);
      if (ports.stream().anyMatch(piece -> piece.choose(port))) {
        chosen[i] = port;
      }
    }
    int next = 0;
    for (PortsPiece piece : ports) {
      for (; next < wanted; next++) {
        if (chosen[next] == null) {
          Optional<Integer> lowest = piece.chooseLowest();
          if (lowest.isEmpty()) {
            break;
          }
          chosen[next] = lowest.get();
        }
      }
    }
    return List.of(chosen);
  }

  /** A scalar resource of one reservation. */
  private static final class ScalarPiece {
    private final Resource template;
    private long milli;

    ScalarPiece(Resource resource, long milli) {
      template = resource;
      this.milli = milli;
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
    private final List<Integer> chosen = new ArrayList<>();

    PortsPiece(Resource resource) {
      template = resource;
      resource.getRanges().getRangeList().stream()
          .map(range -> new long[] {Offered.firstPort(range), Offered.lastPort(range)})
          .filter(range -> range[0] <= range[1])
          .sorted(Comparator.comparingLong(range -> range[0]))
          .forEach(ranges::add);
    }

    Optional<Integer> chooseLowest() {
      if (ranges.isEmpty()) {
        return Optional.empty();
      }
      int port = Math.toIntExact(ranges.get(0)[0]);
      choose(port);
      return Optional.of(port);
    }

    /** Takes that port, if it is here. */
    boolean choose(int port) {
      for (int i = 0; i < ranges.size(); i++) {
        long[] range = ranges.get(i);
        if (range[0] <= port && port <= range[1]) {
          ranges.remove(i);
          if (port < range[1]) {
            ranges.add(i, new long[] {port + 1L, range[1]});
          }
          if (range[0] < port) {
            ranges.add(i, new long[] {range[0], port - 1L});
          }
          chosen.add(port);
          return true;
        }
      }
      return false;
    }

    /** The resource of the ports chosen since it was last asked, neighbours joined to one range. */
    Optional<Resource> takeChosen() {
      if (chosen.isEmpty()) {
        return Optional.empty();
      }
      List<Integer> sorted = chosen.stream().sorted().toList();
      chosen.clear();
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
      return Optional.of(template.toBuilder().setRanges(joined).build());
    }
  }
}
