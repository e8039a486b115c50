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
 * brought about itself is few by nature, and its bringer never waits. Thread-safe.
 */
final class Mailbox<M> {
  /** Who goes first, in this order. */
  enum Lane {
    /** What ends a wait: finished writes, and news of whether this process may act. */
    URGENT,
    /** What else the runtime has brought about: that a call was taken. */
    OWN,
    /** What others send, bounded: the master's events, users' commands. And alarms among it. */
    OUTSIDE
  }

  private static final long GUARD_MILLIS = 10_000;
  private static final long LOOK_MILLIS = 10;

  private final int limit;
  private final Map<Lane, Deque<Entry<M>>> lanes = new EnumMap<>(Lane.class);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition drained = lock.newCondition();
  private int alarms;
  private boolean closed;

  /** The last lane holds alarms, which do not count. */
  private record Entry<M>(M message, boolean alarm) {}

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

  /**
   * Puts an alarm. It waits its turn among what came from outside before it, which may be just what
   * it was set to miss, and it is not for it to hold that up.
   */
  void putAlarm(M message) {
    putUnbounded(Lane.OUTSIDE, message);
  }

  private void putUnbounded(Lane lane, M message) {
    lock.lock();
    try {
      if (!closed) {
        boolean alarm = lane == Lane.OUTSIDE;
        lanes.get(lane).add(new Entry<>(message, alarm));
        alarms += alarm ? 1 : 0;
        filled.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull() {
    return lanes.get(Lane.OUTSIDE).size() - alarms >= limit;
  }

  /** Puts a message from outside, waiting for room; false if the mailbox is closed. */
  boolean put(M message) {
    lock.lock();
    try {
      while (isFull() && !closed) {
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
      return !isFull() && accept(message);
    } finally {
      lock.unlock();
    }
  }

  private boolean accept(M message) {
    if (!closed) {
      lanes.get(Lane.OUTSIDE).add(new Entry<>(message, false));
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
      Optional<Deque<Entry<M>>> lane = nextLane(last.get());
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
      Entry<M> next = lane.orElseThrow().remove();
      alarms -= next.alarm() ? 1 : 0;
      drained.signal();
      return Optional.of(next.message());
    } finally {
      lock.unlock();
    }
  }

  private Optional<Deque<Entry<M>>> nextLane(Lane last) {
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
