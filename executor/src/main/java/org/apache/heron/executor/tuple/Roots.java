package org.apache.heron.executor.tuple;

import java.io.Serializable;

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

  /** The same roots, plus this one; if it is there already the keys are joined by XOR. */
  public Roots with(int task, long root, long extraKey) {
    if (task == spoutTask && root == rootId) {
      return new Roots(task, root, key ^ extraKey, others);
    }
    int old = others == null ? 0 : others.length;
    for (int i = 0; i < old; i += 3) {
      if (others[i] == task && others[i + 1] == root) {
        long[] joined = others.clone();
        joined[i + 2] ^= extraKey;
        return new Roots(spoutTask, rootId, key, joined);
      }
    }
    long[] longer = new long[old + 3];
    if (old > 0) {
      System.arraycopy(others, 0, longer, 0, old);
    }
    longer[old] = task;
    longer[old + 1] = root;
    longer[old + 2] = extraKey;
    return new Roots(spoutTask, rootId, key, longer);
  }
}
