package org.apache.heron.framework.simulation;

import java.util.List;

/**
 * Pseudo-random numbers. A stream depends on the seed and its name only, so that what one part of
 * the world draws does not change what another draws.
 */
final class Dice {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long state;

  Dice(long seed, String name) {
    state = mix(seed + mix(name.hashCode() * GOLDEN));
  }

  private static long mix(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private long next() {
    state += GOLDEN;
    return mix(state);
  }

  /** From 0 to one less than the limit. */
  int below(int limit) {
    return (int) Math.floorMod(next(), (long) limit);
  }

  /** Both ends are possible. */
  long between(long low, long high) {
    return low + Math.floorMod(next(), high - low + 1);
  }

  /** Small values are as likely as large ones: each power of two in the range has its share. */
  long anyScale(long low, long high) {
    double bits = Math.log((double) high / low);
    double fraction = (next() >>> 11) * 0x1.0p-53;
    return Math.max(low, Math.min(high, Math.round(low * Math.exp(fraction * bits))));
  }

  boolean chance(double probability) {
    return (next() >>> 11) * 0x1.0p-53 < probability;
  }

  <T> T of(List<T> choices) {
    return choices.get(below(choices.size()));
  }
}
