package org.apache.heron.packing.roundrobin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.heron.packing.parallelism.Parallelism;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingException;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;
import org.apache.heron.spi.topology.TopologyConfig;

/** Deals instances to containers in turn, then sizes each container. */
final class RoundRobinPlanner {
  private final Topology topology;
  private final Sizes sizes;
  private final Unsized unsized;
  private final ByteAmount minimumInstanceRam;

  RoundRobinPlanner(
      Config config, Topology topology, Unsized unsized, ByteAmount minimumInstanceRam) {
    this.topology = topology;
    this.sizes = Sizes.of(config, topology);
    this.unsized = unsized;
    this.minimumInstanceRam = minimumInstanceRam;
  }

  PackingPlan pack() {
    return plan(TopologyConfig.of(topology).stmgrs(), Parallelism.of(topology));
  }

  /** As many instances to a container as the topology's definition has. */
  PackingPlan repack(PackingPlan current, Map<String, Integer> deltas) {
    Parallelism wanted = Parallelism.of(topology, current, deltas);
    double instancesPerContainer = TopologyConfig.of(topology).instancesPerContainer();
    return plan((int) Math.ceil(wanted.total() / instancesPerContainer), wanted);
  }

  PackingPlan repack(PackingPlan current, int containers, Map<String, Integer> deltas) {
    if (containers == current.containers().size()) {
      return repack(current, deltas);
    }
    return plan(containers, Parallelism.of(topology, current, deltas));
  }

  private PackingPlan plan(int containers, Parallelism parallelism) {
    if (containers < 1) {
      throw new PackingException(
          "The number of containers is "
              + containers
              + ", but must be at least 1; set topology.stmgrs in the topology's main");
    }
    if (containers > parallelism.total()) {
      throw new PackingException(
          String.format(
              "More containers (%d) allocated than instances (%d).",
              containers, parallelism.total()));
    }
    try {
      return size(deal(containers, parallelism));
    } catch (ArithmeticException e) {
      throw new PackingException(
          "The resources of topology '" + topology.getName() + "' add up to more than 2^63 bytes",
          e);
    }
  }

  private List<List<InstancePlan>> deal(int containers, Parallelism parallelism) {
    List<Map.Entry<String, Integer>> components = new ArrayList<>(parallelism.counts().entrySet());
    // Stable: components of equal RAM keep the packing order.
    components.sort(
        Comparator.comparing(
                (Map.Entry<String, Integer> component) ->
                    sizes.ramMap().getOrDefault(component.getKey(), ByteAmount.ZERO))
            .reversed());
    int most = (parallelism.total() + containers - 1) / containers;
    List<List<InstancePlan>> dealt = new ArrayList<>(containers);
    for (int i = 0; i < containers; i++) {
      dealt.add(new ArrayList<>(most));
    }
    int dealtSoFar = 0;
    for (Map.Entry<String, Integer> component : components) {
      for (int index = 0; index < component.getValue(); index++) {
        dealt
            .get(dealtSoFar % containers)
            .add(new InstancePlan(component.getKey(), dealtSoFar + 1, index, Resource.EMPTY));
        dealtSoFar++;
      }
    }
    return dealt;
  }

  private PackingPlan size(List<List<InstancePlan>> dealt) {
    // The first container is always among the fullest.
    ContainerSizing sizing =
        new ContainerSizing(sizes, unsized, dealt.get(0).size(), minimumInstanceRam);
    List<ContainerPlan> containers = new ArrayList<>(dealt.size());
    for (int i = 0; i < dealt.size(); i++) {
      containers.add(sizing.size(i + 1, dealt.get(i)));
    }
    return new PackingPlan(topology.getId(), containers);
  }
}
