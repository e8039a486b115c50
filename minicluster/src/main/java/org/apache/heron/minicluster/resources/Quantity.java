package org.apache.heron.minicluster.resources;

import com.google.common.collect.ContiguousSet;
import com.google.common.collect.DiscreteDomain;
import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Range;
import com.google.common.collect.Sets;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;

/** How much of a resource: a value that can be added and taken away. */
sealed interface Quantity {
  boolean isEmpty();

  Quantity plus(Quantity other);

  /** What is left; never less than nothing. */
  Quantity minus(Quantity other);

  boolean contains(Quantity other);

  void writeTo(Resource.Builder resource);

  /** The number, or how many there are. */
  double amount();

  String text();

  /** Reads the quantity of a resource, whatever its type. */
  static Quantity of(Resource resource) {
    return switch (resource.getType()) {
      case SCALAR -> Scalar.of(resource.getScalar().getValue());
      case RANGES -> Ranges.of(resource.getRanges());
      case SET -> new Names(ImmutableSortedSet.copyOf(resource.getSet().getItemList()));
      case TEXT ->
          throw new IllegalArgumentException(
              "resource " + resource.getName() + " is of type TEXT, which no resource has");
    };
  }

  /** A number of thousandths: Mesos' own precision. */
  record Scalar(long thousandths) implements Quantity {
    static Scalar of(double value) {
      return new Scalar(Math.round(value * 1000));
    }

    @Override
    public boolean isEmpty() {
      return thousandths <= 0;
    }

    @Override
    public Quantity plus(Quantity other) {
      return new Scalar(thousandths + ((Scalar) other).thousandths);
    }

    @Override
    public Quantity minus(Quantity other) {
      return new Scalar(Math.max(0, thousandths - ((Scalar) other).thousandths));
    }

    @Override
    public boolean contains(Quantity other) {
      return other instanceof Scalar scalar && thousandths >= scalar.thousandths;
    }

    @Override
    public void writeTo(Resource.Builder resource) {
      resource
          .setType(Value.Type.SCALAR)
          .setScalar(Value.Scalar.newBuilder().setValue(thousandths / 1000.0));
    }

    @Override
    public double amount() {
      return thousandths / 1000.0;
    }

    @Override
    public String text() {
      BigDecimal plain = BigDecimal.valueOf(thousandths, 3).stripTrailingZeros();
      return plain.toPlainString();
    }
  }

  /** Disjoint ranges of numbers, ends included. */
  record Ranges(ImmutableRangeSet<Long> set) implements Quantity {
    static Ranges of(Value.Ranges ranges) {
      List<Range<Long>> list = new ArrayList<>();
      for (Value.Range range : ranges.getRangeList()) {
        if (range.getBegin() < 0 || range.getEnd() < range.getBegin()) {
          throw new IllegalArgumentException(
              "range " + range.getBegin() + "-" + range.getEnd() + " ends before it begins");
        }
        list.add(Range.closedOpen(range.getBegin(), range.getEnd() + 1));
      }
      return new Ranges(ImmutableRangeSet.unionOf(list));
    }

    @Override
    public boolean isEmpty() {
      return set.isEmpty();
    }

    @Override
    public Quantity plus(Quantity other) {
      return new Ranges(set.union(((Ranges) other).set));
    }

    @Override
    public Quantity minus(Quantity other) {
      return new Ranges(set.difference(((Ranges) other).set));
    }

    @Override
    public boolean contains(Quantity other) {
      return other instanceof Ranges ranges && set.enclosesAll(ranges.set);
    }

    @Override
    public void writeTo(Resource.Builder resource) {
      Value.Ranges.Builder ranges = Value.Ranges.newBuilder();
      for (Range<Long> range : set.asRanges()) {
        ContiguousSet<Long> members = ContiguousSet.create(range, DiscreteDomain.longs());
        ranges.addRange(Value.Range.newBuilder().setBegin(members.first()).setEnd(members.last()));
      }
      resource.setType(Value.Type.RANGES).setRanges(ranges);
    }

    @Override
    public double amount() {
      return set.asRanges().stream()
          .mapToDouble(range -> range.upperEndpoint() - range.lowerEndpoint())
          .sum();
    }

    @Override
    public String text() {
      return set.asRanges().stream()
          .map(range -> range.lowerEndpoint() + "-" + (range.upperEndpoint() - 1))
          .collect(Collectors.joining(", ", "[", "]"));
    }
  }

  /** A set of names. */
  record Names(ImmutableSortedSet<String> items) implements Quantity {
    @Override
    public boolean isEmpty() {
      return items.isEmpty();
    }

    @Override
    public Quantity plus(Quantity other) {
      return new Names(
          ImmutableSortedSet.<String>naturalOrder()
              .addAll(items)
              .addAll(((Names) other).items)
              .build());
    }

    @Override
    public Quantity minus(Quantity other) {
      return new Names(ImmutableSortedSet.copyOf(Sets.difference(items, ((Names) other).items)));
    }

    @Override
    public boolean contains(Quantity other) {
      return other instanceof Names names && items.containsAll(names.items);
    }

    @Override
    public void writeTo(Resource.Builder resource) {
      resource.setType(Value.Type.SET).setSet(Value.Set.newBuilder().addAllItem(items));
    }

    @Override
    public double amount() {
      return items.size();
    }

    @Override
    public String text() {
      return "{" + String.join(", ", items) + "}";
    }
  }
}
