package org.apache.heron.packing.roundrobin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.heron.packing.limits.PackingLimits;
import org.apache.heron.spi.packing.Resource;

/**
 * How many containers it takes when instances are dealt to them strictly in turn: the least number,
 * from a given one on, at which none gets more than it holds.
 *
 * <p>Upstream deals anew for each number, which is quadratic in the instances. But a component's
 * instances are dealt one after the other, so each container gets the same number of them or one
 * more, and containers next to each other get the same of everything but at two borders for each
 * component. It is enough to look at one container between any two borders. The smallest number
 * that works cannot be found by halving: more containers may suit the order worse.
 */
final class StrictDeal {
  private final PackingLimits limits;
  private final List<Block> blocks = new ArrayList<>();
  private int total;

  /** Equal instances that are dealt one after the other, from that place in the whole deal on. */
  private record Block(Resource size, int first, int count) {
    /** How many of them go to the container at that position. */
    int dealtTo(int position, int containers) {
      int distance = Math.floorMod(position - first, containers);
      return count / containers + (distance < count % containers ? 1 : 0);
    }
  }

  /** What a container holds, without the padding. */
  private static final class Load {
    double cpu;
    long ram;
    long disk;
  }

  /**
   * @param parallelism instances of each component, in the order in which they are dealt
   */
  StrictDeal(PackingLimits limits, Map<String, Integer> parallelism) {
    this.limits = limits;
    parallelism.forEach((component, count) -> add(limits.size(component), count));
  }

  /** Components of one size that follow each other are as one. */
  private void add(Resource size, int count) {
    Block last = blocks.isEmpty() ? null : blocks.get(blocks.size() - 1);
    if (last != null && last.size().equals(size)) {
      blocks.set(blocks.size() - 1, new Block(size, last.first(), last.count() + count));
    } else {
      blocks.add(new Block(size, total, count));
    }
    total = Math.addExact(total, count);
  }

  /**
   * The least number of containers, at least {@code from}. Each instance fits an empty container,
   * so there always is one.
   */
  int containers(int from) {
    int containers = Math.max(from, leastByVolume());
    while (containers < total && !fits(containers)) {
      containers++;
    }
    return containers;
  }

  /** Below this number they cannot fit, in whatever way they are dealt. */
  private int leastByVolume() {
    double cpu = 0;
    double ram = 0;
    double disk = 0;
    for (Block block : blocks) {
      cpu += block.size().cpu() * block.count();
      ram += (double) block.size().ram().bytes() * block.count();
      disk += (double) block.size().disk().bytes() * block.count();
    }
    double least =
        Math.max(
            needed(cpu, limits.capacity().cpu() - limits.padding().cpu()),
            Math.max(
                needed(ram, (double) limits.capacity().ram().minus(limits.padding().ram()).bytes()),
                needed(
                    disk,
                    (double) limits.capacity().disk().minus(limits.padding().disk()).bytes())));
    return (int) Math.min(least, total);
  }

  /** Rounded down by more than the sums may have been rounded up. */
  private static double needed(double sum, double room) {
    return sum == 0 ? 0 : Math.floor(sum / room * (1 - 1e-9));
  }

  private boolean fits(int containers) {
    TreeSet<Integer> borders = new TreeSet<>();
    borders.add(0);
    for (Block block : blocks) {
      borders.add(block.first() % containers);
      borders.add((block.first() + block.count() % containers) % containers);
    }
    for (int position : borders) {
      if (!holds(position, containers)) {
        return false;
      }
    }
    return true;
  }

  private boolean holds(int position, int containers) {
    Load load = new Load();
    for (Block block : blocks) {
      if (!put(load, block.size(), block.dealtTo(position, containers))) {
        return false;
      }
    }
    return true;
  }

  /** One by one, because sums of cores depend on it in their last digit. */
  private boolean put(Load load, Resource size, int count) {
    long ramRoom = limits.capacity().ram().minus(limits.padding().ram()).bytes();
    long diskRoom = limits.capacity().disk().minus(limits.padding().disk()).bytes();
    for (int i = 0; i < count; i++) {
      if (load.cpu + limits.padding().cpu() + size.cpu() > limits.capacity().cpu()
          || load.ram > ramRoom - size.ram().bytes()
          || load.disk > diskRoom - size.disk().bytes()) {
        return false;
      }
      load.cpu += size.cpu();
      load.ram += size.ram().bytes();
      load.disk += size.disk().bytes();
    }
    return true;
  }
}
