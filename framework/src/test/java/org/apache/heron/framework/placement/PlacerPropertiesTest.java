package org.apache.heron.framework.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.OfferId;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;

/** What holds for every round, whatever is offered and wished. */
class PlacerPropertiesTest {

  @Property(tries = 300)
  void noRoundTakesMoreThanIsOfferedOrForgetsAnything(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 8) int offers,
      @ForAll @Size(max = 12) List<@IntRange(min = 1, max = 3000) Integer> milliCpus) {
    Random random = new Random(seed);
    List<Offer> offered = new ArrayList<>();
    for (int i = 0; i < offers; i++) {
      offered.add(randomOffer(random, i));
    }
    List<Wish> wishes = new ArrayList<>();
    for (int i = 0; i < milliCpus.size(); i++) {
      wishes.add(
          new Wish(
              new ContainerId(i),
              new org.apache.heron.framework.placement.Size(
                  milliCpus.get(i),
                  random.nextInt(2_000_000),
                  random.nextInt(2_000_000),
                  random.nextInt(10))));
    }
    Placement placement =
        Placer.place(Round.of(offered.stream().map(Offered::of).toList(), wishes, Rules.PLAIN));
    everyOfferIsAccountedForOnce(offered, placement);
    everyWishIsPlacedOrRefused(offered, wishes, placement);
    placement.launches().forEach(launch -> nothingIsTakenThatWasNotOffered(offered, launch));
  }

  private static Offer randomOffer(Random random, int number) {
    long begin = 31_000L + random.nextInt(5);
    return OfferBuilder.offer("O" + number, "a" + random.nextInt(4), "heron")
        .cpus(random.nextInt(4000) / 1000.0)
        .reserved("cpus", random.nextInt(3000) / 1000.0)
        .mem(random.nextInt(3000))
        .reserved("mem", random.nextInt(1000))
        .disk(random.nextInt(3000))
        // Two offers of one agent never share a port.
        .ports(
            begin + number * 100L,
            begin + number * 100L + random.nextInt(6),
            begin + number * 100L + 20,
            begin + number * 100L + 20 + random.nextInt(9))
        .build();
  }

  private static void everyOfferIsAccountedForOnce(List<Offer> offered, Placement placement) {
    List<OfferId> seen = new ArrayList<>(placement.unused());
    placement.launches().forEach(launch -> seen.addAll(launch.offers()));
    assertThat(seen)
        .containsExactlyInAnyOrderElementsOf(
            offered.stream().map(offer -> new OfferId(offer.getId().getValue())).toList());
  }

  private static void everyWishIsPlacedOrRefused(
      List<Offer> offered, List<Wish> wishes, Placement placement) {
    Set<ContainerId> seen = new HashSet<>(placement.refusals().keySet());
    for (Launch launch : placement.launches()) {
      launch.containers().forEach(placed -> assertThat(seen.add(placed.container())).isTrue());
    }
    assertThat(seen).hasSize(offered.isEmpty() ? 0 : wishes.size());
    placement.refusals().values().forEach(refusal -> assertThat(refusal.text()).isNotBlank());
  }

  private static void nothingIsTakenThatWasNotOffered(List<Offer> offered, Launch launch) {
    Map<Object, Double> scalars = new HashMap<>();
    Set<Long> ports = new HashSet<>();
    offered.stream()
        .filter(offer -> launch.offers().contains(new OfferId(offer.getId().getValue())))
        .peek(offer -> assertThat(offer.getAgentId().getValue()).isEqualTo(launch.agent().value()))
        .flatMap(offer -> offer.getResourcesList().stream())
        .forEach(
            resource -> {
              scalars.merge(kind(resource), resource.getScalar().getValue(), Double::sum);
              ports.addAll(portsOf(resource));
            });
    for (Placed placed : launch.containers()) {
      Map<String, Double> taken = new HashMap<>();
      List<Long> own = new ArrayList<>();
      for (Resource resource : placed.resources()) {
        assertThat(resource.getAllocationInfo().getRole()).isEqualTo("heron");
        taken.merge(resource.getName(), resource.getScalar().getValue(), Double::sum);
        scalars.merge(kind(resource), -resource.getScalar().getValue(), Double::sum);
        own.addAll(portsOf(resource));
      }
      own.forEach(port -> assertThat(ports.remove(port)).as("port %s", port).isTrue());
      assertThat(own).hasSize(placed.size().ports());
      assertThat(placed.ports().stream().map(Integer::longValue)).hasSameElementsAs(own);
      assertThat(taken.getOrDefault("cpus", 0.0))
          .isCloseTo(placed.size().cpus(), org.assertj.core.data.Offset.offset(1e-6));
      assertThat(taken.getOrDefault("mem", 0.0))
          .isCloseTo(placed.size().memMb(), org.assertj.core.data.Offset.offset(1e-6));
    }
    scalars.forEach((kind, left) -> assertThat(left).as("%s", kind).isGreaterThan(-1e-6));
  }

  private static Object kind(Resource resource) {
    return List.of(resource.getName(), resource.getReservationsList());
  }

  private static List<Long> portsOf(Resource resource) {
    List<Long> ports = new ArrayList<>();
    for (Value.Range range : resource.getRanges().getRangeList()) {
      for (long port = range.getBegin(); port <= range.getEnd(); port++) {
        ports.add(port);
      }
    }
    return ports;
  }
}
