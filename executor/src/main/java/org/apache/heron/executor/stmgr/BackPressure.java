package org.apache.heron.executor.stmgr;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Who asks spouts to hold back: this container, because of queues of its own, and other containers.
 * Spouts of all containers hold back while anybody asks. Thread-safe.
 */
final class BackPressure {

  private final String self;
  private final Consumer<Boolean> broadcast;
  private final Runnable released;

  // guarded by this
  private int raisedQueues;
  private long sinceNanos;
  private long totalNanos;
  private final IdentityHashMap<Object, String> askers = new IdentityHashMap<>();

  private volatile boolean clamped;

  /**
   * Nobody asks yet.
   *
   * @param broadcast tells other containers when this one begins or ceases to ask
   * @param released called when the last one ceased
   */
  BackPressure(String self, Consumer<Boolean> broadcast, Runnable released) {
    this.self = self;
    this.broadcast = broadcast;
    this.released = released;
  }

  /** A queue of this container is too full. Order of begin and end is the order of messages. */
  synchronized void queueRaised() {
    if (raisedQueues++ == 0) {
      sinceNanos = System.nanoTime();
      clamped = true;
      broadcast.accept(true);
    }
  }

  /** A queue has room again. */
  synchronized void queueEnded() {
    if (--raisedQueues == 0) {
      totalNanos += System.nanoTime() - sinceNanos;
      broadcast.accept(false);
      update();
    }
  }

  /** Another container asks, or does not any more. */
  synchronized void peer(Object connection, String stmgrId, boolean raised) {
    if (raised) {
      askers.put(connection, stmgrId);
      clamped = true;
    } else if (askers.remove(connection) != null) {
      update();
    }
  }

  /**
   * Another container is there, on a new connection. If it has come in the place of one whose host
   * is gone, nobody else would tell for a while that this one does not ask any more.
   */
  synchronized void connected(Object connection, String stmgrId) {
    boolean stale =
        askers
            .entrySet()
            .removeIf(
                asker -> asker.getValue().equals(stmgrId) && !asker.getKey().equals(connection));
    if (stale) {
      update();
    }
  }

  private void update() {
    clamped = raisedQueues > 0 || !askers.isEmpty();
    if (!clamped) {
      released.run();
    }
  }

  /** Whether anybody asks. */
  boolean clamped() {
    return clamped;
  }

  /** Whether this container asks. */
  synchronized boolean ownRaised() {
    return raisedQueues > 0;
  }

  /** Passes on whether this container asks; no change of that can overtake the listener. */
  synchronized void tell(Consumer<Boolean> listener) {
    listener.accept(raisedQueues > 0);
  }

  /** Everybody who asks. */
  synchronized List<String> askers() {
    List<String> all = new ArrayList<>(askers.values());
    if (raisedQueues > 0) {
      all.add(self);
    }
    all.sort(null);
    return all;
  }

  /** For how long this container asked, in total. */
  synchronized long totalMillis() {
    long running = raisedQueues > 0 ? System.nanoTime() - sinceNanos : 0;
    return TimeUnit.NANOSECONDS.toMillis(totalNanos + running);
  }
}
