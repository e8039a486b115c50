package org.apache.heron.minicluster.resources;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Resource.ReservationInfo;

/** Rules of reservations, and of what an agent has once some were made on it. */
public final class Reserved {
  private Reserved() {}

  /** The same, with the last reservation of each made dynamic. */
  public static List<Resource> dynamically(List<Resource> resources) {
    List<Resource> changed = new ArrayList<>();
    for (Resource resource : resources) {
      int count = resource.getReservationsCount();
      Resource.Builder copy = resource.toBuilder();
      if (count > 0) {
        copy.getReservationsBuilder(count - 1).setType(ReservationInfo.Type.DYNAMIC);
      }
      changed.add(copy.build());
    }
    return changed;
  }

  /** True if its last reservation was made at run time. */
  public static boolean isDynamic(Resource resource) {
    int count = resource.getReservationsCount();
    return count > 0
        && resource.getReservations(count - 1).getType() == ReservationInfo.Type.DYNAMIC;
  }

  /** True if a framework may use it in that role: it is for all, for the role or one above it. */
  public static boolean isFor(String role, Resource resource) {
    String reserved = ResourceFormat.reservedRole(resource);
    return reserved.equals("*") || role.equals(reserved) || isBelow(role, reserved);
  }

  private static boolean isBelow(String role, String above) {
    return role.startsWith(above + "/");
  }

  /**
   * Why a resource's stack of reservations is none: each is for a role below the one before, and
   * what was made at run time stays on top of what the agent was started with.
   */
  public static Optional<String> error(Resource resource) {
    boolean dynamic = false;
    for (int i = 0; i < resource.getReservationsCount(); i++) {
      ReservationInfo reservation = resource.getReservations(i);
      if (reservation.getType() == ReservationInfo.Type.UNKNOWN) {
        return Optional.of("Invalid reservation: 'type' must be set to STATIC or DYNAMIC");
      }
      if (reservation.getRole().isEmpty() || reservation.getRole().equals("*")) {
        return Optional.of(
            "Invalid reservation: role '" + reservation.getRole() + "' cannot be reserved for");
      }
      if (i > 0) {
        String above = resource.getReservations(i - 1).getRole();
        if (!isBelow(reservation.getRole(), above)) {
          return Optional.of(
              "Invalid refined reservation: role '%s' is not a refinement of '%s'"
                  .formatted(reservation.getRole(), above));
        }
        if (dynamic && reservation.getType() == ReservationInfo.Type.STATIC) {
          return Optional.of("Invalid refined reservation: a STATIC one cannot refine a DYNAMIC");
        }
      }
      dynamic |= reservation.getType() == ReservationInfo.Type.DYNAMIC;
    }
    return Optional.empty();
  }

  /** What it was before anybody reserved at run time. */
  private static Resource asStarted(Resource resource) {
    Resource.Builder started = resource.toBuilder();
    while (isDynamic(started.build())) {
      started.removeReservations(started.getReservationsCount() - 1);
    }
    return started.build();
  }

  /** Those of an agent's resources that are reserved dynamically: what it keeps on record. */
  public static Resources dynamic(Resources total) {
    return total.filter(Reserved::isDynamic);
  }

  /**
   * What an agent has that was started with some resources and finds dynamic reservations on
   * record.
   *
   * @return empty if there is no longer as much as was reserved
   */
  public static Optional<Resources> apply(Resources started, Resources onRecord) {
    Resources taken =
        Resources.of(onRecord.list().stream().map(Reserved::asStarted).toList()).unallocated();
    return started.contains(taken)
        ? Optional.of(started.minus(taken).plus(onRecord))
        : Optional.empty();
  }
}
