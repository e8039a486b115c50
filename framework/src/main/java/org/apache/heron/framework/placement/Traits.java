package org.apache.heron.framework.placement;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.mesos.v1.Protos.Attribute;
import org.apache.mesos.v1.Protos.DomainInfo.FaultDomain;
import org.apache.mesos.v1.Protos.Offer;

/**
 * What an agent says of itself: where it stands and what its operator calls it.
 *
 * @param region of its fault domain; empty if it has none
 * @param zone of its fault domain; empty if it has none
 * @param attributes by name, as text: a scalar as a plain number, ranges as {@code [1-3,5-7]}, a
 *     set as <code>{a,b}</code>, both sorted; of several of one name the first, as Marathon does
 */
public record Traits(String region, String zone, Map<String, String> attributes) {
  /** An agent that says nothing of itself. */
  public static final Traits NONE = new Traits("", "", Map.of());

  public Traits {
    attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
  }

  /** What the offer says of its agent. */
  public static Traits of(Offer offer) {
    FaultDomain domain = offer.getDomain().getFaultDomain();
    Map<String, String> attributes = new TreeMap<>();
    for (Attribute attribute : offer.getAttributesList()) {
      attributes.putIfAbsent(attribute.getName(), text(attribute));
    }
    return new Traits(domain.getRegion().getName(), domain.getZone().getName(), attributes);
  }

  /** An attribute's value as constraints see it. */
  static String text(Attribute attribute) {
    return switch (attribute.getType()) {
      case SCALAR -> number(attribute.getScalar().getValue());
      case TEXT -> attribute.getText().getValue();
      case RANGES ->
          attribute.getRanges().getRangeList().stream()
              .sorted((a, b) -> Long.compare(a.getBegin(), b.getBegin()))
              .map(range -> range.getBegin() + "-" + range.getEnd())
              .collect(Collectors.joining(",", "[", "]"));
      case SET -> set(attribute.getSet().getItemList());
    };
  }

  /** A scalar with the three decimals that Mesos keeps, without needless zeros. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    return BigDecimal.valueOf(Math.round(value * 1000), 3).stripTrailingZeros().toPlainString();
  }

  static String set(List<String> items) {
    return items.stream().sorted().collect(Collectors.joining(",", "{", "}"));
  }

  Optional<String> optionalRegion() {
    return region.isEmpty() ? Optional.empty() : Optional.of(region);
  }

  Optional<String> optionalZone() {
    return zone.isEmpty() ? Optional.empty() : Optional.of(zone);
  }
}
