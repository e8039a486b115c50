package org.apache.heron.framework.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What waits for the runtime's thread, in three lanes. What comes from outside is bounded: who puts
 * it waits, so that a flood of events stays in the master's connection. What the runtime has
 * brought about itself is few by nature, never waits, and goes first. Thread-safe.
 */
final class Mailbox<M> {
  /** Who goes first, in this order. */
  enum Lane {
    /** What ends a wait: finished writes, and news of whether this process may act. */
    URGENT,
    /** What else the runtime has brought about: alarms. */
    OWN,
    /** What others send: the master's events, users' commands. Bounded. */
    OUTSIDE
  }

  private static final long GUARD_MILLIS = 10_000;
  private static final long LOOK_MILLIS = 10;

  private final int limit;
  private final Map<Lane, Deque<M>> lanes = new EnumMap<>(Lane.class);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition drained = lock.newCondition();
  private boolean closed;

  /**
   * @param limit of messages from outside
   */
  Mailbox(int limit) {
    this.limit = limit;
    for (Lane lane : Lane.values()) {
      lanes.put(lane, new ArrayDeque<>());
    }
  }

  /** Puts a message that nothing holds back. */
  void putUrgent(M message) {
    putUnbounded(Lane.URGENT, message);
  }

  /** Puts a message of our own making. */
  void putOwn(M message) {
    putUnbounded(Lane.OWN, message);
  }

  private void putUnbounded(Lane lane, M message) {
    lock.lock();
    try {
      if (!closed) {
        lanes.get(lane).add(message);
        filled.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Puts a message from outside, waiting for room; false if the mailbox is closed. */
  boolean put(M message) {
    lock.lock();
    try {
      while (lanes.get(Lane.OUTSIDE).size() >= limit && !closed) {
        drained.awaitUninterruptibly();
      }
      return accept(message);
    } finally {
      lock.unlock();
    }
  }

  /** Puts a message from outside; false if there is no room, or the mailbox is closed. */
  boolean offer(M message) {
    lock.lock();
    try {
      return lanes.get(Lane.OUTSIDE).size() < limit && accept(message);
    } finally {
      lock.unlock();
    }
  }

  private boolean accept(M message) {
    if (!closed) {
      lanes.get(Lane.OUTSIDE).add(message);
      filled.signal();
    }
    return !closed;
  }

  /**
   * Takes the next message, waiting for one; empty when the mailbox is closed.
   *
   * @param last tells, now and then, the last lane that may be looked into; those behind it wait
   */
  Optional<M> take(Supplier<Lane> last) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Optional<Deque<M>> lane = nextLane(last.get());
      while (lane.isEmpty() && !closed) {
        // What holds a lane back may pass without a message. Otherwise the time limit only guards
        // against a lost signal.
        boolean all = last.get() == Lane.OUTSIDE;
        filled.await(all ? GUARD_MILLIS : LOOK_MILLIS, TimeUnit.MILLISECONDS);
        lane = nextLane(last.get());
      }
      if (closed) {
        return Optional.empty();
      }
      M message = lane.orElseThrow().remove();
      drained.signal();
      return Optional.of(message);
    } finally {
      lock.unlock();
    }
  }

  private Optional<Deque<M>> nextLane(Lane last) {
    return lanes.entrySet().stream()
        .filter(lane -> lane.getKey().compareTo(last) <= 0 && !lane.getValue().isEmpty())
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** How many messages wait. */
  int size() {
    lock.lock();
    try {
      return lanes.values().stream().mapToInt(Deque::size).sum();
    } finally {
      lock.unlock();
    }
  }

  /** Drops everything, and lets everyone go who waits. */
  void close() {
    lock.lock();
    try {
      closed = true;
      lanes.values().forEach(Deque::clear);
      filled.signalAll();
      drained.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
