package org.apache.heron.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.heron.packing.binpacking.FirstFitDecreasingPacking;
import org.apache.heron.packing.roundrobin.ResourceCompliantRRPacking;
import org.apache.heron.packing.roundrobin.RoundRobinPacking;
import org.apache.heron.packing.roundrobin.RoundRobinPackingV2;
import org.apache.heron.proto.api.TopologyAPI.Bolt;
import org.apache.heron.proto.api.TopologyAPI.Component;
import org.apache.heron.proto.api.TopologyAPI.Config.KeyValue;
import org.apache.heron.proto.api.TopologyAPI.Spout;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.IPacking;
import org.apache.heron.spi.packing.IRepacking;
import org.apache.heron.spi.packing.PackingPlan;

/**
 * How long packing and repacking take for 20 components: instances of one size, and of 20 sizes; a
 * half more instances; a third fewer of some and more of others.
 *
 * <p>Arguments: [instances, 1000,10000,100000] [repetitions, 30].
 */
public final class Packings {
  private static final int COMPONENTS = 20;
  private static final int[] MEGABYTES = {256, 300, 512, 700, 1024, 1500, 2048};

  /** Milliseconds upstream 0.20.5 took on two cores, per 1,000, 10,000 and 100,000 instances. */
  private static final Map<String, String> UPSTREAM =
      Map.of(
          "RoundRobinPacking", "8 / 68 / 537",
          "ResourceCompliantRRPacking", "47 / 532 / 5,581",
          "FirstFitDecreasingPacking", "3,700 / 499,000 / hours");

  private Packings() {}

  public static void main(String[] args) {
    String[] sizes = (args.length > 0 ? args[0] : "1000,10000,100000").split(",");
    int repetitions = args.length > 1 ? Integer.parseInt(args[1]) : 30;
    System.out.printf(
        "load %.2f; %d components; milliseconds, median of %d after as many%n",
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        COMPONENTS,
        repetitions);
    System.out.printf("%-46s", "instances");
    Stream.of(sizes).forEach(size -> System.out.printf("%12s", size));
    System.out.printf("      cpu ms   growth   upstream's pack%n");
    List<Supplier<IPacking>> packings =
        List.of(
            RoundRobinPacking::new,
            RoundRobinPackingV2::new,
            ResourceCompliantRRPacking::new,
            FirstFitDecreasingPacking::new);
    for (Supplier<IPacking> packing : packings) {
      for (boolean mixed : new boolean[] {false, true}) {
        for (Work work : Work.values()) {
          print(packing, mixed, work, sizes, repetitions);
        }
      }
    }
  }

  /** What is timed. */
  private enum Work {
    /** The first plan. */
    PACK,
    /** Half as many instances more of each component. */
    GROW,
    /** A third fewer of every other component, a third more of the rest. */
    SHIFT
  }

  private static void print(
      Supplier<IPacking> packing, boolean mixed, Work work, String[] sizes, int repetitions) {
    String name = packing.get().getClass().getSimpleName();
    System.out.printf(
        "%-46s", name + (mixed ? ", mixed " : ", ") + work.name().toLowerCase(Locale.ROOT));
    Cost first = null;
    Cost last = null;
    for (String size : sizes) {
      Topology topology = topology(Integer.parseInt(size), mixed);
      last = measure(packing, topology, work, repetitions);
      first = first == null ? last : first;
      System.out.printf("%12.1f", last.millis());
    }
    boolean packs = work == Work.PACK && !mixed;
    System.out.printf(
        "%12.1f   %5.0fx   %s%n",
        last.cpuMillis(),
        last.cpuMillis() / first.cpuMillis(),
        packs ? UPSTREAM.getOrDefault(name, "-") : "");
  }

  /** Medians, of the time that passed and of the processor time of the one thread. */
  private record Cost(double millis, double cpuMillis) {}

  private static Cost measure(
      Supplier<IPacking> factory, Topology topology, Work work, int repetitions) {
    double[] millis = new double[repetitions];
    double[] cpuMillis = new double[repetitions];
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    try (IPacking packing = factory.get()) {
      packing.initialize(Config.of(Map.of()), topology);
      PackingPlan plan = packing.pack();
      Map<String, Integer> deltas = deltas(plan, work);
      for (int i = -repetitions; i < repetitions; i++) {
        long start = System.nanoTime();
        long cpu = threads.getCurrentThreadCpuTime();
        PackingPlan result = run(factory, topology, plan, deltas);
        if (i >= 0) {
          millis[i] = (System.nanoTime() - start) / 1e6;
          cpuMillis[i] = (threads.getCurrentThreadCpuTime() - cpu) / 1e6;
        }
        if (result.containers().isEmpty()) {
          throw new IllegalStateException("an empty plan");
        }
      }
    }
    Arrays.sort(millis);
    Arrays.sort(cpuMillis);
    return new Cost(millis[repetitions / 2], cpuMillis[repetitions / 2]);
  }

  private static PackingPlan run(
      Supplier<IPacking> factory,
      Topology topology,
      PackingPlan plan,
      Map<String, Integer> deltas) {
    try (IPacking packing = factory.get()) {
      packing.initialize(Config.of(Map.of()), topology);
      return deltas.isEmpty() ? packing.pack() : ((IRepacking) packing).repack(plan, deltas);
    }
  }

  private static Map<String, Integer> deltas(PackingPlan plan, Work work) {
    Map<String, Integer> deltas = new LinkedHashMap<>();
    plan.componentCounts()
        .forEach(
            (component, count) -> {
              int sign = component.hashCode() % 2 == 0 ? 1 : -1;
              switch (work) {
                case PACK -> {}
                case GROW -> deltas.put(component, count / 2);
                case SHIFT -> deltas.put(component, sign * count / 3);
              }
            });
    return deltas;
  }

  private static Topology topology(int instances, boolean mixed) {
    Topology.Builder topology =
        Topology.newBuilder().setId("id").setName("name").setState(TopologyState.RUNNING);
    set(topology, "topology.stmgrs", instances / 10);
    StringBuilder ram = new StringBuilder();
    StringBuilder cpu = new StringBuilder();
    for (int i = 0; i < COMPONENTS; i++) {
      Component.Builder component = Component.newBuilder().setName("component-" + i);
      component
          .getConfigBuilder()
          .addKvs(
              KeyValue.newBuilder()
                  .setKey("topology.component.parallelism")
                  .setValue(String.valueOf(instances / COMPONENTS)));
      if (i == 0) {
        topology.addSpouts(Spout.newBuilder().setComp(component));
      } else {
        topology.addBolts(Bolt.newBuilder().setComp(component));
      }
      long bytes = ((long) MEGABYTES[i % MEGABYTES.length] + i) << 20;
      ram.append("component-").append(i).append(':').append(bytes).append(',');
      cpu.append("component-").append(i).append(':').append(0.3 + i * 0.07).append(',');
    }
    if (mixed) {
      set(topology, "topology.component.rammap", ram);
      set(topology, "topology.component.cpumap", cpu);
    }
    return topology.build();
  }

  private static void set(Topology.Builder topology, String key, Object value) {
    topology.getTopologyConfigBuilder().addKvsBuilder().setKey(key).setValue(value.toString());
  }
}
