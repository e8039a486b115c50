package org.apache.heron.framework.history;

import java.util.ArrayList;
import java.util.List;

/**
 * The latest things that have happened, oldest first. Immutable. Bounded in number and in bytes, so
 * that 10,000 containers' histories fit into the scheduler's memory and into ZooKeeper: what is
 * older is only counted.
 *
 * @param forgotten how many earlier ones are no longer here
 */
public record History(long forgotten, List<Happening> happenings) {
  /** Nothing has happened. */
  public static final History NONE = new History(0, List.of());

  /** Copies the list. */
  public History {
    happenings = List.copyOf(happenings);
  }

  /** How much is kept. */
  public enum Bounds {
    /** Of one container: about five attempts, in at most 2 KiB. */
    CONTAINER(16, 2 * 1024),
    /** Of the framework. */
    FRAMEWORK(64, 16 * 1024);

    private final int most;
    private final int bytes;

    Bounds(int most, int bytes) {
      this.most = most;
      this.bytes = bytes;
    }

    /** At most so many happenings are kept. */
    public int most() {
      return most;
    }

    /** At most so many bytes are kept. */
    public int bytes() {
      return bytes;
    }
  }

  /** This with one more; the oldest go if it gets too much. */
  public History with(Happening next, Bounds bounds) {
    List<Happening> all = new ArrayList<>(happenings);
    all.add(next);
    int bytes = all.stream().mapToInt(Happening::bytes).sum();
    int from = 0;
    while (all.size() - from > bounds.most() || bytes > bounds.bytes()) {
      bytes -= all.get(from).bytes();
      from++;
    }
    return new History(forgotten + from, all.subList(from, all.size()));
  }

  /** True if nothing is on record. */
  public boolean isEmpty() {
    return forgotten == 0 && happenings.isEmpty();
  }
}
