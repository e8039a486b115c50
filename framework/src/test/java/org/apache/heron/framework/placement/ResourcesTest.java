package org.apache.heron.framework.placement;

import static org.apache.heron.framework.placement.Fixture.SMALL;
import static org.apache.heron.framework.placement.Fixture.noPlace;
import static org.apache.heron.framework.placement.Fixture.wish;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;
import org.junit.jupiter.api.Test;

/** What exactly a task takes of what was offered. */
class ResourcesTest {
  private static final Rules REVOCABLE = Rules.PLAIN.withRevocable(true);

  private static Placement place(Rules rules, Wish wish, OfferBuilder... offers) {
    return Placer.place(
        Round.of(
            List.of(offers).stream().map(OfferBuilder::offered).toList(), List.of(wish), rules));
  }

  private static List<Resource> taken(Placement placement, String name) {
    return placement.launches().get(0).containers().get(0).resources().stream()
        .filter(resource -> resource.getName().equals(name))
        .toList();
  }

  private static OfferBuilder without(String role) {
    return OfferBuilder.offer("O1", "a1", role).mem(4096).disk(10000).ports(31000, 31099);
  }

  @Test
  void theMoreNarrowlyReservedGoesFirstAndEachPartKeepsItsReservation() {
    OfferBuilder offer =
        without("eng/heron")
            .cpus(4)
            .refined("cpus", 0.25, "eng")
            .refined("cpus", 0.25, "eng", "eng/heron");
    List<Resource> cpus = taken(place(Rules.PLAIN, wish(1, SMALL), offer), "cpus");
    assertThat(cpus)
        .extracting(each -> each.getScalar().getValue())
        .containsExactly(0.25, 0.25, 0.5);
    assertThat(cpus)
        .extracting(
            each -> each.getReservationsList().stream().map(stack -> stack.getRole()).toList())
        .containsExactly(List.of("eng", "eng/heron"), List.of("eng"), List.of());
    assertThat(cpus).allMatch(each -> each.getAllocationInfo().getRole().equals("eng/heron"));
    List<Resource> offered = offer.build().getResourcesList();
    assertThat(cpus)
        .allMatch(
            part ->
                offered.stream()
                    .anyMatch(
                        whole ->
                            whole.toBuilder().setScalar(part.getScalar()).build().equals(part)));
  }

  // An agent's flag may name any numbers; Mesos holds them in 64 bits without a sign.
  @Test
  void portsThatNoProcessCanListenOnAreNotTaken() {
    OfferBuilder eight =
        OfferBuilder.offer("O1", "a1").cpus(1).mem(512).disk(100).ports(0, 3, 65_531, 70_000);
    assertThat(noPlace(place(Rules.PLAIN, wish(1, SMALL), eight), 1).text())
        .contains("a1.example lacks 1 of 9 ports");
    OfferBuilder nine =
        OfferBuilder.offer("O1", "a1")
            .cpus(1)
            .mem(512)
            .disk(100)
            .ports(-2, -1, 5_000_000_000L, 5_000_000_009L, 65_527, -1);
    assertThat(
            place(Rules.PLAIN, wish(1, SMALL), nine).launches().get(0).containers().get(0).ports())
        .containsExactly(65_527, 65_528, 65_529, 65_530, 65_531, 65_532, 65_533, 65_534, 65_535);
  }

