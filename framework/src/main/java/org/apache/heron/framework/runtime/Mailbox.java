package org.apache.heron.framework.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the runtime's thread. What comes from outside is bounded: who puts it waits, so
 * that a flood of events stays in the master's connection. What the runtime has brought about
 * itself (alarms, finished writes) is few by nature, never waits and goes first. Thread-safe.
 */
final class Mailbox<M> {
  private final int limit;
  private final Deque<M> own = new ArrayDeque<>();
  private final Deque<M> outside = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition drained = lock.newCondition();
  private boolean closed;

  Mailbox(int limit) {
    this.limit = limit;
  }

  /** Puts a message of our own making. */
  void putOwn(M message) {
    lock.lock();
    try {
      if (!closed) {
        own.add(message);
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
      while (outside.size() >= limit && !closed) {
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
      return outside.size() < limit && accept(message);
    } finally {
      lock.unlock();
    }
  }

  private boolean accept(M message) {
    if (!closed) {
      outside.add(message);
      filled.signal();
    }
    return !closed;
  }

  /** Takes the next message, waiting for one; empty when the mailbox is closed. */
  Optional<M> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (own.isEmpty() && outside.isEmpty() && !closed) {
        // The time limit only guards against a lost signal.
        filled.await(10, TimeUnit.SECONDS);
      }
      if (closed) {
        return Optional.empty();
      }
      M message = own.isEmpty() ? outside.remove() : own.remove();
      drained.signal();
      return Optional.of(message);
    } finally {
      lock.unlock();
    }
  }

  /** How many messages wait. */
  int size() {
    lock.lock();
    try {
      return own.size() + outside.size();
    } finally {
      lock.unlock();
    }
  }

  /** Drops everything, and lets everyone go who waits. */
  void close() {
    lock.lock();
    try {
      closed = true;
      own.clear();
      outside.clear();
      filled.signalAll();
      drained.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
