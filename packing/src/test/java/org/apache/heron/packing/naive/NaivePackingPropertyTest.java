package org.apache.heron.packing.naive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.heron.packing.binpacking.FirstFitDecreasingPacking;
import org.apache.heron.packing.limits.PackingLimits;
import org.apache.heron.packing.parallelism.Changes;
import org.apache.heron.packing.parallelism.Parallelism;
import org.apache.heron.packing.roundrobin.ResourceCompliantRRPacking;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;

/** The packings beside the plain loops of their rules. */
class NaivePackingPropertyTest {
  @Provide
  Arbitrary<PackingCase> cases() {
    return PackingCase.arbitrary();
  }

  @Property(tries = 400)
  void resourceCompliantRoundRobinFollowsItsRules(@ForAll("cases") PackingCase given) {
    Topology topology = given.topology();
    PackingLimits limits = given.limits();
    try (ResourceCompliantRRPacking packing = new ResourceCompliantRRPacking()) {
      packing.initialize(Config.of(Map.of()), topology);
      PackingPlan plan = packing.pack();
      Map<String, Integer> counts = Parallelism.of(topology).counts();
      PlanRules.hold(plan, limits, counts);
      assertThat(plan)
          .isEqualTo(NaivePacking.resourceCompliant(limits, "id", given.containers(), counts));

      for (List<Integer> wanted : List.of(given.deltas(), given.second())) {
        Map<String, Integer> deltas = given.deltas(wanted, plan.componentCounts());
        PackingPlan next = packing.repack(plan, deltas);
        PlanRules.hold(next, limits, PackingCase.after(plan.componentCounts(), deltas));
        PlanRules.keepsWhatStays(plan, next, deltas);
        Changes changes = Changes.of(topology, plan, deltas);
        if (plan.containers().isEmpty()) {
          return;
        }
        assertThat(next)
            .isEqualTo(
                NaivePacking.resourceCompliant(
                    limits,
                    plan,
                    firstGuess(plan, limits, changes),
                    changes.removed(),
                    changes.added()));
        plan = next;
      }
    }
  }

  private static int firstGuess(PackingPlan plan, PackingLimits limits, Changes changes) {
    double cpu = 0;
    double ram = 0;
    double disk = 0;
    for (int sign : List.of(1, -1)) {
      for (Map.Entry<String, Integer> change :
          (sign > 0 ? changes.added() : changes.removed()).entrySet()) {
        cpu += sign * change.getValue();
        ram += sign * (double) limits.size(change.getKey()).ram().bytes() * change.getValue();
        disk += sign * (double) (1L << 30) * change.getValue();
      }
    }
    double most = 0;
    for (double share :
        List.of(
            cpu / plan.containers().stream().mapToDouble(c -> c.required().cpu()).max().orElse(1),
            ram
                / plan.containers().stream()
                    .mapToDouble(c -> c.required().ram().bytes())
                    .max()
                    .orElse(1),
            disk
                / plan.containers().stream()
                    .mapToDouble(c -> c.required().disk().bytes())
                    .max()
                    .orElse(1))) {
      most = Math.max(most, Math.ceil(share));
    }
    return plan.containers().size() + (int) most;
  }

  @Property(tries = 400)
  void firstFitDecreasingFollowsItsRules(@ForAll("cases") PackingCase given) {
    Topology topology = given.topology();
    PackingLimits limits = given.limits().withDensity(topology);
    try (FirstFitDecreasingPacking packing = new FirstFitDecreasingPacking()) {
      packing.initialize(Config.of(Map.of()), topology);
      PackingPlan plan = packing.pack();
      Map<String, Integer> counts = Parallelism.of(topology).counts();
      PlanRules.hold(plan, limits, counts);
      assertThat(plan)
          .isEqualTo(
              NaivePacking.firstFit(
                  limits, "id", Optional.empty(), Map.of(), biggestFirst(counts, limits)));

      for (List<Integer> wanted : List.of(given.deltas(), given.second())) {
        Map<String, Integer> deltas = given.deltas(wanted, plan.componentCounts());
        PackingPlan next = packing.repack(plan, deltas);
        PlanRules.hold(next, limits, PackingCase.after(plan.componentCounts(), deltas));
        PlanRules.keepsWhatStays(plan, next, deltas);
        Changes changes = Changes.of(topology, plan, deltas);
        assertThat(next)
            .isEqualTo(
                NaivePacking.firstFit(
                    limits,
                    "id",
                    Optional.of(plan),
                    biggestFirst(changes.removed(), limits),
                    biggestFirst(changes.added(), limits)));
        plan = next;
      }
    }
  }

  private static Map<String, Integer> biggestFirst(
      Map<String, Integer> counts, PackingLimits limits) {
    Map<String, Integer> sorted = new LinkedHashMap<>();
    counts.keySet().stream()
        .sorted(
            Comparator.comparing(
                    limits::size, Comparator.comparing(Resource::ram).thenComparing(Resource::cpu))
                .reversed())
        .forEach(component -> sorted.put(component, counts.get(component)));
    return sorted;
  }
}
