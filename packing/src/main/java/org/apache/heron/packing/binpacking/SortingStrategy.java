package org.apache.heron.packing.binpacking;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.packing.PackingException;
import org.apache.heron.spi.packing.Resource;
import org.apache.heron.spi.topology.TopologyConfig;

/** Which components are bigger than others. */
enum SortingStrategy {
  /** Those with more RAM; then those with more cores. */
  RAM_FIRST,
  /** Those with more cores; then those with more RAM. */
  CPU_FIRST;

  private static final String KEY = "topology.packing.ffd.sorting.strategy";

  /** What the topology says, in any case of letters; by RAM if it says nothing. */
  static SortingStrategy of(Topology topology) {
    String text = TopologyConfig.of(topology).values().string(KEY).orElse(RAM_FIRST.name());
    return Arrays.stream(values())
        .filter(strategy -> strategy.name().equals(text.trim().toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new PackingException(
                    KEY + " is '" + text + "', but must be one of " + Arrays.asList(values())));
  }

  /** Stable order of sizes, the biggest first. */
  Comparator<Resource> biggestFirst() {
    Comparator<Resource> smallestFirst =
        switch (this) {
          case RAM_FIRST -> Comparator.comparing(Resource::ram).thenComparing(Resource::cpu);
          case CPU_FIRST -> Comparator.comparing(Resource::cpu).thenComparing(Resource::ram);
        };
    return smallestFirst.reversed();
  }
}
