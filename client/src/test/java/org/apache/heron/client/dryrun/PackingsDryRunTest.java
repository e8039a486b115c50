package org.apache.heron.client.dryrun;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.heron.packing.binpacking.FirstFitDecreasingPacking;
import org.apache.heron.packing.roundrobin.ResourceCompliantRRPacking;
import org.apache.heron.packing.roundrobin.RoundRobinPacking;
import org.apache.heron.packing.roundrobin.RoundRobinPackingV2;
import org.apache.heron.proto.api.TopologyAPI.Component;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.IPacking;
import org.apache.heron.spi.packing.IRepacking;
import org.apache.heron.spi.packing.PackingPlan;
import org.junit.jupiter.api.Test;

/** What the shipped packings make of spout ×4, bolt ×3, and of changes to it. */
class PackingsDryRunTest {
  private static final List<Supplier<IPacking>> ALL =
      List.of(
          RoundRobinPacking::new,
          RoundRobinPackingV2::new,
          ResourceCompliantRRPacking::new,
          FirstFitDecreasingPacking::new);

  @Test
  void firstFitAddsToWhatIsThere() {
    assertThat(update(FirstFitDecreasingPacking::new, Map.of("bolt", 3), DryRunFormat.TABLE))
        .isEqualTo(
            """
            Total number of containers: 4
            Using repacking class: FirstFitDecreasingPacking
            Container 1 UNAFFECTED
            CPU: 4.0, RAM: 4096 MB, Disk: 4096 MB
            ====================================================
            | component | task ID | CPU | RAM (MB) | disk (MB) |
            ----------------------------------------------------
            |     spout |       1 | 1.0 |     1024 |      1024 |
            |     spout |       2 | 1.0 |     1024 |      1024 |
            |     spout |       3 | 1.0 |     1024 |      1024 |
            ====================================================

            Container 2 UNAFFECTED
            CPU: 4.0, RAM: 4096 MB, Disk: 4096 MB
            ====================================================
            | component | task ID | CPU | RAM (MB) | disk (MB) |
            ----------------------------------------------------
            |     spout |       4 | 1.0 |     1024 |      1024 |
            |      bolt |       5 | 1.0 |     1024 |      1024 |
            |      bolt |       6 | 1.0 |     1024 |      1024 |
            ====================================================

            Container 3 MODIFIED
            CPU: 4.0 (+100.00%), RAM: 4096 MB (+100.00%), Disk: 4096 MB (+100.00%)
            ====================================================
            | component | task ID | CPU | RAM (MB) | disk (MB) |
            ----------------------------------------------------
            |      bolt |       7 | 1.0 |     1024 |      1024 |
            |      bolt |       8 | 1.0 |     1024 |      1024 |
            |      bolt |       9 | 1.0 |     1024 |      1024 |
            ====================================================

            Container 4 NEW
            CPU: 2.0, RAM: 2048 MB, Disk: 2048 MB
            ====================================================
            | component | task ID | CPU | RAM (MB) | disk (MB) |
            ----------------------------------------------------
            |      bolt |      10 | 1.0 |     1024 |      1024 |
            ====================================================""");
  }

  @Test
  void resourceCompliantShowsWhichContainersGo() {
    String text =
        update(
            ResourceCompliantRRPacking::new,
            Map.of("spout", -2, "bolt", -1),
            DryRunFormat.COLORED_TABLE);
    assertThat(text)
        .startsWith(
            """
            Total number of containers: 2
            Using repacking class: ResourceCompliantRRPacking
            \u001b[1mContainer 1\u001b[0m UNAFFECTED
            """)
        .contains("\u001b[1mContainer 2\u001b[0m MODIFIED\nCPU: 2.0 (-33.33%)")
        .contains("\u001b[1mContainer 3\u001b[0m \u001b[31mREMOVED\u001b[0m\n");
  }

  @Test
  void everyPackingInEveryFormat() {
    for (Supplier<IPacking> factory : ALL) {
      for (DryRunFormat format : DryRunFormat.values()) {
        String name = factory.get().getClass().getSimpleName();
        String submit = new SubmitDryRun(name, "words", pack(factory)).render(format);
        String update = update(factory, Map.of("spout", 2, "bolt", -1), format);
        assertThat(submit).contains(name).contains("spout").contains("bolt");
        assertThat(update).contains(name).contains("spout").contains("bolt");
      }
    }
  }

  private static String update(
      Supplier<IPacking> factory, Map<String, Integer> deltas, DryRunFormat format) {
    PackingPlan before = pack(factory);
    try (IPacking packing = factory.get()) {
      packing.initialize(Config.of(Map.of()), topology());
      PackingPlan after = ((IRepacking) packing).repack(before, deltas);
      return new UpdateDryRun(packing.getClass().getSimpleName(), "words", before, after)
          .render(format);
    }
  }

  private static PackingPlan pack(Supplier<IPacking> factory) {
    try (IPacking packing = factory.get()) {
      packing.initialize(Config.of(Map.of()), topology());
      return packing.pack();
    }
  }

  private static Topology topology() {
    Topology.Builder topology =
        Topology.newBuilder().setId("id").setName("words").setState(TopologyState.RUNNING);
    topology
        .getTopologyConfigBuilder()
        .addKvsBuilder()
        .setKey("topology.container.max.instances")
        .setValue("4");
    topology.addSpoutsBuilder().setComp(component("spout", 4));
    topology.addBoltsBuilder().setComp(component("bolt", 3));
    return topology.build();
  }

  private static Component component(String name, int parallelism) {
    Component.Builder component = Component.newBuilder().setName(name);
    component
        .getConfigBuilder()
        .addKvsBuilder()
        .setKey("topology.component.parallelism")
        .setValue(String.valueOf(parallelism));
    return component.build();
  }
}
