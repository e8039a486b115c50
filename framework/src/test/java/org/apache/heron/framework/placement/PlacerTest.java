package org.apache.heron.framework.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;
import org.junit.jupiter.api.Test;

/** Single rounds of placement. */
class PlacerTest {
  private static final Size SIZE = new Size(1000, 512_000, 100_000, 9);

  private static Wish wish(int container, Size size) {
    return new Wish(new ContainerId(container), size);
  }

  private static List<Wish> wishes(int count) {
    return IntStream.range(0, count).mapToObj(i -> wish(i, SIZE)).toList();
  }

  private static Placement place(List<Offer> offers, List<Wish> wishes) {
    return Placer.place(Round.of(offers.stream().map(Offered::of).toList(), wishes, Rules.PLAIN));
  }

  @Test
  void containersSpreadOverAgentsCountingThoseThatRun() {
    List<Offer> offers =
        List.of(
            OfferBuilder.usual("O1", "a1"),
            OfferBuilder.usual("O2", "a2"),
            OfferBuilder.usual("O3", "a3"));
    List<Resident> residents =
        IntStream.of(8, 9)
            .mapToObj(
                id ->
                    new Resident(new ContainerId(id), new AgentId("a1"), "a1.example", Traits.NONE))
            .toList();
    Placement placement =
        Placer.place(
            Round.of(offers.stream().map(Offered::of).toList(), wishes(4), Rules.PLAIN)
                .withResidents(residents));
    assertThat(placement.launches())
        .filteredOn(launch -> launch.agent().value().equals("a1"))
        .isEmpty();
    assertThat(placement.launches()).allMatch(launch -> launch.containers().size() == 2);
  }

  @Test
  void exactlyNinePortsInFragmentsAreEnough() {
    Offer offer =
        OfferBuilder.offer("O1", "a1")
            .cpus(1)
            .mem(512)
            .disk(100)
            .ports(5, 5, 7, 8, 20, 23)
            .ports(100, 101)
            .build();
    Placed placed = place(List.of(offer), wishes(1)).launches().get(0).containers().get(0);
    assertThat(placed.ports()).containsExactly(5, 7, 8, 20, 21, 22, 23, 100, 101);
    assertThat(placed.resources())
        .filteredOn(resource -> resource.getName().equals("ports"))
        .extracting(resource -> resource.getRanges().getRangeCount())
        .containsExactly(3, 1);
  }

  @Test
  void eightPortsAreTooFewAndThatIsSaid() {
    Offer offer =
        OfferBuilder.offer("O1", "a1").cpus(4).mem(4096).disk(999).ports(1, 4, 6, 9).build();
    Placement placement = place(List.of(offer), wishes(1));
    assertThat(placement.refusals().get(new ContainerId(0)).text())
        .isEqualTo("needs 9 ports: 1 of 1 agent lacks 1; nearest: a1.example lacks 1 of 9 ports");
    assertThat(placement.unused()).hasSize(1);
  }

  @Test
  void reservedResourcesGoFirstAndAreMixedWithUnreservedOnes() {
    Offer offer =
        OfferBuilder.offer("O1", "a1", "heron")
            .cpus(2)
            .reserved("cpus", 0.75)
            .mem(4096)
            .disk(1000)
            .ports(1, 9)
            .build();
    Placed placed = place(List.of(offer), wishes(1)).launches().get(0).containers().get(0);
    List<Resource> cpus =
        placed.resources().stream().filter(each -> each.getName().equals("cpus")).toList();
    assertThat(cpus).extracting(each -> each.getScalar().getValue()).containsExactly(0.75, 0.25);
    assertThat(cpus.get(0).getReservations(0).getRole()).isEqualTo("heron");
    assertThat(cpus.get(1).getReservationsCount()).isZero();
  }

  @Test
  void offersOfOneAgentAndRoleAreUsedTogetherOthersApart() {
    Offer first = OfferBuilder.offer("O1", "a1").cpus(0.6).mem(600).disk(999).build();
    Offer second = OfferBuilder.offer("O2", "a1").cpus(0.6).ports(1, 9).build();
    Offer otherRole = OfferBuilder.offer("O3", "a1", "other").cpus(0.9).mem(999).build();
    Placement placement = place(List.of(first, second, otherRole), wishes(1));
    assertThat(placement.launches()).hasSize(1);
    assertThat(placement.launches().get(0).offers()).hasSize(2);
    assertThat(placement.unused()).hasSize(1);
  }

  @Test
  void whatNoAgentHasAtOnceIsSaidWithTheNearest() {
    Offer cpus = OfferBuilder.offer("O1", "a1").cpus(4).mem(100).disk(999).ports(1, 9).build();
    Offer memory = OfferBuilder.offer("O2", "a2").cpus(0.9).mem(999).disk(999).ports(1, 9).build();
    Placement placement = place(List.of(cpus, memory), wishes(1));
    assertThat(placement.refusals().get(new ContainerId(0)).text())
        .isEqualTo(
            "needs 1.0 cpus: 1 of 2 agents lacks 0.1; needs 512 MB mem: 1 lacks 412;"
                + " nearest: a2.example lacks 0.1 of 1.0 cpus");
  }

  @Test
  void revocableResourcesAndVolumesAreLeftAlone() {
    Resource revocable =
        Resource.newBuilder()
            .setName("cpus")
            .setType(Value.Type.SCALAR)
            .setScalar(Value.Scalar.newBuilder().setValue(8))
            .setRevocable(Resource.RevocableInfo.getDefaultInstance())
            .build();
    Resource volume =
        Resource.newBuilder()
            .setName("disk")
            .setType(Value.Type.SCALAR)
            .setScalar(Value.Scalar.newBuilder().setValue(8000))
            .setDisk(Resource.DiskInfo.getDefaultInstance())
            .build();
    Offer offer =
        OfferBuilder.offer("O1", "a1")
            .mem(999)
            .ports(1, 9)
            .resource(revocable)
            .resource(volume)
            .build();
    assertThat(place(List.of(offer), wishes(1)).launches()).isEmpty();
  }

  @Test
  void aBigContainerHoldsUpNoSmallOne() {
    Placement placement =
        place(
            List.of(OfferBuilder.usual("O1", "a1")),
            List.of(wish(0, new Size(99_000, 1, 1, 9)), wish(1, SIZE), wish(2, SIZE)));
    assertThat(placement.launches().get(0).containers()).hasSize(2);
    assertThat(placement.refusals()).containsOnlyKeys(new ContainerId(0));
  }

  @Test
  void aHundredContainersOnAHundredOffersCostLittle() {
    List<Offer> offers =
        IntStream.range(0, 100).mapToObj(i -> OfferBuilder.usual("O" + i, "a" + i)).toList();
    Placement placement = place(offers, wishes(100));
    assertThat(placement.launches()).hasSize(100);
  }
}
