package org.apache.heron.framework.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;

/** Short words for the rounds of tests. */
final class Fixture {
  /** What the usual agent holds four of. */
  static final Size SMALL = new Size(1000, 512_000, 100_000, 9);

  private Fixture() {}

  static Wish wish(int container, Size size) {
    return new Wish(new ContainerId(container), size);
  }

  /** Containers 1 … n of that size. */
  static List<Wish> wishes(int count, Size size) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> wish(i, size)).toList();
  }

  static Constraint constraint(String field, Constraint.Operator operator) {
    return new Constraint(field, operator, "");
  }

  static Constraint constraint(String field, Constraint.Operator operator, String value) {
    return new Constraint(field, operator, value);
  }

  /** A container that runs on that agent, in that rack. */
  static Resident resident(int container, String agent, String rack) {
    return new Resident(
        new ContainerId(container),
        new AgentId(agent),
        agent + ".example",
        new Traits("", "", rack.isEmpty() ? Map.of() : Map.of("rack", rack)));
  }

  /** One usual agent for each rack: a1 is in the first, a2 in the second … */
  static List<Offered> inRacks(String... racks) {
    List<Offered> offers = new ArrayList<>();
    for (int i = 1; i <= racks.length; i++) {
      OfferBuilder offer = OfferBuilder.like("O" + i, "a" + i);
      offers.add(
          (racks[i - 1].isEmpty() ? offer : offer.attribute("rack", racks[i - 1])).offered());
    }
    return offers;
  }

  /** Which agents got how many containers. */
  static Map<String, Integer> counts(Placement placement) {
    Map<String, Integer> counts = new TreeMap<>();
    placement
        .launches()
        .forEach(
            launch ->
                counts.merge(launch.agent().value(), launch.containers().size(), Integer::sum));
    return counts;
  }

  static Refusal refusal(Placement placement, int container) {
    return placement.refusals().get(new ContainerId(container));
  }

  static Refusal.NoPlace noPlace(Placement placement, int container) {
    return (Refusal.NoPlace) refusal(placement, container);
  }
}
