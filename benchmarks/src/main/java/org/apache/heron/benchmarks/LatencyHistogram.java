package org.apache.heron.benchmarks;

/**
 * Counts latencies in buckets that are about six per cent wide. Written by one thread; readers may
 * see counts a moment old.
 */
final class LatencyHistogram {

  /** Buckets for each power of two of microseconds. */
  private static final int STEPS = 16;

  private static final int BUCKETS = 40 * STEPS;

  private long[] counts = new long[BUCKETS];

  void add(long nanos) {
    counts[bucket(Math.max(1, nanos / 1000))]++;
  }

  private static int bucket(long micros) {
    int power = 63 - Long.numberOfLeadingZeros(micros);
    long rest = micros - (1L << power);
    return Math.min(BUCKETS - 1, power * STEPS + (int) ((rest * STEPS) >> power));
  }

  /** The middle of a bucket. */
  private static double micros(int bucket) {
    int power = bucket / STEPS;
    return (1L << power) * (1 + (bucket % STEPS + 0.5) / STEPS);
  }

  /** The counts themselves, to be sent to another process. */
  long[] counts() {
    return counts.clone();
  }

  void addAll(long[] others) {
    for (int i = 0; i < BUCKETS; i++) {
      counts[i] += others[i];
    }
  }

  void reset() {
    counts = new long[BUCKETS];
  }

  long count() {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }

  double meanMillis() {
    double sum = 0;
    for (int i = 0; i < BUCKETS; i++) {
      sum += counts[i] * micros(i);
    }
    return sum / count() / 1000;
  }

  double percentileMillis(double percent) {
    double rank = count() * percent / 100;
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return micros(i) / 1000;
      }
    }
    return 0;
  }
}
