package org.apache.heron.minicluster.resources;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.mesos.v1.Protos.Label;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Resource.ReservationInfo;
import org.apache.mesos.v1.Protos.Value;

/**
 * The forms in which Mesos writes a resource: with a stack of reservations (what frameworks with
 * RESERVATION_REFINEMENT see), with {@code role} and {@code reservation} (what all others see), and
 * with both (the pages of master and agent).
 */
public final class ResourceFormat {
  private ResourceFormat() {}

  /** With a stack of reservations only. */
  @SuppressWarnings("deprecation") // the old form is what old frameworks send
  public static Resource refined(Resource resource) {
    if (!resource.hasRole() && !resource.hasReservation()) {
      return resource;
    }
    Resource.Builder refined = resource.toBuilder().clearRole().clearReservation();
    if (resource.getReservationsCount() > 0 || resource.getRole().equals("*")) {
      return refined.build();
    }
    ReservationInfo.Builder reservation =
        resource.getReservation().toBuilder()
            .setRole(resource.getRole())
            .setType(
                resource.hasReservation()
                    ? ReservationInfo.Type.DYNAMIC
                    : ReservationInfo.Type.STATIC);
    return refined.addReservations(reservation).build();
  }

  /** With role and reservation only; refined reservations cannot be written so and stay. */
  public static Resource unrefined(Resource resource) {
    return resource.getReservationsCount() > 1
        ? resource
        : page(resource).toBuilder().clearReservations().build();
  }

  /** As pages show it: role and reservation beside the stack. */
  @SuppressWarnings("deprecation")
  public static Resource page(Resource resource) {
    Resource.Builder page = resource.toBuilder();
    if (resource.getReservationsCount() == 0) {
      return page.setRole("*").build();
    }
    if (resource.getReservationsCount() > 1) {
      return resource;
    }
    ReservationInfo reservation = resource.getReservations(0);
    page.setRole(reservation.getRole());
    if (reservation.getType() == ReservationInfo.Type.DYNAMIC) {
      page.setReservation(reservation.toBuilder().clearType().clearRole());
    }
    return page.build();
  }

  /** Each as {@link #page}. */
  public static List<Resource> pages(Resources resources) {
    return resources.list().stream().map(ResourceFormat::page).toList();
  }

  /** The role that it is reserved for, {@code *} if for none. */
  public static String reservedRole(Resource resource) {
    int count = resource.getReservationsCount();
    return count == 0 ? "*" : resource.getReservations(count - 1).getRole();
  }

  static String label(Resource resource) {
    StringBuilder label = new StringBuilder(resource.getName());
    if (resource.hasAllocationInfo()) {
      label.append("(allocated: ").append(resource.getAllocationInfo().getRole()).append(')');
    }
    if (resource.getReservationsCount() > 0) {
      label.append(
          resource.getReservationsList().stream()
              .map(ResourceFormat::reservationText)
              .collect(Collectors.joining(",", "(reservations: [", "])")));
    }
    if (resource.hasRevocable()) {
      label.append("{REV}");
    }
    if (resource.hasShared()) {
      label.append("<SHARED>");
    }
    return label.toString();
  }

  private static String reservationText(ReservationInfo reservation) {
    StringBuilder text =
        new StringBuilder("(")
            .append(reservation.getType())
            .append(',')
            .append(reservation.getRole());
    if (reservation.hasPrincipal()) {
      text.append(',').append(reservation.getPrincipal());
    }
    if (reservation.hasLabels()) {
      text.append(",{")
          .append(
              reservation.getLabels().getLabelsList().stream()
                  .map(ResourceFormat::labelText)
                  .collect(Collectors.joining(", ")))
          .append('}');
    }
    return text.append(')').toString();
  }

  private static String labelText(Label label) {
    return label.hasValue() ? label.getKey() + ": " + label.getValue() : label.getKey();
  }

  /**
   * Reads the form of the agent's {@code --resources} flag: {@code
   * cpus(heron):2;mem:2048;ports:[31000-31099,31200-31299]}. Beyond Mesos' own form, which needs
   * JSON for it, {@code cpus(eng)(eng/heron):2} is a refined reservation, and {@code cpus{REV}:2}
   * is revocable, as Mesos itself writes it.
   *
   * @throws IllegalArgumentException naming the part that is wrong
   */
  public static List<Resource> parse(String text) {
    return java.util.Arrays.stream(text.split(";"))
        .map(String::trim)
        .filter(part -> !part.isEmpty())
        .map(ResourceFormat::parseOne)
        .toList();
  }

  private static Resource parseOne(String part) {
    int colon = part.indexOf(':');
    if (colon <= 0 || colon == part.length() - 1) {
      throw new IllegalArgumentException(
          "resource '" + part + "' is not of the form name:value or name(role):value");
    }
    Resource.Builder resource = Resource.newBuilder();
    String name = part.substring(0, colon).trim();
    if (name.endsWith("{REV}")) {
      resource.setRevocable(Resource.RevocableInfo.getDefaultInstance());
      name = name.substring(0, name.length() - "{REV}".length()).trim();
    }
    int open = name.indexOf('(');
    if (open > 0 && name.endsWith(")")) {
      for (String role : name.substring(open + 1, name.length() - 1).split("\\)\\s*\\(", -1)) {
        if (!role.isBlank() && !role.trim().equals("*")) {
          resource.addReservations(
              ReservationInfo.newBuilder()
                  .setType(ReservationInfo.Type.STATIC)
                  .setRole(role.trim()));
        }
      }
      name = name.substring(0, open).trim();
    }
    Optional<String> error = Reserved.error(resource.buildPartial());
    if (error.isPresent()) {
      throw new IllegalArgumentException("resource '" + part + "': " + error.get());
    }
    return parseValue(resource.setName(name), part.substring(colon + 1).trim(), part);
  }

  private static Resource parseValue(Resource.Builder resource, String value, String part) {
    try {
      if (value.startsWith("[") && value.endsWith("]")) {
        Value.Ranges.Builder ranges = Value.Ranges.newBuilder();
        for (String range : value.substring(1, value.length() - 1).split(",")) {
          String[] ends = range.trim().split("-", 2);
          long begin = Long.parseLong(ends[0].trim());
          long end = ends.length == 1 ? begin : Long.parseLong(ends[1].trim());
          ranges.addRange(Value.Range.newBuilder().setBegin(begin).setEnd(end));
        }
        return resource.setType(Value.Type.RANGES).setRanges(ranges).build();
      }
      if (value.startsWith("{") && value.endsWith("}")) {
        Value.Set.Builder items = Value.Set.newBuilder();
        for (String item : value.substring(1, value.length() - 1).split(",")) {
          items.addItem(item.trim());
        }
        return resource.setType(Value.Type.SET).setSet(items).build();
      }
      double number = Double.parseDouble(value);
      if (!(number >= 0) || Double.isInfinite(number)) {
        throw new IllegalArgumentException("resource '" + part + "' must be 0 or more");
      }
      return resource
          .setType(Value.Type.SCALAR)
          .setScalar(Value.Scalar.newBuilder().setValue(number))
          .build();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("resource '" + part + "' has no number as value", e);
    }
  }
}
