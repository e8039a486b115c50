package org.apache.heron.executor.acking;

import java.util.Arrays;

/**
 * What happened in the trees of one spout task: acks, each a root and the value to XOR into it, and
 * failed roots. Not thread-safe.
 */
public final class AckUpdates {

  private static final int INITIAL = 64;

  private long[] acks = new long[INITIAL * 2];
  private int ackCount;
  private long[] fails = new long[0];
  private int failCount;

  /** Notes an ack. */
  public void ack(long root, long value) {
    if (ackCount * 2 == acks.length) {
      acks = Arrays.copyOf(acks, acks.length * 2);
    }
    acks[ackCount * 2] = root;
    acks[ackCount * 2 + 1] = value;
    ackCount++;
  }

  /** Notes a failure. */
  public void fail(long root) {
    if (failCount == fails.length) {
      fails = Arrays.copyOf(fails, Math.max(16, fails.length * 2));
    }
    fails[failCount++] = root;
  }

  /** Number of acks. */
  public int ackCount() {
    return ackCount;
  }

  /** Root of ack {@code i}. */
  public long ackRoot(int i) {
    return acks[i * 2];
  }

  /** Value of ack {@code i}. */
  public long ackValue(int i) {
    return acks[i * 2 + 1];
  }

  /** Number of failed roots. */
  public int failCount() {
    return failCount;
  }

  /** Failed root {@code i}. */
  public long failedRoot(int i) {
    return fails[i];
  }

  /** Acks and failures together. */
  public int size() {
    return ackCount + failCount;
  }

  /** Forgets everything. */
  public void clear() {
    ackCount = 0;
    failCount = 0;
  }
}
