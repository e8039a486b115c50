package org.apache.heron.minicluster.master;

import java.util.List;
import java.util.Optional;
import org.apache.heron.minicluster.resources.Reserved;
import org.apache.heron.minicluster.resources.ResourceFormat;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.Resource;

/**
 * RESERVE or UNRESERVE, by a framework or an operator: the same quantity in another form.
 *
 * @param from what it was before, given to nobody
 * @param to what it becomes
 * @param named the resources that the call names, with their reservation
 */
record ReservationChange(Resources from, Resources to, List<Resource> named) {
  /**
   * A reservation.
   *
   * @param source in which form it is offered; if empty, without the last reservation
   */
  static ReservationChange reserve(List<Resource> source, List<Resource> reserved) {
    Resources to = Resources.of(reserved).unallocated();
    Resources from = source.isEmpty() ? to.popReservation() : Resources.of(source).unallocated();
    return new ReservationChange(from, to, refined(reserved));
  }

  static ReservationChange unreserve(List<Resource> reserved) {
    Resources from = Resources.of(reserved).unallocated();
    return new ReservationChange(from, from.popReservation(), refined(reserved));
  }

  private static List<Resource> refined(List<Resource> resources) {
    return resources.stream().map(ResourceFormat::refined).toList();
  }

  /** Why it cannot be, whoever wants it. */
  Optional<String> refusal() {
    if (named.isEmpty()) {
      return Optional.of("No resources specified");
    }
    for (Resource resource : named) {
      Optional<String> error = LaunchValidation.error(resource).or(() -> Reserved.error(resource));
      if (error.isPresent()) {
        return error;
      }
      if (!Reserved.isDynamic(resource)) {
        return Optional.of("Resource " + text(resource) + " is not dynamically reserved");
      }
    }
    return sameQuantities()
        ? Optional.empty()
        : Optional.of(
            "The 'source' " + from.text() + " is not of the same quantity as " + to.text());
  }

  private boolean sameQuantities() {
    return bare(from).equals(bare(to));
  }

  private static Resources bare(Resources resources) {
    return Resources.of(
        resources.list().stream()
            .map(resource -> resource.toBuilder().clearReservations().build())
            .toList());
  }

  /** Why a framework may not reserve it, in an offer of that role. */
  Optional<String> refusalTo(String role) {
    return refusal()
        .or(
            () ->
                named.stream()
                    .filter(resource -> !role.equals(ResourceFormat.reservedRole(resource)))
                    .findFirst()
                    .map(
                        resource ->
                            "A reserve operation was attempted for a resource allocated to role"
                                + " '%s', but it is reserved for '%s'"
                                    .formatted(role, ResourceFormat.reservedRole(resource))));
  }

  private static String text(Resource resource) {
    return Resources.of(List.of(resource)).text();
  }
}
