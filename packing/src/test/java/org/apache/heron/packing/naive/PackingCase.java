package org.apache.heron.packing.naive;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.apache.heron.packing.TopologyFixture;
import org.apache.heron.packing.limits.PackingLimits;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;

/**
 * A topology to pack, and what changes then.
 *
 * @param deltas of each component, in order; removing all is possible
 * @param second as {@code deltas}, for the update after that
 */
public record PackingCase(
    List<Part> parts,
    int containers,
    int maxInstances,
    int capacityMegabytes,
    List<Integer> deltas,
    List<Integer> second) {

  /** A component. */
  public record Part(int count, int megabytes, int tenthsOfCores) {}

  /** Small ones, with components of few sizes, so that containers fill up in many ways. */
  public static Arbitrary<PackingCase> arbitrary() {
    Arbitrary<Part> part =
        Combinators.combine(
                Arbitraries.integers().between(1, 12),
                Arbitraries.of(192, 256, 300, 512, 700, 1024),
                Arbitraries.of(1, 2, 3, 5, 10))
            .as(Part::new);
    Arbitrary<List<Integer>> deltas = Arbitraries.integers().between(-12, 14).list().ofSize(6);
    return Combinators.combine(
            part.list().ofMinSize(1).ofMaxSize(6),
            Arbitraries.integers().between(1, 30),
            Arbitraries.integers().between(1, 8),
            Arbitraries.of(1024, 1300, 2048, 4096),
            deltas,
            deltas)
        .as(PackingCase::new);
  }

  public Topology topology() {
    TopologyFixture topology =
        new TopologyFixture()
            .set("topology.stmgrs", containers)
            .set("topology.container.max.instances", maxInstances)
            .set("topology.container.padding.percentage", 0)
            .set("topology.container.cpu", 3)
            .set("topology.container.cpu.padding", 1)
            .set("topology.container.ram", (long) capacityMegabytes << 20)
            .set("topology.container.ram.padding", 0)
            .set("topology.container.disk", 100L << 30);
    StringBuilder ram = new StringBuilder();
    StringBuilder cpu = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      if (i == 0) {
        topology.spout(name(i), parts.get(i).count());
      } else {
        topology.bolt(name(i), parts.get(i).count());
      }
      ram.append(name(i)).append(':').append((long) parts.get(i).megabytes() << 20).append(',');
      cpu.append(name(i)).append(':').append(parts.get(i).tenthsOfCores() / 10.0).append(',');
    }
    return topology
        .set("topology.component.rammap", ram)
        .set("topology.component.cpumap", cpu)
        .build();
  }

  public PackingLimits limits() {
    return PackingLimits.of(Config.of(Map.of()), topology());
  }

  /** The differences, cut so that no component falls below 0. */
  public Map<String, Integer> deltas(List<Integer> wanted, Map<String, Integer> present) {
    Map<String, Integer> changes = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      int delta = Math.max(-present.getOrDefault(name(i), 0), wanted.get(i));
      if (delta != 0) {
        changes.put(name(i), delta);
      }
    }
    return changes;
  }

  /** Instances of each component after the differences; components without any are left out. */
  public static Map<String, Integer> after(
      Map<String, Integer> before, Map<String, Integer> deltas) {
    Map<String, Integer> after = new TreeMap<>(before);
    deltas.forEach((component, delta) -> after.merge(component, delta, Integer::sum));
    after.values().removeIf(count -> count == 0);
    return after;
  }

  private static String name(int component) {
    return "component-" + component;
  }
}