  @Test
  void portsOfSeveralReservationsAreEachTakenAsOffered() {
    Resource reserved =
        Resource.newBuilder()
            .setName("ports")
            .setType(Value.Type.RANGES)
            .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole("heron"))
            .addReservations(
                Resource.ReservationInfo.newBuilder()
                    .setType(Resource.ReservationInfo.Type.STATIC)
                    .setRole("heron"))
            .setRanges(
                Value.Ranges.newBuilder().addRange(Value.Range.newBuilder().setBegin(5).setEnd(7)))
            .build();
    Placement placement =
        place(
            Rules.PLAIN,
            wish(1, SMALL),
            OfferBuilder.offer("O1", "a1", "heron")
                .cpus(1)
                .mem(512)
                .disk(100)
                .ports(100, 101, 103, 103, 105, 110)
                .resource(reserved));
    assertThat(placement.launches().get(0).containers().get(0).ports())
        .containsExactly(5, 6, 7, 100, 101, 103, 105, 106, 107);
    List<Resource> ports = taken(placement, "ports");
    assertThat(ports).extracting(Resource::getReservationsCount).containsExactly(1, 0);
    assertThat(ports.get(1).getRanges().getRangeList())
        .extracting(Value.Range::getBegin)
        .containsExactly(100L, 103L, 105L);
  }

  @Test
  void anOfferToOneRoleIsNeverMixedWithOneToAnother() {
    Placement placement =
        place(
            Rules.PLAIN,
            wish(1, SMALL),
            without("heron").cpus(0.6),
            OfferBuilder.offer("O2", "a1", "*").cpus(0.6).mem(9).ports(1, 9));
    assertThat(placement.launches()).isEmpty();
    assertThat(noPlace(placement, 1).agents()).isEqualTo(1);
    assertThat(noPlace(placement, 1).verdicts())
        .extracting(Verdict::role)
        .containsExactly("heron", "*");
    assertThat(noPlace(placement, 1).text()).startsWith("needs 1.0 cpus: 1 of 1 agent lacks 0.4");
  }

  @Test
  void whatIsReservedForUsIsUsedBeforeWhatOthersCouldUse() {
    Placement placement =
        place(
            Rules.PLAIN,
            wish(1, SMALL),
            OfferBuilder.like("O2", "a2"),
            OfferBuilder.offer("O1", "a1", "heron")
                .mem(999)
                .disk(999)
                .ports(1, 9)
                .reserved("cpus", 1));
    assertThat(placement.launches().get(0).hostname()).isEqualTo("a1.example");
  }

  @Test
  void revocableResourcesAreUsedOnlyIfAskedForAndNotByContainerZero() {
    OfferBuilder revocableOnly = without("*").revocable("cpus", 4);
    assertThat(place(Rules.PLAIN, wish(1, SMALL), revocableOnly).launches()).isEmpty();
    Placement placement = place(REVOCABLE, wish(1, SMALL), revocableOnly);
    assertThat(taken(placement, "cpus")).hasSize(1).allMatch(Resource::hasRevocable);
    assertThat(taken(placement, "mem")).noneMatch(Resource::hasRevocable);
    assertThat(place(REVOCABLE, wish(0, SMALL), revocableOnly).launches()).isEmpty();
  }

  @Test
  void revocableAndFirmResourcesOfOneNameAreNeverMixed() {
    OfferBuilder both = without("*").cpus(0.6).revocable("cpus", 0.7);
    assertThat(noPlace(place(REVOCABLE, wish(1, SMALL), both), 1).text())
        .startsWith("needs 1.0 cpus: 1 of 1 agent lacks 0.3");
    OfferBuilder firm = without("*").cpus(1).revocable("cpus", 0.7);
    assertThat(taken(place(REVOCABLE, wish(1, SMALL), firm), "cpus"))
        .hasSize(1)
        .noneMatch(Resource::hasRevocable);
  }

  @Test
  void gpusAreTakenWhole() {
    Placement placement =
        place(Rules.PLAIN, wish(1, SMALL.withGpus(2)), OfferBuilder.like("O1", "a1").gpus(3));
    assertThat(taken(placement, "gpus"))
        .extracting(each -> each.getScalar().getValue())
        .containsExactly(2.0);
  }

  @Test
  void scalarsAreCountedInThousandthsHoweverOftenTheyAreCut() {
    Size tenth = new Size(100, 0, 0, 0);
    Placement placement =
        Placer.place(
            Round.of(
                List.of(OfferBuilder.offer("O1", "a1").cpus(0.1 + 0.2).offered()),
                Fixture.wishes(3, tenth),
                Rules.PLAIN));
    assertThat(placement.launches().get(0).containers()).hasSize(3);
  }
}
