package org.apache.heron.packing.roundrobin;

import static org.apache.heron.packing.PlanText.placement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.apache.heron.packing.TopologyFixture;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingException;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;
import org.apache.heron.spi.topology.TopologyException;
import org.junit.jupiter.api.Test;

class RoundRobinPackingTest {
  private static final long GIB = 1L << 30;

  @Test
  void defaultsAreSharedOutPerContainer() {
    PackingPlan plan = pack(TopologyFixture.example(2));

    assertThat(plan.id()).isEqualTo("id");
    assertThat(placement(plan))
        .isEqualTo(
            "1: spout#1(0) spout#3(2) bolt#5(0) bolt#7(2); 2: spout#2(1) spout#4(3) bolt#6(1)");
    assertInstances(plan, 1, 1.0, GIB);
    assertInstances(plan, 2, 4.0 / 3, 1431655765L);
    assertContainer(plan, 1, 5.0, 6442450944L, 16 * GIB);
    assertContainer(plan, 2, 5.0, 6442450943L, 16 * GIB);
  }

  @Test
  void wantedContainerSizesAreSharedOut() {
    PackingPlan plan =
        pack(
            TopologyFixture.example(2)
                .set("topology.container.cpu", 30)
                .set("topology.container.ram", 10 * GIB)
                .set("topology.container.disk", 20 * GIB));

    assertInstances(plan, 1, 7.25, 2147483648L);
    assertInstances(plan, 2, 29.0 / 3, 2863311531L);
    assertContainer(plan, 1, 30, 10 * GIB, 20 * GIB);
    assertContainer(plan, 2, 30, 10 * GIB, 20 * GIB);
  }

  @Test
  void aPartialRamMapLeavesTheRestToTheOthers() {
    PackingPlan plan =
        pack(
            TopologyFixture.example(2)
                .set("topology.container.ram", 10 * GIB)
                .set("topology.component.rammap", "bolt:1073741824"));

    assertThat(placement(plan))
        .isEqualTo(
            "1: bolt#1(0) bolt#3(2) spout#5(1) spout#7(3); 2: bolt#2(1) spout#4(0) spout#6(2)");
    assertThat(ram(plan, 1, "spout")).isEqualTo(3 * GIB);
    assertThat(ram(plan, 2, "spout")).isEqualTo(3758096384L);
    assertThat(ram(plan, 2, "bolt")).isEqualTo(GIB);
  }

  @Test
  void aContainerThatIsTooSmallIsRefused() {
    assertRefused(
        TopologyFixture.example(2).set("topology.container.ram", 0), "No enough RAM to allocate");
    assertRefused(
        TopologyFixture.example(2).set("topology.container.cpu", 1.0), "No enough CPU to allocate");
    assertRefused(
        fullMap().set("topology.container.ram", 2 * GIB),
        "exceeded the container-level constraint");
    assertRefused(
        TopologyFixture.example(2).set("topology.component.rammap", "bolt:1024"),
        "An instance of component 'bolt' in container 1 would have ByteAmount{1.0 KB");
  }

  @Test
  void aFullMapMayEatThePadding() {
    PackingPlan plan = pack(fullMap().set("topology.container.ram", 6 * GIB));
    assertThat(plan.containers().get(0).required().ram().bytes()).isEqualTo(6 * GIB);
  }

  @Test
  void theNumberOfContainersMustFit() {
    assertRefused(TopologyFixture.example(0), "is 0, but must be at least 1");
    assertRefused(TopologyFixture.example(8), "More containers (8) allocated than instances (7).");
  }

  @Test
  void effectivelyOnceAddsTheCheckpointManager() {
    PackingPlan plan =
        pack(TopologyFixture.example(2).set("topology.reliability.mode", "EFFECTIVELY_ONCE"));
    assertThat(plan.containers().get(0).required().ram().bytes()).isEqualTo(7 * GIB);
  }

  @Test
  void numbersBeyondAllMeasureAreRefused() {
    assertRefused(
        TopologyFixture.example(1)
            .set(
                "topology.component.rammap", "bolt:" + Long.MAX_VALUE + ",spout:" + Long.MAX_VALUE),
        "add up to more than 2^63 bytes");
  }

  @Test
  void coresAndPaddingsThatAreNoNumbersAreRefused() {
    for (String cores : new String[] {"NaN", "-1", "Infinity"}) {
      TopologyFixture topology =
          TopologyFixture.example(2).set("topology.component.cpumap", "bolt:" + cores);
      assertThatThrownBy(() -> pack(topology))
          .isInstanceOf(TopologyException.class)
          .hasMessage(
              "topology.component.cpumap gives component bolt '"
                  + cores
                  + "', which is not a number, or below 0");
      Config config = Config.of(Map.of("heron.resources.instance.cpu", cores));
      assertThatThrownBy(
              () -> new RoundRobinPacking().initialize(config, TopologyFixture.example(2).build()))
          .hasMessageContaining("heron.resources.instance.cpu is ");
    }
    assertRefused(
        TopologyFixture.example(2).set("topology.container.ram.padding", -5 * GIB),
        "topology.container.ram.padding is ByteAmount{");
    assertRefused(
        TopologyFixture.example(2).set("topology.stmgr.ram", -5 * GIB), "topology.stmgr.ram is");
    assertRefused(
        TopologyFixture.example(2).set("topology.container.disk", -5 * GIB),
        "topology.container.disk is");
  }

