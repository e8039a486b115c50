package org.apache.heron.packing.roundrobin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.heron.packing.TopologyFixture;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;

class RoundRobinPackingPropertyTest {
  @Property(tries = 200)
  void everyInstanceIsPlacedOnce(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 30) Integer> parallelism,
      @ForAll @IntRange(min = 1, max = 100) int wanted) {
    int total = parallelism.stream().mapToInt(Integer::intValue).sum();
    int containers = Math.min(wanted, total);
    PackingPlan plan = pack(parallelism, containers);

    assertThat(plan.containers())
        .extracting(ContainerPlan::id)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, containers).boxed().toList());
    List<InstancePlan> instances =
        plan.containers().stream().flatMap(container -> container.instances().stream()).toList();
    assertThat(instances)
        .extracting(InstancePlan::taskId)
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, total).boxed().toList());
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < parallelism.size(); i++) {
      counts.put("c" + i, parallelism.get(i));
    }
    assertThat(plan.componentCounts()).isEqualTo(counts);
  }

  @Property(tries = 200)
  void containersDifferByOneInstanceAtMostAndHoldWhatTheyCarry(
      @ForAll @Size(min = 1, max = 10) List<@IntRange(min = 1, max = 30) Integer> parallelism,
      @ForAll @IntRange(min = 1, max = 50) int wanted) {
    int total = parallelism.stream().mapToInt(Integer::intValue).sum();
    PackingPlan plan = pack(parallelism, Math.min(wanted, total));

    int least = plan.containers().stream().mapToInt(c -> c.instances().size()).min().orElseThrow();
    int most = plan.containers().stream().mapToInt(c -> c.instances().size()).max().orElseThrow();
    assertThat(most - least).isLessThanOrEqualTo(1);
    for (ContainerPlan container : plan.containers()) {
      Resource sum =
          container.instances().stream()
              .map(InstancePlan::resource)
              .reduce(Resource.EMPTY, Resource::plus);
      assertThat(container.required().ram()).isGreaterThan(sum.ram());
      assertThat(container.required().cpu()).isGreaterThanOrEqualTo(sum.cpu());
    }
  }

  private static PackingPlan pack(List<Integer> parallelism, int containers) {
    TopologyFixture topology = new TopologyFixture().set("topology.stmgrs", containers);
    for (int i = 0; i < parallelism.size(); i++) {
      if (i == 0) {
        topology.spout("c" + i, parallelism.get(i));
      } else {
        topology.bolt("c" + i, parallelism.get(i));
      }
    }
    try (RoundRobinPacking packing = new RoundRobinPacking()) {
      packing.initialize(Config.of(Map.of()), topology.build());
      return packing.pack();
    }
  }
}
