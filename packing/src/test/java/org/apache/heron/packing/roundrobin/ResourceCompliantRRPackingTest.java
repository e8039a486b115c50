package org.apache.heron.packing.roundrobin;

import static org.apache.heron.packing.PlanText.placement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.heron.packing.PlanText;
import org.apache.heron.packing.TopologyFixture;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.PackingException;
import org.apache.heron.spi.packing.PackingPlan;
import org.junit.jupiter.api.Test;

/** The worked examples, then what is not in them. */
class ResourceCompliantRRPackingTest {
  private static final long GIB = 1L << 30;

  @Test
  void defaultsTakeAsManyContainersAsTheyNeed() {
    PackingPlan plan = pack(TopologyFixture.example(1));
    assertThat(placement(plan))
        .isEqualTo(
            "1: spout#1(0) spout#4(3) bolt#7(2); 2: spout#2(1) bolt#5(0); 3: spout#3(2)"
                + " bolt#6(1)");
    assertThat(PlanText.sizes(plan)).isEqualTo("1: 4 4 4; 2: 3 3 3; 3: 3 3 3");
  }

  @Test
  void halfOfTheContainerAsPaddingTakesOneMore() {
    PackingPlan plan =
        pack(TopologyFixture.example(1).set("topology.container.padding.percentage", 50));
    assertThat(placement(plan))
        .isEqualTo(
            "1: spout#1(0) bolt#5(0); 2: spout#2(1) bolt#6(1); 3: spout#3(2) bolt#7(2);"
                + " 4: spout#4(3)");
    assertThat(PlanText.sizes(plan)).isEqualTo("1: 4 4 4; 2: 4 4 4; 3: 4 4 4; 4: 3 3 3");
  }

  @Test
  void aBigContainerHoldsAll() {
    PackingPlan plan = pack(big(1));
    assertThat(plan.containers()).hasSize(1);
    assertThat(PlanText.sizes(plan)).isEqualTo("1: 10 8 9");
  }

  @Test
  void aSmallContainerHoldsOneInstance() {
    PackingPlan plan = pack(TopologyFixture.example(1).set("topology.container.ram", 2 * GIB));
    assertThat(plan.containers()).hasSize(7).allMatch(c -> c.instances().size() == 1);
  }

  @Test
  void thereAreNeverMoreContainersThanInstances() {
    assertThat(pack(big(8)).containers()).hasSize(7);
  }

  @Test
  void addedInstancesGoRoundTheContainersWithRoom() {
    assertThat(placement(repack(TopologyFixture.example(1), Map.of("bolt", 5))))
        .isEqualTo(
            "1: spout#1(0) spout#4(3) bolt#7(2); 2: spout#2(1) bolt#5(0) bolt#8(3);"
                + " 3: spout#3(2) bolt#6(1) bolt#9(4); 4: bolt#10(5) bolt#12(7);"
                + " 5: bolt#11(6)");
  }

  @Test
  void removedInstancesMakeContainersGo() {
    assertThat(repack(TopologyFixture.example(1), Map.of("spout", -2, "bolt", -1)).containers())
        .hasSize(2);
  }

  @Test
  void moreThanThereAreCannotBeRemoved() {
    assertThatThrownBy(() -> repack(TopologyFixture.example(1), Map.of("spout", -5)))
        .isInstanceOf(PackingException.class)
        .hasMessage(
            "Cannot remove instance. No more instances of component spout exist in the containers:"
                + " it has 4, and 5 were to be removed");
  }

  @Test
  void ofEquallyFullContainersThoseOfTheComponentAloneGoFirst() {
    PackingPlan plan =
        PlanText.plan(
            "1: spout#1(0) spout#2(1) bolt#3(0); 3: bolt#4(1) bolt#5(2); 4: bolt#6(3) bolt#7(4)");
    assertThat(placement(repack(plan, Map.of("bolt", -2))))
        .isEqualTo("1: spout#1(0) spout#2(1) bolt#3(0); 3: bolt#4(1) bolt#5(2)");
  }

  @Test
  void bothComponentsLeaveOneContainer() {
    PackingPlan plan =
        PlanText.plan(
            "1: spout#1(0) spout#2(1) bolt#3(0) bolt#4(1);"
                + " 3: spout#5(2) spout#6(3) bolt#7(2) bolt#8(3)");
    assertThat(placement(repack(plan, Map.of("spout", -2, "bolt", -2))))
        .isEqualTo("1: spout#1(0) spout#2(1) bolt#3(0) bolt#4(1)");
  }

  @Test
  void aContainerOfOneComponentGoesBeforeASmallerMixedOne() {
    PackingPlan plan =
        PlanText.plan(
            "1: spout#1(0) spout#2(1) bolt#3(0); 3: bolt#4(1) bolt#5(2) bolt#6(3) bolt#7(4)");
    assertThat(placement(repack(plan, Map.of("bolt", -4))))
        .isEqualTo("1: spout#1(0) spout#2(1) bolt#3(0)");
  }

