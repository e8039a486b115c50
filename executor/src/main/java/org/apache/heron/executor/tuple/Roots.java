package org.apache.heron.executor.tuple;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The spouts' tuples from which a tuple stems, each with the key that this tuple has in that root's
 * tree. Immutable. One root, by far the commonest case, needs no array.
 */
public final class Roots implements Serializable {

  private static final long serialVersionUID = 1L;

  private final int spoutTask;
  private final long rootId;
  private final long key;
  private final long[] others;

  private Roots(int spoutTask, long rootId, long key, long[] others) {
    this.spoutTask = spoutTask;
    this.rootId = rootId;
    this.key = key;
    this.others = others;
  }

  /** A single root. */
  public static Roots of(int spoutTask, long rootId, long key) {
    return new Roots(spoutTask, rootId, key, null);
  }

  /** Number of roots, at least one. */
  public int count() {
    return others == null ? 1 : 1 + others.length / 3;
  }

  /** The task whose spout emitted root {@code i}. */
  public int spoutTask(int i) {
    return i == 0 ? spoutTask : (int) others[(i - 1) * 3];
  }

  /** Root {@code i}. */
  public long rootId(int i) {
    return i == 0 ? rootId : others[(i - 1) * 3 + 1];
  }

  /** The tuple's key in the tree of root {@code i}. */
  public long key(int i) {
    return i == 0 ? key : others[(i - 1) * 3 + 2];
  }

  /**
   * Collects roots. A window's result stems from all of its tuples, so there may be many; a root
   * that comes again has its keys joined by XOR. Not thread-safe; can be used again after {@link
   * #build}.
   */
  public static final class Builder {
    /** So few are faster looked through than hashed. */
    private static final int FEW = 8;

    private static final int LEAST = 3 * FEW;

    /** Task, root and key of each. */
    private long[] triples = new long[LEAST];

    /** From a root's hash, or the next free place behind it, to its number from 1; 0 is none. */
    private int[] places = new int[0];

    private int count;

    /** Adds a root. */
    public void add(int task, long root, long key) {
      int found = count <= FEW ? search(task, root) : places[place(task, root)] - 1;
      if (found >= 0) {
        triples[3 * found + 2] ^= key;
        return;
      }
      if (3 * count == triples.length) {
        triples = Arrays.copyOf(triples, Math.multiplyExact(2, triples.length));
      }
      triples[3 * count] = task;
      triples[3 * count + 1] = root;
      triples[3 * count + 2] = key;
      count++;
      if (count > FEW) {
        index();
      }
    }

    private int search(int task, long root) {
      for (int i = 0; i < count; i++) {
        if (triples[3 * i] == task && triples[3 * i + 1] == root) {
          return i;
        }
      }
      return -1;
    }

    /** Keeps at least half of the places free. */
    private void index() {
      if (2 * count <= places.length && count > FEW + 1) {
        places[place((int) triples[3 * count - 3], triples[3 * count - 2])] = count;
        return;
      }
      places = new int[Math.max(64, Integer.highestOneBit(count) * 8)];
      for (int i = 0; i < count; i++) {
        places[place((int) triples[3 * i], triples[3 * i + 1])] = i + 1;
      }
    }

    /** Where that root is, or would be. */
    private int place(int task, long root) {
      long hash = (root * 31 + task) * 0x9E3779B97F4A7C15L;
      int place = (int) (hash >>> 33) & (places.length - 1);
      while (places[place] != 0) {
        int at = 3 * (places[place] - 1);
        if (triples[at] == task && triples[at + 1] == root) {
          return place;
        }
        place = (place + 1) & (places.length - 1);
      }
      return place;
    }

    /** What was added since the last time, which is forgotten; null if nothing was. */
    public Roots build() {
      if (count == 0) {
        return null;
      }
      long[] rest = count == 1 ? null : Arrays.copyOfRange(triples, 3, 3 * count);
      Roots roots = new Roots((int) triples[0], triples[1], triples[2], rest);
      clear();
      return roots;
    }

    /** Forgets what was added. */
    public void clear() {
      count = 0;
      if (triples.length > LEAST) {
        triples = new long[LEAST];
        places = new int[0];
      }
    }
  }
}
