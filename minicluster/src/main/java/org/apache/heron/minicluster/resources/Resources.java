package org.apache.heron.minicluster.resources;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Resource.ReservationInfo;

/**
 * A bag of resources that can be added and taken away, in the form that tells reservations by their
 * stack ({@code reservations}), not by {@code role}. Resources of the same name, reservations and
 * allocation are one entry; the order is that of first appearance. Immutable.
 */
public final class Resources {
  /** Nothing. */
  public static final Resources NONE = new Resources(Map.of());

  /** Everything of a resource but its quantity → how much. */
  private final Map<Resource, Quantity> entries;

  private Resources(Map<Resource, Quantity> entries) {
    this.entries = entries;
  }

  /**
   * Gathers resources, in either of Mesos' two forms of reservation.
   *
   * @throws IllegalArgumentException if one has a range that ends before it begins or a type that
   *     resources do not have
   */
  public static Resources of(Iterable<Resource> resources) {
    Map<Resource, Quantity> entries = new LinkedHashMap<>();
    for (Resource resource : resources) {
      Resource refined = ResourceFormat.refined(resource);
      Quantity quantity = Quantity.of(refined);
      if (!quantity.isEmpty()) {
        entries.merge(shape(refined), quantity, Quantity::plus);
      }
    }
    return new Resources(entries);
  }

  private static Resource shape(Resource resource) {
    return resource.toBuilder().clearScalar().clearRanges().clearSet().build();
  }

  /** The entries as messages. */
  public List<Resource> list() {
    List<Resource> list = new ArrayList<>();
    entries.forEach(
        (shape, quantity) -> {
          Resource.Builder resource = shape.toBuilder();
          quantity.writeTo(resource);
          list.add(resource.build());
        });
    return list;
  }

  /** True if there is nothing. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** The sum. */
  public Resources plus(Resources other) {
    Map<Resource, Quantity> sum = new LinkedHashMap<>(entries);
    other.entries.forEach((shape, quantity) -> sum.merge(shape, quantity, Quantity::plus));
    return new Resources(sum);
  }

  /** What is left when as much as there is of the other is taken away. */
  public Resources minus(Resources other) {
    Map<Resource, Quantity> rest = new LinkedHashMap<>(entries);
    other.entries.forEach(
        (shape, quantity) ->
            rest.computeIfPresent(
                shape,
                (same, mine) -> {
                  Quantity left = mine.minus(quantity);
                  return left.isEmpty() ? null : left;
                }));
    return new Resources(rest);
  }

  /** True if all of the other is here. */
  public boolean contains(Resources other) {
    return other.entries.entrySet().stream()
        .allMatch(
            entry -> {
              Quantity mine = entries.get(entry.getKey());
              return mine != null && mine.contains(entry.getValue());
            });
  }

  /** The entries that match. */
  public Resources filter(Predicate<Resource> condition) {
    Map<Resource, Quantity> some = new LinkedHashMap<>();
    entries.forEach(
        (shape, quantity) -> {
          if (condition.test(shape)) {
            some.put(shape, quantity);
          }
        });
    return new Resources(some);
  }

  /** The same, given to a role. */
  public Resources allocatedTo(String role) {
    return map(
        shape ->
            shape.toBuilder()
                .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(role))
                .build());
  }

  /** The same, given to that role where no role is said. */
  public Resources allocatedByDefaultTo(String role) {
    return map(
        shape ->
            shape.hasAllocationInfo()
                ? shape
                : shape.toBuilder()
                    .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(role))
                    .build());
  }

  /** The same, given to nobody. */
  public Resources unallocated() {
    return map(shape -> shape.toBuilder().clearAllocationInfo().build());
  }

  /** With one reservation more on the stack of each. */
  public Resources pushReservation(ReservationInfo reservation) {
    return map(shape -> shape.toBuilder().addReservations(reservation).build());
  }

  /** Without the last reservation of each. */
  public Resources popReservation() {
    return map(
        shape ->
            shape.getReservationsCount() == 0
                ? shape
                : shape.toBuilder().removeReservations(shape.getReservationsCount() - 1).build());
  }

  private Resources map(java.util.function.UnaryOperator<Resource> change) {
    Map<Resource, Quantity> changed = new LinkedHashMap<>();
    entries.forEach(
        (shape, quantity) -> changed.merge(change.apply(shape), quantity, Quantity::plus));
    return new Resources(changed);
  }

  /** The sum of all scalars of that name; 0 if there are none. */
  public double scalar(String name) {
    long thousandths = 0;
    for (Map.Entry<Resource, Quantity> entry : entries.entrySet()) {
      if (entry.getKey().getName().equals(name)
          && entry.getValue() instanceof Quantity.Scalar scalar) {
        thousandths += scalar.thousandths();
      }
    }
    return thousandths / 1000.0;
  }

  /** How much there is of that name: the sum of scalars, the count of ports or items. */
  public double amount(String name) {
    double amount = 0;
    for (Map.Entry<Resource, Quantity> entry : entries.entrySet()) {
      if (entry.getKey().getName().equals(name)) {
        amount += entry.getValue().amount();
      }
    }
    return amount;
  }

  /**
   * As Mesos writes it in its messages, for example {@code cpus(allocated: *):0.1; ports(allocated:
   * *):[80-80]} (invalid-launches.jsonl); {@code {}} for nothing.
   */
  public String text() {
    return entries.isEmpty()
        ? "{}"
        : entries.entrySet().stream()
            .map(entry -> ResourceFormat.label(entry.getKey()) + ":" + entry.getValue().text())
            .collect(Collectors.joining("; "));
  }

  /** The quantity of each name, without regard to reservation: {@code ports} → {@code [1-2]}. */
  public Map<String, String> textByName() {
    Map<String, Quantity> sums = new LinkedHashMap<>();
    entries.forEach((shape, quantity) -> sums.merge(shape.getName(), quantity, Quantity::plus));
    Map<String, String> texts = new LinkedHashMap<>();
    sums.forEach((name, quantity) -> texts.put(name, quantity.text()));
    return texts;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Resources resources && entries.equals(resources.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  @Override
  public String toString() {
    return text();
  }
}
