package org.apache.heron.packing.binpacking;

import static org.apache.heron.packing.PlanText.placement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.heron.packing.PlanText;
import org.apache.heron.packing.TopologyFixture;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.PackingException;
import org.apache.heron.spi.packing.PackingPlan;
import org.junit.jupiter.api.Test;

/** The worked examples, then what is not in them. */
class FirstFitDecreasingPackingTest {
  private static final long GIB = 1L << 30;

  @Test
  void defaultsFillOneContainerAfterTheOther() {
    PackingPlan plan = pack(TopologyFixture.example(1));
    assertThat(placement(plan))
        .isEqualTo(
            "1: spout#1(0) spout#2(1) spout#3(2); 2: spout#4(3) bolt#5(0) bolt#6(1);"
                + " 3: bolt#7(2)");
    assertThat(PlanText.sizes(plan)).isEqualTo("1: 4 4 4; 2: 4 4 4; 3: 2 2 2");
  }

  @Test
  void halfOfTheContainerAsPaddingTakesOneMore() {
    assertThat(
            placement(
                pack(TopologyFixture.example(1).set("topology.container.padding.percentage", 50))))
        .isEqualTo(
            "1: spout#1(0) spout#2(1); 2: spout#3(2) spout#4(3); 3: bolt#5(0) bolt#6(1);"
                + " 4: bolt#7(2)");
  }

  @Test
  void noContainerHoldsMoreThanTheAllowedInstances() {
    PackingPlan plan =
        pack(
            TopologyFixture.example(1)
                .set("topology.container.cpu", 30)
                .set("topology.container.ram", 10 * GIB)
                .set("topology.container.disk", 20 * GIB));
    assertThat(placement(plan))
        .isEqualTo(
            "1: spout#1(0) spout#2(1) spout#3(2) spout#4(3); 2: bolt#5(0) bolt#6(1) bolt#7(2)");
    assertThat(PlanText.sizes(plan)).isEqualTo("1: 7 5 6; 2: 6 4 5");
  }

  @Test
  void theBiggerComponentComesFirst() {
    PackingPlan plan =
        pack(
            TopologyFixture.example(1)
                .set("topology.container.ram", 10 * GIB)
                .set("topology.component.rammap", "bolt:" + GIB + ",spout:" + 2 * GIB));
    assertThat(placement(plan))
        .isEqualTo(
            "1: spout#1(0) spout#2(1) spout#3(2); 2: spout#4(3) bolt#5(0) bolt#6(1);"
                + " 3: bolt#7(2)");
    assertThat(PlanText.sizes(plan)).isEqualTo("1: 4 7 4; 2: 4 5 4; 3: 2 2 2");
  }

  @Test
  void addedInstancesFillWhatIsThereFirst() {
    assertThat(placement(repack(TopologyFixture.example(1), Map.of("bolt", 5))))
        .isEqualTo(
            "1: spout#1(0) spout#2(1) spout#3(2); 2: spout#4(3) bolt#5(0) bolt#6(1);"
                + " 3: bolt#7(2) bolt#8(3) bolt#9(4); 4: bolt#10(5) bolt#11(6) bolt#12(7)");
  }

  @Test
  void removedInstancesMakeContainersGo() {
    assertThat(repack(TopologyFixture.example(1), Map.of("spout", -4)).containers()).hasSize(2);
  }

  @Test
  void coresMayDecideWhichIsBigger() {
    TopologyFixture topology =
        TopologyFixture.example(1)
            .set("topology.component.rammap", "spout:" + GIB + ",bolt:" + GIB / 2)
            .set("topology.component.cpumap", "spout:1,bolt:2");
    assertThat(placement(pack(topology))).startsWith("1: spout#1(0)");
    assertThat(placement(pack(topology.set("topology.packing.ffd.sorting.strategy", "cpu_first"))))
        .startsWith("1: bolt#1(0)");
    assertThatThrownBy(
            () -> pack(topology.set("topology.packing.ffd.sorting.strategy", "DISK_FIRST")))
        .isInstanceOf(PackingException.class)
        .hasMessage(
            "topology.packing.ffd.sorting.strategy is 'DISK_FIRST', but must be one of [RAM_FIRST,"
                + " CPU_FIRST]");
  }

  @Test
  void aNewContainersIdIsNeverThatOfAnother() {
    TopologyFixture topology = TopologyFixture.example(1);
    PackingPlan plan =
        PlanText.plan("1: spout#1(0) spout#2(1) bolt#3(0); 3: bolt#4(1) bolt#5(2) bolt#6(3)");
    assertThat(placement(repack(plan, topology, Map.of("bolt", 1))))
        .isEqualTo(
            "1: spout#1(0) spout#2(1) bolt#3(0); 3: bolt#4(1) bolt#5(2) bolt#6(3);"
                + " 4: bolt#7(4)");
  }

  @Test
  void anInstanceNeedsATenthOfACore() {
    assertThatThrownBy(
            () -> pack(TopologyFixture.example(1).set("topology.component.cpumap", "bolt:0.05")))
        .isInstanceOf(PackingException.class)
        .hasMessageContaining("'bolt' would have 0.05 cores; the least is 0.1");
  }

  @Test
  void whatCannotBeIsRefused() {
    try (FirstFitDecreasingPacking packing = initialized(TopologyFixture.example(1))) {
      PackingPlan plan = packing.pack();
      assertThatThrownBy(() -> packing.repack(plan, 5, Map.of()))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("FirstFitDecreasingPacking does not currently support");
      assertThatThrownBy(() -> packing.repack(plan, Map.of("sink", 1)))
          .hasMessage("Component 'sink' is not in topology 'name'");
      assertThatThrownBy(() -> packing.repack(plan, Map.of("bolt", -4)))
          .hasMessageContaining("Cannot remove instance. No more instances of component bolt");
      assertThatThrownBy(() -> packing.repack(plan, Map.of("bolt", Integer.MAX_VALUE)))
          .isInstanceOf(PackingException.class);
    }
  }

  private static PackingPlan repack(TopologyFixture topology, Map<String, Integer> deltas) {
    return repack(pack(topology), topology, deltas);
  }

  private static PackingPlan repack(
      PackingPlan plan, TopologyFixture topology, Map<String, Integer> deltas) {
    try (FirstFitDecreasingPacking packing = initialized(topology)) {
      return packing.repack(plan, deltas);
    }
  }

  private static PackingPlan pack(TopologyFixture topology) {
    try (FirstFitDecreasingPacking packing = initialized(topology)) {
      return packing.pack();
    }
  }

  private static FirstFitDecreasingPacking initialized(TopologyFixture topology) {
    FirstFitDecreasingPacking packing = new FirstFitDecreasingPacking();
    packing.initialize(Config.of(Map.of()), topology.build());
    return packing;
  }
}