  @Test
  void gapsBetweenIdsAreKeptAndNewOnesComeBehind() {
    PackingPlan plan = PlanText.plan("1: spout#1(0) spout#2(1) bolt#3(0); 4: bolt#6(2) bolt#7(3)");
    assertThat(placement(repack(plan, Map.of("bolt", 4))))
        .isEqualTo(
            "1: spout#1(0) spout#2(1) bolt#3(0) bolt#8(4) bolt#11(7); 4: bolt#6(2) bolt#7(3)"
                + " bolt#9(5); 5: bolt#10(6)");
  }

  @Test
  void aTopologyMayGrowBeyondWhatItWasSubmittedWith() {
    assertThat(repack(TopologyFixture.example(1), Map.of("bolt", 50)).containers())
        .hasSizeGreaterThan(7);
  }

  @Test
  void aComponentWithoutInstancesGetsSomeAgain() {
    PackingPlan plan = PlanText.plan("1: spout#1(0) spout#2(1)");
    assertThat(placement(repack(plan, Map.of("bolt", 1))))
        .isEqualTo("1: spout#1(0) spout#2(1) bolt#3(0)");
  }

  @Test
  void whatFitsNoContainerIsNamed() {
    assertRefused(
        TopologyFixture.example(1).set("topology.component.rammap", "bolt:" + 4 * GIB),
        "No container can hold an instance of component 'bolt': it takes ByteAmount{4.0 GB");
    assertRefused(
        TopologyFixture.example(1).set("topology.component.cpumap", "bolt:3.5"),
        "it takes 3.5 of cpu, the padding 1.0, and a container has 4.0; raise"
            + " topology.container.cpu");
    assertRefused(
        TopologyFixture.example(1).set("topology.container.disk", GIB),
        "raise topology.container.disk");
    assertRefused(
        TopologyFixture.example(1).set("topology.component.rammap", "bolt:1024"),
        "the least is ByteAmount{192.0 MB");
  }

  @Test
  void numbersThatMakeNoSenseAreRefused() {
    assertRefused(
        TopologyFixture.example(1).set("topology.container.max.instances", 0),
        "topology.container.max.instances is 0, but must be at least 1");
    assertRefused(
        TopologyFixture.example(1).set("topology.container.padding.percentage", -1),
        "topology.container.padding.percentage is -1");
    Config negative = Config.of(Map.of("heron.resources.instance.cpu", -1));
    assertThatThrownBy(
            () ->
                new ResourceCompliantRRPacking()
                    .initialize(negative, TopologyFixture.example(1).build()))
        .isInstanceOf(PackingException.class)
        .hasMessageContaining("-1.0 cores");
    assertRefused(
        TopologyFixture.example(1).set("topology.component.rammap", "bolt:" + Long.MAX_VALUE),
        "add up to more than 2^63 bytes");
    assertRefused(TopologyFixture.example(0), "is 0, but must be at least 1");
  }

  @Test
  void aNumberOfContainersCannotBeAskedFor() {
    try (ResourceCompliantRRPacking packing = initialized(TopologyFixture.example(1))) {
      PackingPlan plan = packing.pack();
      assertThatThrownBy(() -> packing.repack(plan, 5, Map.of()))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("ResourceCompliantRRPacking does not currently support");
      for (Map<String, Integer> unknown : List.of(Map.of("sink", 1), Map.of("sink", -1))) {
        assertThatThrownBy(() -> packing.repack(plan, unknown))
            .isInstanceOf(PackingException.class)
            .hasMessage("Component 'sink' is not in topology 'name'");
      }
    }
  }

  private static TopologyFixture big(int containers) {
    return TopologyFixture.example(containers)
        .set("topology.container.cpu", 30)
        .set("topology.container.ram", 10 * GIB)
        .set("topology.container.disk", 20 * GIB);
  }

  private static void assertRefused(TopologyFixture topology, String message) {
    assertThatThrownBy(() -> pack(topology))
        .isInstanceOf(PackingException.class)
        .hasMessageContaining(message);
  }

  private static PackingPlan repack(PackingPlan plan, Map<String, Integer> deltas) {
    try (ResourceCompliantRRPacking packing =
        initialized(TopologyFixture.example(1).set("topology.container.max.instances", 8))) {
      return packing.repack(plan, deltas);
    }
  }

  private static PackingPlan repack(TopologyFixture topology, Map<String, Integer> deltas) {
    try (ResourceCompliantRRPacking packing = initialized(topology)) {
      return packing.repack(packing.pack(), deltas);
    }
  }

  private static PackingPlan pack(TopologyFixture topology) {
    try (ResourceCompliantRRPacking packing = initialized(topology)) {
      return packing.pack();
    }
  }

  private static ResourceCompliantRRPacking initialized(TopologyFixture topology) {
    ResourceCompliantRRPacking packing = new ResourceCompliantRRPacking();
    packing.initialize(Config.of(Map.of()), topology.build());
    return packing;
  }
}