  @Test
  void repackingKeepsTheInstancesPerContainer() {
    TopologyFixture topology = new TopologyFixture().spout("spout", 4).bolt("bolt", 4);
    topology.set("topology.stmgrs", 2);

    assertThat(placement(repack(topology, Map.of("spout", 1, "bolt", 1))))
        .isEqualTo(
            "1: spout#1(0) spout#4(3) bolt#7(1) bolt#10(4); 2: spout#2(1) spout#5(4) bolt#8(2);"
                + " 3: spout#3(2) bolt#6(0) bolt#9(3)");
    assertThat(repack(topology, Map.of("spout", -2, "bolt", -2)).containers()).hasSize(1);
    assertThat(repack(topology, Map.of("spout", -1, "bolt", 1)).containers()).hasSize(2);
  }

  @Test
  void repackingIntoAGivenNumberOfContainersUsesThatMany() {
    try (RoundRobinPacking packing = initialized(TopologyFixture.example(2))) {
      PackingPlan current = packing.pack();
      assertThat(packing.repack(current, 5, Map.of("bolt", 3)).containers()).hasSize(5);
      assertThat(packing.repack(current, 2, Map.of()).containers()).hasSize(2);
      assertThatThrownBy(() -> packing.repack(current, 0, Map.of()))
          .isInstanceOf(PackingException.class);
    }
  }

  @Test
  void repackingRefusesWhatIsNotThere() {
    TopologyFixture topology = TopologyFixture.example(2);
    assertThatThrownBy(() -> repack(topology, Map.of("sink", 1)))
        .isInstanceOf(PackingException.class)
        .hasMessage("Component 'sink' is not in topology 'name'");
    assertThatThrownBy(() -> repack(topology, Map.of("bolt", -4)))
        .hasMessageContaining("No more instances of component bolt exist in the containers");
  }

  @Test
  void theSecondVersionGivesDefaultsToUnsizedInstances() {
    try (RoundRobinPackingV2 packing = new RoundRobinPackingV2()) {
      packing.initialize(Config.of(Map.of()), TopologyFixture.example(2).build());
      PackingPlan plan = packing.pack();
      assertInstances(plan, 2, 1.0, GIB);
      assertContainer(plan, 2, 4.0, 5 * GIB, 16 * GIB);
    }
  }

  private static TopologyFixture fullMap() {
    return TopologyFixture.example(2)
        .set("topology.component.rammap", "bolt:" + GIB + ",spout:" + 2 * GIB);
  }

  private static void assertRefused(TopologyFixture topology, String message) {
    assertThatThrownBy(() -> pack(topology))
        .isInstanceOf(PackingException.class)
        .hasMessageContaining(message);
  }

  private static void assertInstances(PackingPlan plan, int container, double cpu, long ram) {
    for (InstancePlan instance : plan.container(container).orElseThrow().instances()) {
      assertThat(instance.resource().cpu()).isCloseTo(cpu, within(1e-9));
      assertThat(instance.resource().ram().bytes()).isEqualTo(ram);
      assertThat(instance.resource().disk().bytes()).isEqualTo(GIB);
    }
  }

  private static void assertContainer(
      PackingPlan plan, int container, double cpu, long ram, long disk) {
    assertThat(plan.container(container).orElseThrow().required())
        .isEqualTo(new Resource(cpu, ByteAmount.ofBytes(ram), ByteAmount.ofBytes(disk)));
  }

  private static long ram(PackingPlan plan, int container, String component) {
    return plan.container(container).orElseThrow().instances().stream()
        .filter(instance -> instance.componentName().equals(component))
        .findFirst()
        .orElseThrow()
        .resource()
        .ram()
        .bytes();
  }

  private static PackingPlan repack(TopologyFixture topology, Map<String, Integer> deltas) {
    try (RoundRobinPacking packing = initialized(topology)) {
      return packing.repack(packing.pack(), deltas);
    }
  }

  private static PackingPlan pack(TopologyFixture topology) {
    try (RoundRobinPacking packing = initialized(topology)) {
      return packing.pack();
    }
  }

  private static RoundRobinPacking initialized(TopologyFixture topology) {
    RoundRobinPacking packing = new RoundRobinPacking();
    packing.initialize(Config.of(Map.of()), topology.build());
    return packing;
  }
}
