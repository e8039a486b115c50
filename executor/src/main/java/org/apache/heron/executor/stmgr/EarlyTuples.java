package org.apache.heron.executor.stmgr;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.heron.executor.delivery.Batch;

/**
 * Tuples for instances that this container does not have yet: their sender got the plan sooner.
 * Bounded by the senders' credit and by bytes. Guarded by its own monitor, which callers hold while
 * they decide.
 */
final class EarlyTuples {

  private static final int MAX_BYTES = 16 * 1024 * 1024;

  /**
   * Tuples that wait for a plan.
   *
   * @param untilNanos for how long, as System.nanoTime
   */
  record Early(int task, int tag, Batch.Encoded batch, long untilNanos) {}

  private final List<Early> waiting = new ArrayList<>();
  private long bytes;

  /** Keeps them; false if there is no room. */
  boolean keep(Early early) {
    if (bytes + early.batch().length() > MAX_BYTES) {
      return false;
    }
    waiting.add(early);
    bytes += early.batch().length();
    return true;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Takes all, in the order in which they came. */
  List<Early> takeAll() {
    List<Early> all = List.copyOf(waiting);
    waiting.clear();
    bytes = 0;
    return all;
  }

  /** Takes those that have waited long enough. */
  List<Early> takeExpired(long nowNanos) {
    List<Early> old = new ArrayList<>();
    for (Iterator<Early> all = waiting.iterator(); all.hasNext(); ) {
      Early early = all.next();
      if (early.untilNanos() - nowNanos < 0) {
        old.add(early);
        bytes -= early.batch().length();
        all.remove();
      }
    }
    return old;
  }
}
